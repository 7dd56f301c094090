// Filtering pictures with one small kernel: x [N·C,H,W], w [R,S] to y [N·C,rows,columns].
//   y[p,q] = (Σ_r Σ_s x[p stride + r dilation − pad, q stride + s dilation − pad] w[r,s]) / divisor + bias
// What lies beyond the edge is 0, a mirrored or the outermost pixel; pixels of y without a window keep x's value.
//
// An invocation computes one pixel. In place a pixel reads what was written before it, so that there one invocation goes
// through a whole picture, in the order of the scan.
// Tied to engine/ops/filter.h by tests/shaders, "kernel filter".

struct Sizes {
  maps: i32,
  H: i32, W: i32,
  R: i32, S: i32,
  P: i32, Q: i32,           // windows
  rows: i32, columns: i32,  // of y
  top: i32, left: i32,      // the pixel of y that gets the result of the first window
  stride: i32, pad: i32, dilation: i32,
  padding: u32,             // 0 zeros, 1 mirrored, 2 the outermost pixel
  scan: u32,                // in place: 0 rows, 1 rows backward, 2 columns, 3 columns backward
  rules: u32,               // 1 flip + 2 divided + 4 shifted + 8 rounded + 16 in place
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> w: array<f32>;
@group(0) @binding(4) var<storage, read> divisor: array<f32>;
@group(0) @binding(5) var<storage, read> bias: array<f32>;

fn has(rule: u32) -> bool { return (sizes.rules & rule) != 0u; }

fn has_window(h: i32, v: i32) -> bool {
  return h >= sizes.top && h < sizes.top + sizes.P && v >= sizes.left && v < sizes.left + sizes.Q;
}

// How early in the scan pixel (h,v) is: smaller is earlier.
fn rank(h: i32, v: i32) -> i32 {
  let place = select(h * sizes.columns + v, v * sizes.rows + h, sizes.scan >= 2u);
  return select(place, -place, (sizes.scan & 1u) == 1u);
}

// The pixel of a line that stands for position `at`; −1: a zero.
fn padded_position(at: i32, size: i32) -> i32 {
  if (at >= 0 && at < size) { return at; }
  if (sizes.padding == 0u) { return -1; }
  if (sizes.padding == 2u) { return clamp(at, 0, size - 1); }
  return select(2 * (size - 1) - at, -at, at < 0);
}

fn pixel_of_input(map: i32, h: i32, v: i32, now: i32) -> f32 {
  if (h < 0 || v < 0) { return 0.0; }
  let at = (map * sizes.H + h) * sizes.W + v;
  if (has(16u) && has_window(h, v) && rank(h, v) < now) { return y[at]; }
  return x[at];
}

fn filter_pixel(map: i32, h: i32, v: i32) {
  let at = (map * sizes.rows + h) * sizes.columns + v;
  if (!has_window(h, v)) {
    y[at] = x[at];
    return;
  }
  var sum = 0.0;
  for (var r = 0; r < sizes.R; r++) {
    for (var s = 0; s < sizes.S; s++) {
      let from_h = padded_position((h - sizes.top) * sizes.stride + r * sizes.dilation - sizes.pad, sizes.H);
      let from_v = padded_position((v - sizes.left) * sizes.stride + s * sizes.dilation - sizes.pad, sizes.W);
      let k = r * sizes.S + s;
      sum += pixel_of_input(map, from_h, from_v, rank(h, v)) * w[select(k, sizes.R * sizes.S - 1 - k, has(1u))];
    }
  }
  if (has(2u)) { sum = quotient(sum, divisor[0]); }
  if (has(4u)) { sum += bias[0]; }
  y[at] = select(sum, floor(sum + 0.5), has(8u));
}

@compute @workgroup_size(kGroup)
fn filter_picture(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = i32(index_of(id, groups));
  let area = sizes.rows * sizes.columns;
  if (!has(16u)) {
    if (i < sizes.maps * area) { filter_pixel(i / area, i % area / sizes.columns, i % sizes.columns); }
    return;
  }
  if (i >= sizes.maps) { return; }
  for (var n = 0; n < area; n++) {
    let at = select(n, area - 1 - n, (sizes.scan & 1u) == 1u);
    if (sizes.scan >= 2u) {
      filter_pixel(i, at % sizes.rows, at / sizes.rows);
    } else {
      filter_pixel(i, at / sizes.columns, at % sizes.columns);
    }
  }
}
