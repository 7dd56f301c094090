// A product of matrices whose every invocation computes 8 x 8 numbers by itself, in registers.
//
// Of each term it loads 8 numbers of A and 8 of B and multiplies each with each: 16 loads for 64 products. Nothing is
// shared, so that no invocation waits for another: on an adapter in software, where barriers cost most, it is the faster
// body by far. Rows and columns beyond the edge are clamped to the last one, computed, and not stored.
// Requires: row_at, column_at, term_at, next_term, load_a, load_b and store of an operand file.

const kTile = 8;
const kApart = 4;  // from the columns of the left four to those of the right

@compute @workgroup_size(64)
fn registers(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let columns = (sizes.N + kTile - 1) / kTile;
  let m = i32(id.x) / columns * kTile;
  let n = i32(id.x) % columns * kTile;
  if (m >= sizes.M) { return; }
  let bottom = sizes.M - 1;
  let right = sizes.N - 1;
  let row0 = row_at(m);
  let row1 = row_at(min(m + 1, bottom));
  let row2 = row_at(min(m + 2, bottom));
  let row3 = row_at(min(m + 3, bottom));
  let row4 = row_at(min(m + 4, bottom));
  let row5 = row_at(min(m + 5, bottom));
  let row6 = row_at(min(m + 6, bottom));
  let row7 = row_at(min(m + 7, bottom));
  let column0 = column_at(n);
  let column1 = column_at(min(n + 1, right));
  let column2 = column_at(min(n + 2, right));
  let column3 = column_at(min(n + 3, right));
  let column4 = column_at(min(n + 4, right));
  let column5 = column_at(min(n + 5, right));
  let column6 = column_at(min(n + 6, right));
  let column7 = column_at(min(n + 7, right));

  // Row i of the tile: its left four sums and its right four.
  var left0 = vec4f(); var right0 = vec4f();
  var left1 = vec4f(); var right1 = vec4f();
  var left2 = vec4f(); var right2 = vec4f();
  var left3 = vec4f(); var right3 = vec4f();
  var left4 = vec4f(); var right4 = vec4f();
  var left5 = vec4f(); var right5 = vec4f();
  var left6 = vec4f(); var right6 = vec4f();
  var left7 = vec4f(); var right7 = vec4f();
  let first = i32(group.z) * sizes.slice;
  let end = min(first + sizes.slice, sizes.K);
  var term = term_at(first);
  for (var k = first; k < end; k++) {
    let b0 = vec4f(load_b(column0, term), load_b(column1, term), load_b(column2, term), load_b(column3, term));
    let b1 = vec4f(load_b(column4, term), load_b(column5, term), load_b(column6, term), load_b(column7, term));
    let a0 = load_a(row0, term); left0 += a0 * b0; right0 += a0 * b1;
    let a1 = load_a(row1, term); left1 += a1 * b0; right1 += a1 * b1;
    let a2 = load_a(row2, term); left2 += a2 * b0; right2 += a2 * b1;
    let a3 = load_a(row3, term); left3 += a3 * b0; right3 += a3 * b1;
    let a4 = load_a(row4, term); left4 += a4 * b0; right4 += a4 * b1;
    let a5 = load_a(row5, term); left5 += a5 * b0; right5 += a5 * b1;
    let a6 = load_a(row6, term); left6 += a6 * b0; right6 += a6 * b1;
    let a7 = load_a(row7, term); left7 += a7 * b0; right7 += a7 * b1;
    term = next_term(term);
  }
  let slice = i32(group.z);
  store_row(m, n, slice, left0, right0);
  store_row(m + 1, n, slice, left1, right1);
  store_row(m + 2, n, slice, left2, right2);
  store_row(m + 3, n, slice, left3, right3);
  store_row(m + 4, n, slice, left4, right4);
  store_row(m + 5, n, slice, left5, right5);
  store_row(m + 6, n, slice, left6, right6);
  store_row(m + 7, n, slice, left7, right7);
}
