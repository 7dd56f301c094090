// Operands of convolution as a product of matrices that are never made:
//   y[n,k,p,q] = sum over c,r,s of x[n, c, p·stride + r·dilation, q·stride + s·dilation] · w[k,c,r,s]
//
// Row m is the kernel k, column n the position (n,p,q), term k the weight (c,r,s). Where there is padding, x has its zeros
// around it already (conv2d_pad.wgsl).
// Shapes: x [N,C,H,W], w [K,C,R,S], y [N,K,P,Q].
// Tied to engine/ops/conv2d.h by tests/shaders, "conv2d".

@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> w: array<f32>;

alias Row = i32;     // where the kernel begins
alias Column = i32;  // where the window's corner is in x
alias Term = vec4i;  // the weight within its kernel; how far its pixel is from the corner; row and column in the window

fn row_at(m: i32) -> Row { return m * sizes.K; }

fn column_at(n: i32) -> Column {
  let area = sizes.P * sizes.Q;
  let position = n % area;
  let h = n / area * sizes.C * sizes.H + position / sizes.Q * sizes.stride;
  return h * sizes.W + position % sizes.Q * sizes.stride;
}

fn term_at(k: i32) -> Term {
  let area = sizes.R * sizes.S;
  let position = k % area;
  let r = position / sizes.S * sizes.dilation;
  let s = position % sizes.S * sizes.dilation;
  return vec4i(k, (k / area * sizes.H + r) * sizes.W + s, r, s);
}

// term_at(k + 1) from term_at(k), without dividing.
fn next_term(term: Term) -> Term {
  let ends_row = term.w == (sizes.S - 1) * sizes.dilation;
  let ends_channel = ends_row && term.z == (sizes.R - 1) * sizes.dilation;
  let r = select(term.z + select(0, sizes.dilation, ends_row), 0, ends_channel);
  let s = select(term.w + sizes.dilation, 0, ends_row);
  let channel = term.y - term.z * sizes.W - term.w + select(0, sizes.H * sizes.W, ends_channel);
  return vec4i(term.x + 1, channel + r * sizes.W + s, r, s);
}

fn load_a(row: Row, term: Term) -> f32 { return w[row + term.x]; }
fn load_b(column: Column, term: Term) -> f32 { return x[column + term.y]; }

fn store(m: i32, n: i32, slice: i32, sum: f32) {
  let area = sizes.P * sizes.Q;
  y[(n / area * sizes.M + m) * area + n % area] = sum;
}
