// L(θ(a, b)) of a small fully connected network at all points of a plane, in one dispatch:
//   θ(a, b) = centre + (a·u + b·v), made here; layers y = f(W x + c) of up to 8 units;
//   losses[point] = mean over samples n of factor · sum over j of (y[n,j] − target[n,j])², factor 1/2 or 1/C
//
// An invocation has a point and every slices-th group of four samples; its neighbours have other points of the plane and the
// same samples, so that all they read is the same. The four samples go through a layer as columns of matrices of 4 x 4, one for
// units 0–3 and one for 4–7; what a layer lacks is zero. add_slices (reduce.wgsl) adds what the slices found.
// Tied to engine/landscape/evaluation_set.h by tests/shaders, "plane of ...".

const kMostLayers = 8u;
const kPerLayer = 5u;  // matrices: W of low units and low inputs, low and high, high and low, high and high; c in two columns
const kPerGroup = 4u;  // matrices: low and high inputs, low and high targets

struct Layer {
  wide_in: u32,   // more than 4 inputs
  wide_out: u32,  // more than 4 units
  activation: u32,
  slope: f32,
}
struct Sizes {
  points: u32,
  groups: u32,  // of four samples
  samples: u32,
  slices: u32,
  layers: u32,
  outputs: u32,
  factor: f32,
  @align(16) layer: array<Layer, kMostLayers>,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;  // [slices, points]
@group(0) @binding(2) var<storage, read> places: array<vec2f>;    // a, b
@group(0) @binding(3) var<storage, read> plane: array<mat4x4f>;   // centre, then u, then v: layer by layer
@group(0) @binding(4) var<storage, read> samples: array<mat4x4f>;

fn theta(at: u32, place: vec2f) -> mat4x4f {
  let part = sizes.layers * kPerLayer;
  return plane[at] + (place.x * plane[part + at] + place.y * plane[2u * part + at]);
}

// A loop, because compilers write a function out wherever it is called, and this one is long.
fn activated(layer: Layer, y: mat4x4f, c: vec4f) -> mat4x4f {
  var f = y;
  for (var i = 0u; i < 16u; i++) {
    f[i / 4u][i % 4u] = activation_of(layer.activation, layer.slope, f[i / 4u][i % 4u] + c[i % 4u]);
  }
  return f;
}

// Sum of the squares of those of four numbers that are outputs, from output `first` on.
fn squares(error: vec4f, first: u32) -> f32 {
  let e = select(vec4f(), error, vec4u(first) + vec4u(0u, 1u, 2u, 3u) < vec4u(sizes.outputs));
  return dot(e, e);
}

@compute @workgroup_size(kGroup)
fn dense_plane(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.points * sizes.slices) { return; }
  let place = places[i % sizes.points];
  var sum = 0.0;
  for (var group = i / sizes.points; group < sizes.groups; group += sizes.slices) {
    var low = samples[group * kPerGroup];
    var high = samples[group * kPerGroup + 1u];
    for (var number = 0u; number < sizes.layers; number++) {
      let layer = sizes.layer[number];
      let at = number * kPerLayer;
      let c = theta(at + 4u, place);
      var y = theta(at, place) * low;
      if (layer.wide_in != 0u) { y += theta(at + 1u, place) * high; }
      if (layer.wide_out != 0u) {
        var z = theta(at + 2u, place) * low;
        if (layer.wide_in != 0u) { z += theta(at + 3u, place) * high; }
        high = activated(layer, z, c[1]);
      }
      low = activated(layer, y, c[0]);
    }
    let low_error = low - samples[group * kPerGroup + 2u];
    var loss = vec4f(squares(low_error[0], 0u), squares(low_error[1], 0u), squares(low_error[2], 0u), squares(low_error[3], 0u));
    if (sizes.outputs > 4u) {
      let error = high - samples[group * kPerGroup + 3u];
      loss += vec4f(squares(error[0], 4u), squares(error[1], 4u), squares(error[2], 4u), squares(error[3], 4u));
    }
    // The last group may have less than four samples.
    sum += dot(select(vec4f(), loss, vec4u(group * 4u) + vec4u(0u, 1u, 2u, 3u) < vec4u(sizes.samples)), vec4f(1.0));
  }
  sums[i] = sizes.factor * sum;
}
