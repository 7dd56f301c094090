// Operands of y = A B: y[m,n] = sum over k of A[m,k] B[k,n].
//
// A and B are read where they lie, transposed or not: A[m,k] = a[m a_row + k a_column], B[k,n] = b[k b_row + n b_column].
// Tied to engine/ops/matmul.h by tests/shaders, "matmul".

@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;

alias Row = i32;     // where row m of A begins
alias Column = i32;  // where column n of B begins
alias Term = vec2i;  // how far term k lies from there, in a and in b

fn row_at(m: i32) -> Row { return m * sizes.a_row; }
fn column_at(n: i32) -> Column { return n * sizes.b_column; }
fn term_at(k: i32) -> Term { return vec2i(k * sizes.a_column, k * sizes.b_row); }

fn next_term(term: Term) -> Term { return term + vec2i(sizes.a_column, sizes.b_row); }

fn load_a(row: Row, term: Term) -> f32 { return a[row + term.x]; }
fn load_b(column: Column, term: Term) -> f32 { return b[column + term.y]; }
