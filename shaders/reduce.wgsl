// Sums over all but one axis, in two passes without barriers: x [N,C,positions] to y [C].
//
// Each of `slices` invocations of a column adds every slices-th of its numbers, next to its neighbours', and add_slices
// adds what they found: sums[slice,c] to y[c] = (sum over slices) / divisor. One column (C = 1) is the sum of all numbers.
// Tied to engine/ops/reduce.h, bias.h and norm_limit.h by tests/shaders.

struct Sizes {
  columns: u32,    // C
  positions: u32,  // of one sample and column, one after the other
  terms: u32,      // of a column: N·positions
  slices: u32,
  divisor: f32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> limit: array<f32>;
@group(0) @binding(4) var<storage, read> squares: array<f32>;

fn term(column: u32, i: u32) -> f32 {
  return x[(i / sizes.positions * sizes.columns + column) * sizes.positions + i % sizes.positions];
}

@compute @workgroup_size(kGroup)
fn column_sums(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.columns * sizes.slices) { return; }
  var sum = 0.0;
  for (var t = i % sizes.slices; t < sizes.terms; t += sizes.slices) { sum += term(i / sizes.slices, t); }
  y[i % sizes.slices * sizes.columns + i / sizes.slices] = sum;
}

@compute @workgroup_size(kGroup)
fn column_magnitudes(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.columns * sizes.slices) { return; }
  var sum = 0.0;
  for (var t = i % sizes.slices; t < sizes.terms; t += sizes.slices) { sum += abs(term(i / sizes.slices, t)); }
  y[i % sizes.slices * sizes.columns + i / sizes.slices] = sum;
}

@compute @workgroup_size(kGroup)
fn column_squares(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.columns * sizes.slices) { return; }
  var sum = 0.0;
  for (var t = i % sizes.slices; t < sizes.terms; t += sizes.slices) { sum += term(i / sizes.slices, t) * term(i / sizes.slices, t); }
  y[i % sizes.slices * sizes.columns + i / sizes.slices] = sum;
}

@compute @workgroup_size(kGroup)
fn add_slices(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let column = index_of(id, groups);
  if (column >= sizes.columns) { return; }
  var sum = 0.0;
  for (var slice = 0u; slice < sizes.slices; slice++) { sum += x[slice * sizes.columns + column]; }
  y[column] = sum / sizes.divisor;
}

// y[i] = x[i] · limit / max(limit, √(sum of squares)), whose slices are in `squares`.
@compute @workgroup_size(kGroup)
fn norm_limit(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.terms) { return; }
  var sum = 0.0;
  for (var slice = 0u; slice < sizes.slices; slice++) { sum += squares[slice]; }
  y[i] = x[i] * (limit[0] / max(limit[0], sqrt(sum)));
}
