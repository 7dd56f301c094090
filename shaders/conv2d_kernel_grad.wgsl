// Operands of the gradient of convolution to its kernels:
//   dw[k,c,r,s] = sum over n,p,q of dy[n,k,p,q] · x[n, c, p·stride + r·dilation − pad, q·stride + s·dilation − pad]
//
// Row m is the kernel k, column n the weight (c,r,s), term k the position (n,p,q). There are few weights and very many
// terms, so that the sum is cut into slices, computed side by side and added by add_slices.
// Shapes: dy [N,K,P,Q], x [N,C,H,W], dw [K,C,R,S], or [slices,K,C,R,S].
// Tied to engine/ops/conv2d.h by tests/shaders, "conv2d kernel gradient".

struct Sizes {
  M: i32, N: i32, K: i32,  // K, C·R·S, N·P·Q
  slice: i32,
  C: i32, H: i32, W: i32,
  R: i32, S: i32,
  P: i32, Q: i32,
  stride: i32, pad: i32, dilation: i32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> dw: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> x: array<f32>;

alias Row = i32;       // where the map begins in a sample of dy
alias Column = vec3i;  // where the channel begins in a sample of x; r·dilation − pad and s·dilation − pad
alias Term = vec4i;    // the position in dy; where the sample begins in x; p·stride and q·stride

fn row_at(m: i32) -> Row { return m * sizes.P * sizes.Q; }

fn column_at(n: i32) -> Column {
  let area = sizes.R * sizes.S;
  let position = n % area;
  return vec3i(n / area * sizes.H * sizes.W, position / sizes.S * sizes.dilation - sizes.pad,
               position % sizes.S * sizes.dilation - sizes.pad);
}

fn term_at(k: i32) -> Term {
  let area = sizes.P * sizes.Q;
  let sample = k / area;
  let position = k % area;
  return vec4i(sample * sizes.M * area + position, sample * sizes.C * sizes.H * sizes.W, position / sizes.Q * sizes.stride,
               position % sizes.Q * sizes.stride);
}

fn load_a(row: Row, term: Term) -> f32 { return dy[row + term.x]; }

fn load_b(column: Column, term: Term) -> f32 {
  let at = column.yz + term.zw;
  if (any(at < vec2i(0)) || at.x >= sizes.H || at.y >= sizes.W) { return 0.0; }
  return x[column.x + term.y + at.x * sizes.W + at.y];
}

fn store(m: i32, n: i32, slice: i32, sum: f32) { dw[(slice * sizes.M + m) * sizes.N + n] = sum; }
