// Softmax, softmax with cross-entropy, and their gradients: z, p [N,C], labels and losses [N], a label is a class number.
//
// The maximum of a row is subtracted first, so that e^z cannot overflow; -ln p of the label is ln(sum) − (z[label] − max),
// which stays finite where p is rounded to 0.
// Tied to engine/ops/softmax.h and softmax_cross_entropy.h by tests/shaders.

struct Sizes {
  rows: u32,     // N
  classes: u32,  // C
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@group(0) @binding(2) var<storage, read> z: array<f32>;       // backwards: the probabilities
@group(0) @binding(3) var<storage, read> labels: array<f32>;  // softmax_grad: dy
@group(0) @binding(4) var<storage, read_write> p: array<f32>;
@group(0) @binding(4) var<storage, read> dl: array<f32>;

// x: the largest of the row, y: sum of e^(z − largest).
fn largest_and_sum(row: u32) -> vec2f {
  var largest = z[row];
  for (var j = 1u; j < sizes.classes; j++) { largest = max(largest, z[row + j]); }
  var sum = 0.0;
  for (var j = 0u; j < sizes.classes; j++) { sum += exp(z[row + j] - largest); }
  return vec2f(largest, sum);
}

@compute @workgroup_size(kGroup)
fn softmax(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = index_of(id, groups);
  if (n >= sizes.rows) { return; }
  let row = n * sizes.classes;
  let found = largest_and_sum(row);
  for (var j = 0u; j < sizes.classes; j++) { result[row + j] = exp(z[row + j] - found.x) / found.y; }
}

// dz[i] = p[i] (dy[i] − sum over j of dy[j] p[j])
@compute @workgroup_size(kGroup)
fn softmax_grad(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = index_of(id, groups);
  if (n >= sizes.rows) { return; }
  let row = n * sizes.classes;
  var inner = 0.0;
  for (var j = 0u; j < sizes.classes; j++) { inner += labels[row + j] * z[row + j]; }
  for (var j = 0u; j < sizes.classes; j++) { result[row + j] = z[row + j] * (labels[row + j] - inner); }
}

@compute @workgroup_size(kGroup)
fn softmax_cross_entropy(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = index_of(id, groups);
  if (n >= sizes.rows) { return; }
  let row = n * sizes.classes;
  let found = largest_and_sum(row);
  for (var j = 0u; j < sizes.classes; j++) { p[row + j] = exp(z[row + j] - found.x) / found.y; }
  result[n] = log_of(found.y) - (z[row + u32(labels[n])] - found.x);
}

// dz[n,i] = (p[n,i] − (i is the label)) dl[n]
@compute @workgroup_size(kGroup)
fn softmax_cross_entropy_grad(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.rows * sizes.classes) { return; }
  let n = i / sizes.classes;
  result[i] = (z[i] - select(0.0, 1.0, u32(labels[n]) == i % sizes.classes)) * dl[n];
}
