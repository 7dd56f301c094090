// The gradient of convolution to its input, second half: what arrives at a pixel from all windows that it is in,
//   dx[n,c,h,w] = sum over r,s of sent[(c,r,s),(n,p,q)] with p·stride = h + pad − r·dilation, q alike, where there is such a p, q
// Shapes: sent [C·R·S,N·P·Q] of conv2d_input_grad.wgsl, dx [N,C,H,W].
// Tied to engine/ops/conv2d.h by tests/shaders, "conv2d input gradient".

@group(0) @binding(1) var<storage, read_write> dx: array<f32>;
@group(0) @binding(2) var<storage, read> sent: array<f32>;

// Which position of `count` lies `reach` pixels from the first; -1: none.
fn position_at(reach: i32, count: i32) -> i32 {
  let at = reach / sizes.stride;
  return select(-1, at, reach >= 0 && at * sizes.stride == reach && at < count);
}

@compute @workgroup_size(kGroup)
fn collect(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = i32(index_of(id, groups));
  let area = sizes.P * sizes.Q;
  let map = i / (sizes.H * sizes.W);
  let n = map / sizes.C;
  if (n * area >= sizes.N) { return; }
  let h = i / sizes.W % sizes.H + sizes.pad;
  let w = i % sizes.W + sizes.pad;
  var weight = map % sizes.C * sizes.R * sizes.S;
  var sum = 0.0;
  for (var r = 0; r < sizes.R; r++) {
    let p = position_at(h - r * sizes.dilation, sizes.P);
    for (var s = 0; s < sizes.S; s++) {
      let q = position_at(w - s * sizes.dilation, sizes.Q);
      if (p >= 0 && q >= 0) { sum += sent[weight * sizes.N + n * area + p * sizes.Q + q]; }
      weight++;
    }
  }
  dx[i] = sum;
}
