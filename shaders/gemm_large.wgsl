// A product of matrices in tiles of 128 x 128 that a workgroup of 16 x 16 computes together, 8 x 8 numbers each.
//
// Sixteen terms at a time lie in the workgroup's own memory, 16 KiB. One half of the invocations fetches A, the other half B, a
// block of 4 x 4 each, and fetches the next one while the tile is multiplied: device memory is read once for 128 uses, the
// workgroup's four vectors for 64 products. An invocation's 8 rows and columns are two fours, 64 apart, so that neighbours
// read side by side; where a four of terms is written turns with the terms (`place`), so that no two of those who write
// together meet in a bank of memory.
// Requires: block_a and block_b of gemm_blocks.wgsl or matmul_fours.wgsl, and store of an operand file.

const kTerms = 16;  // terms at a time
const kApart = 64;  // from the columns of the left four to those of the right
const kFours = 32;  // vectors of four along a side of the tile

var<workgroup> tile_a: array<vec4f, 512>;  // [term][four rows]
var<workgroup> tile_b: array<vec4f, 512>;  // [term][four columns]

fn place(term: i32, four: i32) -> i32 { return term * kFours + (four ^ (term / 4 * 2)); }

@compute @workgroup_size(16, 16)
fn large(@builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) index: u32,
         @builtin(workgroup_id) group: vec3u) {
  // The block that this invocation fetches: terms from `term` on, four rows of A or columns of B.
  let of_a = index < 128;
  let term = i32(index) % 4 * 4;
  let four = i32(index) / 4 % kFours;
  let at = (select(i32(group.x), i32(group.y), of_a) * kFours + four) * 4;
  let x = i32(local.x);
  let y = i32(local.y);

  // Row i of the tile, of both its halves: its left four sums and its right four.
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
  var block = fetch(of_a, at, first + term, end);
  for (var k0 = first; k0 < end; k0 += kTerms) {
    if (of_a) {
      tile_a[place(term, four)] = block[0];
      tile_a[place(term + 1, four)] = block[1];
      tile_a[place(term + 2, four)] = block[2];
      tile_a[place(term + 3, four)] = block[3];
    } else {
      tile_b[place(term, four)] = block[0];
      tile_b[place(term + 1, four)] = block[1];
      tile_b[place(term + 2, four)] = block[2];
      tile_b[place(term + 3, four)] = block[3];
    }
    workgroupBarrier();
    block = fetch(of_a, at, k0 + kTerms + term, end);
    for (var k = 0; k < kTerms; k++) {
      let a0 = tile_a[place(k, y)];
      let a1 = tile_a[place(k, y + 16)];
      let b0 = tile_b[place(k, x)];
      let b1 = tile_b[place(k, x + 16)];
      left0 += a0.x * b0; right0 += a0.x * b1;
      left1 += a0.y * b0; right1 += a0.y * b1;
      left2 += a0.z * b0; right2 += a0.z * b1;
      left3 += a0.w * b0; right3 += a0.w * b1;
      left4 += a1.x * b0; right4 += a1.x * b1;
      left5 += a1.y * b0; right5 += a1.y * b1;
      left6 += a1.z * b0; right6 += a1.z * b1;
      left7 += a1.w * b0; right7 += a1.w * b1;
    }
    workgroupBarrier();
  }
  let m = i32(group.y) * 128 + y * 4;
  let n = i32(group.x) * 128 + x * 4;
  let slice = i32(group.z);
  store_row(m, n, slice, left0, right0);
  store_row(m + 1, n, slice, left1, right1);
  store_row(m + 2, n, slice, left2, right2);
  store_row(m + 3, n, slice, left3, right3);
  store_row(m + 64, n, slice, left4, right4);
  store_row(m + 65, n, slice, left5, right5);
  store_row(m + 66, n, slice, left6, right6);
  store_row(m + 67, n, slice, left7, right7);
}

// Vector i is the term k + i; terms from `end` on are 0.
fn fetch(of_a: bool, at: i32, k: i32, end: i32) -> mat4x4f {
  if (k >= end) { return mat4x4f(); }
  if (of_a) { return block_a(at, k, end); }
  return block_b(at, k, end);
}
