// Operands of convolution as a product of matrices that are never made:
//   y[n,k,p,q] = sum over c,r,s of x[n, c, p·stride + r·dilation − pad, q·stride + s·dilation − pad] · w[k,c,r,s]
//
// Row m is the kernel k, column n the position (n,p,q), term k the weight (c,r,s); outside of the picture x is 0.
// Shapes: x [N,C,H,W], w [K,C,R,S], y [N,K,P,Q].
// Tied to engine/ops/conv2d.h by tests/shaders, "conv2d".

struct Sizes {
  M: i32, N: i32, K: i32,
  slice: i32,
  C: i32, H: i32, W: i32,
  R: i32, S: i32,
  P: i32, Q: i32,
  stride: i32, pad: i32, dilation: i32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> w: array<f32>;

alias Row = i32;       // where the kernel begins
alias Column = vec3i;  // where the sample begins; row and column of the window's corner
alias Term = vec4i;    // the weight within its kernel; where the channel begins; row and column within the window

fn row_at(m: i32) -> Row { return m * sizes.K; }

fn column_at(n: i32) -> Column {
  let area = sizes.P * sizes.Q;
  let position = n % area;
  return vec3i(n / area * sizes.C * sizes.H * sizes.W, position / sizes.Q * sizes.stride - sizes.pad,
               position % sizes.Q * sizes.stride - sizes.pad);
}

fn term_at(k: i32) -> Term {
  let area = sizes.R * sizes.S;
  let position = k % area;
  return vec4i(k, k / area * sizes.H * sizes.W, position / sizes.S * sizes.dilation, position % sizes.S * sizes.dilation);
}

fn load_a(row: Row, term: Term) -> f32 { return w[row + term.x]; }

fn load_b(column: Column, term: Term) -> f32 {
  let at = column.yz + term.zw;
  if (any(at < vec2i(0)) || at.x >= sizes.H || at.y >= sizes.W) { return 0.0; }
  return x[column.x + term.y + at.x * sizes.W + at.y];
}

fn store(m: i32, n: i32, slice: i32, sum: f32) {
  let area = sizes.P * sizes.Q;
  y[(n / area * sizes.M + m) * area + n % area] = sum;
}
