// The parameters of one tensor at a point of a plane through all parameters: θ[k] = centre[k] + (a·u[k] + b·v[k]).
// Tied to engine/landscape/directions.h by tests/shaders, "plane of LeNet".

struct Sizes {
  count: u32,   // of this tensor
  begin: u32,   // where it begins in θ
  all: u32,     // numbers of θ
  number: u32,  // which of the places
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> theta: array<f32>;
@group(0) @binding(2) var<storage, read> plane: array<f32>;    // centre, then u, then v
@group(0) @binding(3) var<storage, read> places: array<vec2f>;  // a, b

@compute @workgroup_size(kGroup)
fn plane_point(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  let k = sizes.begin + i;
  let place = places[sizes.number];
  theta[i] = plane[k] + (place.x * plane[sizes.all + k] + place.y * plane[2u * sizes.all + k]);
}
