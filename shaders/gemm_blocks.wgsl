// Blocks for gemm_large.wgsl, number by number: four terms from k on, which is before `end`, of four rows of A or four columns of
// B. Terms from `end` on are 0; beyond the edge stands the last row or column.
// Requires: row_at, column_at, term_at, next_term, load_a and load_b of an operand file.

fn block_a(m: i32, k: i32, end: i32) -> mat4x4f {
  let last = sizes.M - 1;
  let row0 = row_at(min(m, last));
  let row1 = row_at(min(m + 1, last));
  let row2 = row_at(min(m + 2, last));
  let row3 = row_at(min(m + 3, last));
  let term0 = term_at(k);
  let term1 = next_term(term0);
  let term2 = next_term(term1);
  let term3 = next_term(term2);
  return mat4x4f(
      vec4f(load_a(row0, term0), load_a(row1, term0), load_a(row2, term0), load_a(row3, term0)),
      select(vec4f(), vec4f(load_a(row0, term1), load_a(row1, term1), load_a(row2, term1), load_a(row3, term1)), k + 1 < end),
      select(vec4f(), vec4f(load_a(row0, term2), load_a(row1, term2), load_a(row2, term2), load_a(row3, term2)), k + 2 < end),
      select(vec4f(), vec4f(load_a(row0, term3), load_a(row1, term3), load_a(row2, term3), load_a(row3, term3)), k + 3 < end));
}

fn block_b(n: i32, k: i32, end: i32) -> mat4x4f {
  let last = sizes.N - 1;
  let column0 = column_at(min(n, last));
  let column1 = column_at(min(n + 1, last));
  let column2 = column_at(min(n + 2, last));
  let column3 = column_at(min(n + 3, last));
  let term0 = term_at(k);
  let term1 = next_term(term0);
  let term2 = next_term(term1);
  let term3 = next_term(term2);
  return mat4x4f(
      vec4f(load_b(column0, term0), load_b(column1, term0), load_b(column2, term0), load_b(column3, term0)),
      select(vec4f(), vec4f(load_b(column0, term1), load_b(column1, term1), load_b(column2, term1), load_b(column3, term1)), k + 1 < end),
      select(vec4f(), vec4f(load_b(column0, term2), load_b(column1, term2), load_b(column2, term2), load_b(column3, term2)), k + 2 < end),
      select(vec4f(), vec4f(load_b(column0, term3), load_b(column1, term3), load_b(column2, term3), load_b(column3, term3)), k + 3 < end));
}
