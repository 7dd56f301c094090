// Pooling of windows, and back. Shapes: x, dx [N,C,H,W], y, dy [N,C,P,Q]; `maps` counts N·C.
//
// Backwards each pixel looks for the windows that it lies in, so that no two invocations add to one number.
// Tied to engine/ops/max_pool.h and average_pool.h by tests/shaders.

struct Sizes {
  maps: i32,
  H: i32, W: i32,
  P: i32, Q: i32,
  window: i32, stride: i32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;   // average_pool_grad: dy
@group(0) @binding(3) var<storage, read> dy: array<f32>;

// Where the window of output i begins in x.
fn corner_of(i: i32) -> i32 {
  let area = sizes.P * sizes.Q;
  let p = i % area / sizes.Q;
  let q = i % sizes.Q;
  return (i / area * sizes.H + p * sizes.stride) * sizes.W + q * sizes.stride;
}

@compute @workgroup_size(kGroup)
fn max_pool(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = i32(index_of(id, groups));
  if (i >= sizes.maps * sizes.P * sizes.Q) { return; }
  let corner = corner_of(i);
  var best = x[corner];
  for (var r = 0; r < sizes.window; r++) {
    for (var s = 0; s < sizes.window; s++) {
      let v = x[corner + r * sizes.W + s];
      best = select(best, v, v > best);
    }
  }
  result[i] = best;
}

@compute @workgroup_size(kGroup)
fn average_pool(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = i32(index_of(id, groups));
  if (i >= sizes.maps * sizes.P * sizes.Q) { return; }
  let corner = corner_of(i);
  var sum = 0.0;
  for (var r = 0; r < sizes.window; r++) {
    for (var s = 0; s < sizes.window; s++) { sum += x[corner + r * sizes.W + s]; }
  }
  result[i] = sum / f32(sizes.window * sizes.window);
}

// The first and the last window along one axis that hold `at`.
fn windows_of(at: i32, outputs: i32) -> vec2i {
  let first = select((at - sizes.window) / sizes.stride + 1, 0, at < sizes.window);
  return vec2i(first, min(at / sizes.stride, outputs - 1));
}

// Is x[at] the first maximum of the window that begins at `corner`?
fn won(corner: i32, at: i32) -> bool {
  var best = corner;
  for (var r = 0; r < sizes.window; r++) {
    for (var s = 0; s < sizes.window; s++) {
      let other = corner + r * sizes.W + s;
      if (x[other] > x[best]) { best = other; }
    }
  }
  return best == at;
}

@compute @workgroup_size(kGroup)
fn max_pool_grad(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = i32(index_of(id, groups));
  let area = sizes.H * sizes.W;
  if (i >= sizes.maps * area) { return; }
  let map = i / area;
  let rows = windows_of(i % area / sizes.W, sizes.P);
  let columns = windows_of(i % sizes.W, sizes.Q);
  var sum = 0.0;
  for (var p = rows.x; p <= rows.y; p++) {
    for (var q = columns.x; q <= columns.y; q++) {
      let corner = (map * sizes.H + p * sizes.stride) * sizes.W + q * sizes.stride;
      if (won(corner, i)) { sum += dy[(map * sizes.P + p) * sizes.Q + q]; }
    }
  }
  result[i] = sum;
}

// The same where windows do not overlap: an invocation writes the stride x stride pixels of one window, or of what is left
// over at the edge, and looks for the maximum once.
@compute @workgroup_size(kGroup)
fn max_pool_grad_apart(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = i32(index_of(id, groups));
  let rows = (sizes.H + sizes.stride - 1) / sizes.stride;
  let columns = (sizes.W + sizes.stride - 1) / sizes.stride;
  if (i >= sizes.maps * rows * columns) { return; }
  let q = i % columns;
  let row = i / columns;
  let p = row % rows;
  let map = row / rows;
  let corner = (map * sizes.H + p * sizes.stride) * sizes.W + q * sizes.stride;
  var best = -1;
  var gradient = 0.0;
  if (p < sizes.P && q < sizes.Q) {
    gradient = dy[(map * sizes.P + p) * sizes.Q + q];
    best = corner;
    var largest = x[corner];
    for (var r = 0; r < sizes.window; r++) {
      for (var s = 0; s < sizes.window; s++) {
        let other = corner + r * sizes.W + s;
        let v = x[other];
        best = select(best, other, v > largest);
        largest = select(largest, v, v > largest);
      }
    }
  }
  let bottom = min(sizes.stride, sizes.H - p * sizes.stride);
  let right = min(sizes.stride, sizes.W - q * sizes.stride);
  for (var r = 0; r < bottom; r++) {
    for (var s = 0; s < right; s++) {
      let at = corner + r * sizes.W + s;
      result[at] = select(0.0, gradient, at == best);
    }
  }
}

@compute @workgroup_size(kGroup)
fn average_pool_grad(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = i32(index_of(id, groups));
  let area = sizes.H * sizes.W;
  if (i >= sizes.maps * area) { return; }
  let map = i / area;
  let rows = windows_of(i % area / sizes.W, sizes.P);
  let columns = windows_of(i % sizes.W, sizes.Q);
  var sum = 0.0;
  for (var p = rows.x; p <= rows.y; p++) {
    for (var q = columns.x; q <= columns.y; q++) { sum += x[(map * sizes.P + p) * sizes.Q + q]; }
  }
  result[i] = sum / f32(sizes.window * sizes.window);
}
