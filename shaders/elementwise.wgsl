// Arithmetic number by number. Tied to engine/ops/elementwise.h by tests/shaders.

struct Sizes { count: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;

@compute @workgroup_size(kGroup)
fn add(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = a[i] + b[i];
}

@compute @workgroup_size(kGroup)
fn subtract(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = a[i] - b[i];
}

@compute @workgroup_size(kGroup)
fn multiply(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = a[i] * b[i];
}

@compute @workgroup_size(kGroup)
fn negate(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = -a[i];
}
