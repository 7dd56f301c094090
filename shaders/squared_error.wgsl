// Squared error of each sample and its gradient: y, target [N,C], loss [N].
//   loss[n] = factor · sum over j of (y − target)², dy[n,j] = 2 factor (y − target) dl[n]; factor is 1/2 or 1/C
// Tied to engine/ops/squared_error.h by tests/shaders.

struct Sizes {
  rows: u32,
  columns: u32,
  factor: f32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<f32>;
@group(0) @binding(3) var<storage, read> expected: array<f32>;
@group(0) @binding(4) var<storage, read> dl: array<f32>;

@compute @workgroup_size(kGroup)
fn squared_error(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = index_of(id, groups);
  if (n >= sizes.rows) { return; }
  var sum = 0.0;
  for (var i = n * sizes.columns; i < (n + 1u) * sizes.columns; i++) {
    let error = y[i] - expected[i];
    sum += error * error;
  }
  result[n] = sizes.factor * sum;
}

@compute @workgroup_size(kGroup)
fn squared_error_grad(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.rows * sizes.columns) { return; }
  result[i] = 2.0 * sizes.factor * (y[i] - expected[i]) * dl[i / sizes.columns];
}
