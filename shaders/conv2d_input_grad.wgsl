// Operands of the gradient of convolution to its input, first half: what each weight sends back from each position,
//   sent[(c,r,s),(n,p,q)] = sum over k of w[k,c,r,s] · dy[n,k,p,q]
//
// conv2d_collect.wgsl adds up what arrives at a pixel. Row m is the weight (c,r,s), column n the position (n,p,q), term k the
// kernel. A product over all weights for each pixel would multiply with the zeros around dy too, more than half at LeNet's.
// Shapes: dy [N,K,P,Q], w [K,C,R,S], sent [C·R·S,N·P·Q].
// Tied to engine/ops/conv2d.h by tests/shaders, "conv2d input gradient".

@group(0) @binding(1) var<storage, read_write> sent: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> w: array<f32>;

alias Row = i32;     // the weight within its kernel
alias Column = i32;  // the position in dy, of the first map
alias Term = vec2i;  // where the kernel begins in w; where the map begins in a sample of dy

fn row_at(m: i32) -> Row { return m; }

fn column_at(n: i32) -> Column {
  let area = sizes.P * sizes.Q;
  return n / area * sizes.K * area + n % area;
}

fn term_at(k: i32) -> Term { return vec2i(k * sizes.M, k * sizes.P * sizes.Q); }
fn next_term(term: Term) -> Term { return term + vec2i(sizes.M, sizes.P * sizes.Q); }

fn load_a(row: Row, term: Term) -> f32 { return w[row + term.x]; }
fn load_b(column: Column, term: Term) -> f32 { return dy[column + term.y]; }

fn store(m: i32, n: i32, slice: i32, sum: f32) { sent[m * sizes.N + n] = sum; }
