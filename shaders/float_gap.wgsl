// y = |v − w|, v the float next to w on the way against g; by the exponent's bits, so that it is exact also where the gap is
// far below the numbers that a GPU keeps. Numbers are read and written as bits for the same reason.
// Tied to engine/ops/float_gap.h by tests/shaders, "kernel gap to the next float".

struct Sizes { count: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> y: array<u32>;
@group(0) @binding(2) var<storage, read> w: array<u32>;
@group(0) @binding(3) var<storage, read> g: array<u32>;

@compute @workgroup_size(kGroup)
fn float_gap(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  let size = w[i] & 0x7fffffffu;
  if (size >= 0x7f800000u) {  // not finite
    y[i] = 0x7fc00000u;
    return;
  }
  let g_positive = g[i] - 1u < 0x7f800000u;  // neither 0, nor NaN, nor with a sign
  let inwards = g_positive == (w[i] < 0x80000000u) && size != 0u;
  // A power of two has the smaller gap below it.
  var exponent = size >> 23u;
  if (inwards && (size & 0x7fffffu) == 0u && exponent > 1u) { exponent -= 1u; }
  if (!inwards && size == 0x7f7fffffu) {
    y[i] = 0x7f800000u;  // beyond the largest float
  } else if (exponent > 23u) {
    y[i] = (exponent - 23u) << 23u;
  } else {
    y[i] = 1u << (max(exponent, 1u) - 1u);
  }
}
