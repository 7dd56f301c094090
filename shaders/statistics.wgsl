// Means of chosen rows, covariance, and the small systems of a parabola with two weights. The formulas are in
// engine/ops/statistics.h, in the same order of operands; an invocation computes one number.
// Tied to it by tests/shaders.

struct Sizes {
  count: u32,    // of the output
  columns: u32,  // C
  terms: u32,    // of a sum: rows_mean B, covariance K
  rows: u32,     // rows_mean: N
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;

// y[k,c] = (Σ_b x[rows[k,b], c]) / B: operands x [N,C], rows [K,B]; a number out of range counts as the nearest within
@compute @workgroup_size(kGroup)
fn rows_mean(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  let first = i / sizes.columns * sizes.terms;
  var sum = 0.0;
  for (var t = first; t < first + sizes.terms; t++) {
    let row = u32(clamp(b[t], 0.0, f32(sizes.rows - 1u)));
    sum += a[row * sizes.columns + i % sizes.columns];
  }
  y[i] = sum / f32(sizes.terms);
}

// C[i,j] = (Σ_k (x[k,i] − m[i]) (x[k,j] − m[j])) / K: operands x [K,C], m [C]
@compute @workgroup_size(kGroup)
fn covariance(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = index_of(id, groups);
  if (at >= sizes.count) { return; }
  let i = at / sizes.columns;
  let j = at % sizes.columns;
  var sum = 0.0;
  for (var k = 0u; k < sizes.terms; k++) {
    sum += (a[k * sizes.columns + i] - b[i]) * (a[k * sizes.columns + j] - b[j]);
  }
  y[at] = sum / f32(sizes.terms);
}

// w with A w = b, by Cramer's rule: operands A [2,2], b [2]
@compute @workgroup_size(kGroup)
fn solve2(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  let top = select(a[0] * b[1] - b[0] * a[2], b[0] * a[3] - a[1] * b[1], i == 0u);
  y[i] = quotient(top, a[0] * a[3] - a[1] * a[2]);
}

// (a + d)/2 ± √(((a − d)/2)² + b²) of [[a, b], [b, d]], the greater one first
@compute @workgroup_size(kGroup)
fn eigenvalues2(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  let half = (a[0] - a[3]) / 2.0;
  let spread = root_of(half * half + a[1] * a[1]);
  y[i] = (a[0] + a[3]) / 2.0 + select(-spread, spread, i == 0u);
}

// 2 atan(|a₀b₁ − a₁b₀| / (|a||b| + a₀b₀ + a₁b₁)) in degrees
@compute @workgroup_size(kGroup)
fn angle(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  if (index_of(id, groups) >= sizes.count) { return; }
  let lengths = root_of(a[0] * a[0] + a[1] * a[1]) * root_of(b[0] * b[0] + b[1] * b[1]);
  y[0] = 2.0 * atan_of(quotient(abs(a[0] * b[1] - a[1] * b[0]), lengths + (a[0] * b[0] + a[1] * b[1]))) * 57.29577951308232;
}
