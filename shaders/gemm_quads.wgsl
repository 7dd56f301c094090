// A product of matrices where four invocations side by side, a quad, compute a tile of 16 x 32 without any barrier: 16 x 8 each.
//
// Of each term an invocation loads 8 numbers of B for itself and 4 of the 16 of A, and its neighbours hand it the others: 12 loads
// for 128 products, where gemm_registers.wgsl has 16 for 64. It needs the feature `subgroups`; a quad is four invocations in
// a row, which a check against the CPU would find out otherwise.
// Requires: subgroups.wgsl before all others; row_at, column_at, term_at, next_term, load_a, load_b and store of an operand file.

const kRows = 16;
const kColumns = 32;
const kApart = 4;  // from the columns of the left four to those of the right

@compute @workgroup_size(64)
fn quads(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let lane = i32(id.x) % 4;
  let tile = i32(id.x) / 4;
  let across = (sizes.N + kColumns - 1) / kColumns;
  let m = tile / across * kRows;
  let n = tile % across * kColumns + lane * 8;
  let bottom = sizes.M - 1;
  let right = sizes.N - 1;
  let row0 = row_at(min(m + lane, bottom));
  let row1 = row_at(min(m + 4 + lane, bottom));
  let row2 = row_at(min(m + 8 + lane, bottom));
  let row3 = row_at(min(m + 12 + lane, bottom));
  let column0 = column_at(min(n, right));
  let column1 = column_at(min(n + 1, right));
  let column2 = column_at(min(n + 2, right));
  let column3 = column_at(min(n + 3, right));
  let column4 = column_at(min(n + 4, right));
  let column5 = column_at(min(n + 5, right));
  let column6 = column_at(min(n + 6, right));
  let column7 = column_at(min(n + 7, right));

  // Row i of the tile: this invocation's left four sums and its right four.
  var left0 = vec4f(); var right0 = vec4f();
  var left1 = vec4f(); var right1 = vec4f();
  var left2 = vec4f(); var right2 = vec4f();
  var left3 = vec4f(); var right3 = vec4f();
  var left4 = vec4f(); var right4 = vec4f();
  var left5 = vec4f(); var right5 = vec4f();
  var left6 = vec4f(); var right6 = vec4f();
  var left7 = vec4f(); var right7 = vec4f();
  var left8 = vec4f(); var right8 = vec4f();
  var left9 = vec4f(); var right9 = vec4f();
  var left10 = vec4f(); var right10 = vec4f();
  var left11 = vec4f(); var right11 = vec4f();
  var left12 = vec4f(); var right12 = vec4f();
  var left13 = vec4f(); var right13 = vec4f();
  var left14 = vec4f(); var right14 = vec4f();
  var left15 = vec4f(); var right15 = vec4f();
  let first = i32(group.z) * sizes.slice;
  let end = min(first + sizes.slice, sizes.K);
  var term = term_at(first);
  for (var k = first; k < end; k++) {
    let b0 = vec4f(load_b(column0, term), load_b(column1, term), load_b(column2, term), load_b(column3, term));
    let b1 = vec4f(load_b(column4, term), load_b(column5, term), load_b(column6, term), load_b(column7, term));
    let own0 = load_a(row0, term);
    let a0 = quadBroadcast(own0, 0u); left0 += a0 * b0; right0 += a0 * b1;
    let a1 = quadBroadcast(own0, 1u); left1 += a1 * b0; right1 += a1 * b1;
    let a2 = quadBroadcast(own0, 2u); left2 += a2 * b0; right2 += a2 * b1;
    let a3 = quadBroadcast(own0, 3u); left3 += a3 * b0; right3 += a3 * b1;
    let own1 = load_a(row1, term);
    let a4 = quadBroadcast(own1, 0u); left4 += a4 * b0; right4 += a4 * b1;
    let a5 = quadBroadcast(own1, 1u); left5 += a5 * b0; right5 += a5 * b1;
    let a6 = quadBroadcast(own1, 2u); left6 += a6 * b0; right6 += a6 * b1;
    let a7 = quadBroadcast(own1, 3u); left7 += a7 * b0; right7 += a7 * b1;
    let own2 = load_a(row2, term);
    let a8 = quadBroadcast(own2, 0u); left8 += a8 * b0; right8 += a8 * b1;
    let a9 = quadBroadcast(own2, 1u); left9 += a9 * b0; right9 += a9 * b1;
    let a10 = quadBroadcast(own2, 2u); left10 += a10 * b0; right10 += a10 * b1;
    let a11 = quadBroadcast(own2, 3u); left11 += a11 * b0; right11 += a11 * b1;
    let own3 = load_a(row3, term);
    let a12 = quadBroadcast(own3, 0u); left12 += a12 * b0; right12 += a12 * b1;
    let a13 = quadBroadcast(own3, 1u); left13 += a13 * b0; right13 += a13 * b1;
    let a14 = quadBroadcast(own3, 2u); left14 += a14 * b0; right14 += a14 * b1;
    let a15 = quadBroadcast(own3, 3u); left15 += a15 * b0; right15 += a15 * b1;
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
  store_row(m + 8, n, slice, left8, right8);
  store_row(m + 9, n, slice, left9, right9);
  store_row(m + 10, n, slice, left10, right10);
  store_row(m + 11, n, slice, left11, right11);
  store_row(m + 12, n, slice, left12, right12);
  store_row(m + 13, n, slice, left13, right13);
  store_row(m + 14, n, slice, left14, right14);
  store_row(m + 15, n, slice, left15, right15);
}
