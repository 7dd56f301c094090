// Operands of the gradient of convolution to its input:
//   dx[n,c,h,w] = sum over k,r,s of dy[n,k,p,q] · w[k,c,r,s], with p·stride = h + pad − r·dilation, q alike
//
// Row m is the channel c, column n the pixel (n,h,w), term k the weight (k,r,s); where no p or q fits, dy is 0.
// Shapes: dy [N,K,P,Q], w [K,C,R,S], dx [N,C,H,W].
// Tied to engine/ops/conv2d.h by tests/shaders, "conv2d input gradient".

struct Sizes {
  M: i32, N: i32, K: i32,  // C, N·H·W, K·R·S
  slice: i32,
  maps: i32, H: i32, W: i32,
  R: i32, S: i32,
  P: i32, Q: i32,
  stride: i32, pad: i32, dilation: i32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> dx: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> w: array<f32>;

alias Row = i32;       // where the channel's weights begin in a kernel
alias Column = vec3i;  // where the sample begins in dy; h + pad and w + pad
alias Term = vec4i;    // the weight; where the map begins in dy; r·dilation and s·dilation

fn row_at(m: i32) -> Row { return m * sizes.R * sizes.S; }

fn column_at(n: i32) -> Column {
  let area = sizes.H * sizes.W;
  let position = n % area;
  return vec3i(n / area * sizes.maps * sizes.P * sizes.Q, position / sizes.W + sizes.pad, position % sizes.W + sizes.pad);
}

fn term_at(k: i32) -> Term {
  let area = sizes.R * sizes.S;
  let map = k / area;
  let position = k % area;
  return vec4i(map * sizes.M * area + position, map * sizes.P * sizes.Q, position / sizes.S * sizes.dilation,
               position % sizes.S * sizes.dilation);
}

fn load_a(row: Row, term: Term) -> f32 { return w[row + term.x]; }

fn load_b(column: Column, term: Term) -> f32 {
  let reach = column.yz - term.zw;
  let at = reach / sizes.stride;
  if (any(reach < vec2i(0)) || any(at * sizes.stride != reach) || at.x >= sizes.P || at.y >= sizes.Q) { return 0.0; }
  return dy[column.x + term.y + at.x * sizes.Q + at.y];
}

fn store(m: i32, n: i32, slice: i32, sum: f32) {
  let area = sizes.H * sizes.W;
  dx[(n / area * sizes.M + m) * area + n % area] = sum;
}
