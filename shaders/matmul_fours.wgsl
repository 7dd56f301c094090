// Blocks of A and B for gemm_large.wgsl where M, N and K are multiples of four: four vectors at once, along whichever side of the
// matrix its numbers lie next to each other.
// Requires: M, N, K and a slice's terms are multiples of 4; a_row or a_column is 1, b_row or b_column too.
// Tied to engine/ops/matmul.h by tests/shaders, "matmul".

@group(0) @binding(2) var<storage, read> a: array<vec4f>;
@group(0) @binding(3) var<storage, read> b: array<vec4f>;

// Where four numbers begin, and how many fours lie between one vector of the block and the next.
fn block_a(m: i32, k: i32, end: i32) -> mat4x4f {
  let row = min(m, sizes.M - 4);
  let at = (row * sizes.a_row + k * sizes.a_column) / 4;
  let stride = max(sizes.a_row, sizes.a_column) / 4;
  let block = mat4x4f(a[at], a[at + stride], a[at + 2 * stride], a[at + 3 * stride]);
  if (sizes.a_column == 1) { return transpose(block); }
  return block;
}

fn block_b(n: i32, k: i32, end: i32) -> mat4x4f {
  let column = min(n, sizes.N - 4);
  let at = (k * sizes.b_row + column * sizes.b_column) / 4;
  let stride = max(sizes.b_row, sizes.b_column) / 4;
  let block = mat4x4f(b[at], b[at + stride], b[at + 2 * stride], b[at + 3 * stride]);
  if (sizes.b_row == 1) { return transpose(block); }
  return block;
}
