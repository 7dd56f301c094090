// A product of matrices in tiles of 64 x 64 that a workgroup of 16 x 16 computes together, 4 x 4 numbers each.
//
// Sixteen terms at a time, the workgroup copies the 64 x 16 numbers of A and the 16 x 64 of B that the tile needs into its
// own memory (8 KiB), and each invocation multiplies 4 by 4 of them: device memory is read once for 64 uses. It is the
// classic scheme for GPUs; where barriers are slow gemm_registers.wgsl is faster.
// Requires: row_at, column_at, term_at, load_a, load_b and store of an operand file.

const kTerms = 16;  // terms at a time
const kFours = 16;  // vectors of four along a side of the tile

var<workgroup> tile_a: array<vec4f, 256>;  // [term][four rows]
var<workgroup> tile_b: array<vec4f, 256>;  // [term][four columns]

@compute @workgroup_size(16, 16)
fn tiled(@builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) index: u32,
         @builtin(workgroup_id) group: vec3u) {
  let bottom = sizes.M - 1;
  let right = sizes.N - 1;
  // What this invocation copies: the term `term_number` of four rows and of four columns.
  let term_number = i32(index) / kFours;
  let four = i32(index) % kFours;
  let copy_m = (i32(group.y) * kFours + four) * 4;
  let copy_n = (i32(group.x) * kFours + four) * 4;
  let row0 = row_at(min(copy_m, bottom));
  let row1 = row_at(min(copy_m + 1, bottom));
  let row2 = row_at(min(copy_m + 2, bottom));
  let row3 = row_at(min(copy_m + 3, bottom));
  let column0 = column_at(min(copy_n, right));
  let column1 = column_at(min(copy_n + 1, right));
  let column2 = column_at(min(copy_n + 2, right));
  let column3 = column_at(min(copy_n + 3, right));
  let x = i32(local.x);
  let y = i32(local.y);

  var sum0 = vec4f();
  var sum1 = vec4f();
  var sum2 = vec4f();
  var sum3 = vec4f();
  let first = i32(group.z) * sizes.slice;
  let end = min(first + sizes.slice, sizes.K);
  for (var k0 = first; k0 < end; k0 += kTerms) {
    var a4 = vec4f();  // terms beyond the end are 0
    var b4 = vec4f();
    if (k0 + term_number < end) {
      let term = term_at(k0 + term_number);
      a4 = vec4f(load_a(row0, term), load_a(row1, term), load_a(row2, term), load_a(row3, term));
      b4 = vec4f(load_b(column0, term), load_b(column1, term), load_b(column2, term), load_b(column3, term));
    }
    tile_a[index] = a4;
    tile_b[index] = b4;
    workgroupBarrier();
    for (var k = 0; k < kTerms; k++) {
      let a = tile_a[k * kFours + y];
      let b = tile_b[k * kFours + x];
      sum0 += a.x * b;
      sum1 += a.y * b;
      sum2 += a.z * b;
      sum3 += a.w * b;
    }
    workgroupBarrier();
  }
  let m = (i32(group.y) * kFours + y) * 4;
  let n = (i32(group.x) * kFours + x) * 4;
  let slice = i32(group.z);
  store_four(m, n, slice, sum0);
  store_four(m + 1, n, slice, sum1);
  store_four(m + 2, n, slice, sum2);
  store_four(m + 3, n, slice, sum3);
}

fn store_four(m: i32, n: i32, slice: i32, sums: vec4f) {
  if (m >= sizes.M) { return; }
  for (var i = 0; i < 4; i++) {
    if (n + i < sizes.N) { store(m, n + i, slice, sums[i]); }
  }
}
