// Numbers that move or spread: concat and slice along the channels, spread, scale, copy.
// Tied to engine/ops/concat.h, reduce.h and elementwise.h by tests/shaders.

struct Sizes {
  count: u32,     // of the output
  row: u32,       // numbers of one sample in the output; scale: that share a factor
  a_row: u32,     // in the first input
  begin: u32,     // slice: first number of a sample that is taken
  divisor: f32,   // spread
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;

// y[n] = a[n] followed by b[n]
@compute @workgroup_size(kGroup)
fn concat(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  let n = i / sizes.row;
  let c = i % sizes.row;
  if (c < sizes.a_row) {
    y[i] = a[n * sizes.a_row + c];
  } else {
    y[i] = b[n * (sizes.row - sizes.a_row) + c - sizes.a_row];
  }
}

// y[n,c] = a[n, begin + c]
@compute @workgroup_size(kGroup)
fn slice(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = a[i / sizes.row * sizes.a_row + sizes.begin + i % sizes.row];
}

// y[i] = a[0] / divisor
@compute @workgroup_size(kGroup)
fn spread(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = a[0] / sizes.divisor;
}

// y[n,...] = a[n] b[n,...]
@compute @workgroup_size(kGroup)
fn scale(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = a[i / sizes.row] * b[i];
}

@compute @workgroup_size(kGroup)
fn copy(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = a[i];
}
