// Which number of the output an invocation computes. A grid has at most 65,535 workgroups along an axis, so that long
// tensors fold into rows of workgroups (engine/backend/webgpu/plan.cpp).

const kGroup = 256u;

fn index_of(id: vec3u, groups: vec3u) -> u32 {
  return id.x + id.y * groups.x * kGroup;
}
