// Operands of the gradient of convolution to its input, from a dy that spread_gradient has put among zeros:
//   dx[n,c,h,w] = sum over k,r,s of z[n, k, h + (R − 1 − r)·dilation, w + (S − 1 − s)·dilation] · w[k,c,r,s]
//
// Row m is the channel c, column n the pixel (n,h,w), term k the weight (k,r,s). Without the zeros each of the loads would
// have to ask whether a window starts there, which costs several times what it saves.
// Shapes: z [N,K,H + (R − 1)·dilation,W + (S − 1)·dilation], w [K,C,R,S], dx [N,C,H,W].
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
@group(0) @binding(2) var<storage, read> z: array<f32>;
@group(0) @binding(3) var<storage, read> w: array<f32>;

alias Row = i32;     // where the channel's weights begin in a kernel
alias Column = i32;  // the pixel's place in z, for the last weight of a kernel
alias Term = vec4i;  // the weight; how far its number of z is from there; its row and column counted from the end, in pixels

fn row_at(m: i32) -> Row { return m * sizes.R * sizes.S; }
fn rows() -> i32 { return sizes.H + (sizes.R - 1) * sizes.dilation; }
fn columns() -> i32 { return sizes.W + (sizes.S - 1) * sizes.dilation; }

fn column_at(n: i32) -> Column {
  let area = sizes.H * sizes.W;
  let position = n % area;
  return (n / area * sizes.maps * rows() + position / sizes.W) * columns() + position % sizes.W;
}

fn term_at(k: i32) -> Term {
  let area = sizes.R * sizes.S;
  let map = k / area;
  let position = k % area;
  let r = (sizes.R - 1 - position / sizes.S) * sizes.dilation;
  let s = (sizes.S - 1 - position % sizes.S) * sizes.dilation;
  return vec4i(map * sizes.M * area + position, (map * rows() + r) * columns() + s, r, s);
}

// term_at(k + 1) from term_at(k), without dividing.
fn next_term(term: Term) -> Term {
  let ends_row = term.w == 0;
  let ends_map = ends_row && term.z == 0;
  let r = select(term.z - select(0, sizes.dilation, ends_row), (sizes.R - 1) * sizes.dilation, ends_map);
  let s = select(term.w - sizes.dilation, (sizes.S - 1) * sizes.dilation, ends_row);
  let map = term.y - term.z * columns() - term.w + select(0, rows() * columns(), ends_map);
  return vec4i(term.x + 1 + select(0, (sizes.M - 1) * sizes.R * sizes.S, ends_map), map + r * columns() + s, r, s);
}

fn load_a(row: Row, term: Term) -> f32 { return w[row + term.x]; }
fn load_b(column: Column, term: Term) -> f32 { return z[column + term.y]; }

fn store(m: i32, n: i32, slice: i32, sum: f32) {
  let area = sizes.H * sizes.W;
  dx[(n / area * sizes.M + m) * area + n % area] = sum;
}
