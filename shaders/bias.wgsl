// y[n,c,...] = x[n,c,...] + b[c]. Shapes: x, y [N,C] or [N,C,H,W], b [C].
// Tied to engine/ops/bias.h by tests/shaders, "bias". Its gradient is column_sums in reduce.wgsl.

struct Sizes {
  count: u32,
  channels: u32,
  positions: u32,  // H·W
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;

@compute @workgroup_size(kGroup)
fn bias(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = x[i] + b[i / sizes.positions % sizes.channels];
}
