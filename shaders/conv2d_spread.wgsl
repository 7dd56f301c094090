// The gradient of a convolution's output among zeros, where conv2d_input_grad.wgsl expects it:
//   z[n,k,i,j] = dy[n,k,p,q] with p·stride = i + pad − (R − 1)·dilation, q alike; 0 where no p or q fits
// Shapes: dy [N,K,P,Q], z [N,K,rows,columns].

struct Sizes {
  count: i32,  // numbers of z
  rows: i32, columns: i32,
  P: i32, Q: i32,
  stride: i32,
  first_row: i32, first_column: i32,  // (R − 1)·dilation − pad, (S − 1)·dilation − pad: where dy begins
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> z: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;

@compute @workgroup_size(kGroup)
fn spread_gradient(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = i32(index_of(id, groups));
  if (i >= sizes.count) { return; }
  let row = i / sizes.columns;
  let reach = vec2i(row % sizes.rows - sizes.first_row, i % sizes.columns - sizes.first_column);
  let at = reach / sizes.stride;
  var value = 0.0;
  if (all(reach >= vec2i(0)) && all(at * sizes.stride == reach) && at.x < sizes.P && at.y < sizes.Q) {
    value = dy[(row / sizes.rows * sizes.P + at.x) * sizes.Q + at.y];
  }
  z[i] = value;
}
