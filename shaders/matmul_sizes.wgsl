// What matmul is told, and where it writes.
// Shapes: y [M,N], or [slices,M,N] where the sum is cut into slices that another kernel adds.

struct Sizes {
  M: i32, N: i32, K: i32,
  slice: i32,  // terms of one slice
  a_row: i32, a_column: i32,
  b_row: i32, b_column: i32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

fn store(m: i32, n: i32, slice: i32, sum: f32) { y[(slice * sizes.M + m) * sizes.N + n] = sum; }
