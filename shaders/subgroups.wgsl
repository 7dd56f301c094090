// What a module that hands numbers from one invocation to another begins with. The loops around have the same bounds for all, but
// come from a buffer, which the compiler cannot know.

enable subgroups;
diagnostic(off, subgroup_uniformity);
