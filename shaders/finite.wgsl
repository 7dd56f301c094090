// Looks for numbers that are not finite, by their bits: compilers may assume that a comparison with NaN never happens.
// flags[number] = 1 if tensor x has any.

struct Sizes {
  count: u32,
  number: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> flags: array<u32>;
@group(0) @binding(2) var<storage, read> x: array<u32>;

@compute @workgroup_size(kGroup)
fn find(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  if ((x[i] & 0x7f800000u) == 0x7f800000u) { flags[sizes.number] = 1u; }
}
