// A picture with the zeros around it, so that no load of a convolution has to ask where it is.
// Shapes: x [maps,H,W], padded [maps,rows,columns] with rows = H + 2·pad, columns alike.
// Tied to engine/ops/conv2d.h by tests/shaders, "conv2d".

struct Sizes {
  count: i32,  // numbers of the padded pictures
  rows: i32, columns: i32,
  pad: i32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> padded: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;

@compute @workgroup_size(kGroup)
fn pad_pictures(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = i32(index_of(id, groups));
  if (i >= sizes.count) { return; }
  let inner = vec2i(sizes.rows, sizes.columns) - 2 * sizes.pad;
  let row = i / sizes.columns;
  let at = vec2i(row % sizes.rows, i % sizes.columns) - sizes.pad;
  var value = 0.0;
  if (all(at >= vec2i(0)) && all(at < inner)) { value = x[(row / sizes.rows * inner.x + at.x) * inner.y + at.y]; }
  padded[i] = value;
}
