// A mini-batch from samples that lie on the GPU: pictures as the bytes they arrived in, four to a word, or rows of numbers;
// and the loss into a history.
//   x[n,...] = byte / 255, label[n] = byte, of the picture order[first + n]; or y[n,...] = rows[order[first + n],...]
// Tied to engine/data/batcher.h by tests/shaders, "training LeNet" and "training 2-8-8-1 on points".

struct Sizes {
  count: u32,    // numbers of the batch
  picture: u32,  // numbers of one picture, or of a row
  first: u32,    // of the batch in `order`; record, count_correct: of the step in the history
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(2) var<storage, read> pixels: array<u32>;
@group(0) @binding(3) var<storage, read> labels: array<u32>;
@group(0) @binding(4) var<storage, read> order: array<u32>;
@group(0) @binding(5) var<storage, read_write> label: array<f32>;
@group(0) @binding(2) var<storage, read> rows: array<f32>;
@group(0) @binding(3) var<storage, read> order_of_rows: array<u32>;
@group(0) @binding(2) var<storage, read> loss: array<f32>;
@group(0) @binding(1) var<storage, read_write> counts: array<atomic<u32>>;
@group(0) @binding(2) var<storage, read> p: array<f32>;
@group(0) @binding(3) var<storage, read> truth: array<f32>;

fn byte_of(word: u32, number: u32) -> f32 { return f32((word >> (number % 4u * 8u)) & 255u); }

@compute @workgroup_size(kGroup)
fn gather(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  let picture = order[sizes.first + i / sizes.picture];
  let pixel = picture * sizes.picture + i % sizes.picture;
  x[i] = byte_of(pixels[pixel / 4u], pixel) / 255.0;
  if (i % sizes.picture == 0u) { label[i / sizes.picture] = byte_of(labels[picture / 4u], picture); }
}

@compute @workgroup_size(kGroup)
fn gather_rows(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  x[i] = rows[order_of_rows[sizes.first + i / sizes.picture] * sizes.picture + i % sizes.picture];
}

@compute @workgroup_size(kGroup)
fn record(@builtin(global_invocation_id) id: vec3u) {
  if (id.x == 0u) { x[sizes.first] = loss[0]; }
}

// counts[first] += 1 for each of `count` samples whose first largest of `picture` probabilities is that of its label.
@compute @workgroup_size(kGroup)
fn count_correct(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = index_of(id, groups);
  if (n >= sizes.count) { return; }
  let row = n * sizes.picture;
  var best = 0u;
  for (var j = 1u; j < sizes.picture; j++) { best = select(best, j, p[row + j] > p[row + best]); }
  if (best == u32(truth[n])) { atomicAdd(&counts[sizes.first], 1u); }
}
