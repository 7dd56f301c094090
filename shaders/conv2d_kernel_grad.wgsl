// Operands of the gradient of convolution to its kernels:
//   dw[k,c,r,s] = sum over n,p,q of dy[n,k,p,q] · x[n, c, p·stride + r·dilation, q·stride + s·dilation]
//
// Row m is the kernel k, column n the weight (c,r,s), term k the position (n,p,q). There are few weights and very many
// terms, so that the sum is cut into slices, computed side by side and added by add_slices. x has the padding's zeros around it already (conv2d_pad.wgsl).
// Shapes: dy [N,K,P,Q], x [N,C,H,W], dw [K,C,R,S], or [slices,K,C,R,S].
// Tied to engine/ops/conv2d.h by tests/shaders, "conv2d kernel gradient".

@group(0) @binding(1) var<storage, read_write> dw: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> x: array<f32>;

alias Row = i32;     // where the map begins in a sample of dy
alias Column = i32;  // where the weight meets the corner of the picture in x
alias Term = vec4i;  // the position in dy; how far its window is from the corner in x; row and column of the window

fn row_at(m: i32) -> Row { return m * sizes.P * sizes.Q; }

fn column_at(n: i32) -> Column {
  let area = sizes.R * sizes.S;
  let position = n % area;
  let h = n / area * sizes.H + position / sizes.S * sizes.dilation;
  return h * sizes.W + position % sizes.S * sizes.dilation;
}

fn term_at(k: i32) -> Term {
  let area = sizes.P * sizes.Q;
  let sample = k / area;
  let position = k % area;
  let h = position / sizes.Q * sizes.stride;
  let w = position % sizes.Q * sizes.stride;
  return vec4i(sample * sizes.M * area + position, (sample * sizes.C * sizes.H + h) * sizes.W + w, h, w);
}

// term_at(k + 1) from term_at(k), without dividing.
fn next_term(term: Term) -> Term {
  let ends_row = term.w == (sizes.Q - 1) * sizes.stride;
  let ends_sample = ends_row && term.z == (sizes.P - 1) * sizes.stride;
  let h = select(term.z + select(0, sizes.stride, ends_row), 0, ends_sample);
  let w = select(term.w + sizes.stride, 0, ends_row);
  let sample = term.y - term.z * sizes.W - term.w + select(0, sizes.C * sizes.H * sizes.W, ends_sample);
  return vec4i(term.x + 1 + select(0, (sizes.M - 1) * sizes.P * sizes.Q, ends_sample), sample + h * sizes.W + w, h, w);
}

fn load_a(row: Row, term: Term) -> f32 { return dy[row + term.x]; }
fn load_b(column: Column, term: Term) -> f32 { return x[column + term.y]; }

fn store(m: i32, n: i32, slice: i32, sum: f32) { dw[(slice * sizes.M + m) * sizes.N + n] = sum; }
