// y = f(x) and dx = dy · f′(x), f by number: the order of engine/ops/activations.def.
// Tied to engine/ops/activation.h by tests/shaders, "activation" and "activation gradient".

struct Constants {
  count: u32,
  kind: u32,
  slope: f32,  // of the leaky ReLU, left of zero
}
@group(0) @binding(0) var<uniform> constants: Constants;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> y: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;

@compute @workgroup_size(kGroup)
fn activate(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= constants.count) { return; }
  result[i] = activation_of(constants.kind, constants.slope, x[i]);
}

@compute @workgroup_size(kGroup)
fn activate_grad(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= constants.count) { return; }
  let v = x[i];
  var slope = 1.0;
  switch constants.kind {
    case kBinaryStep: { slope = 0.0; }
    case kLogistic: { slope = y[i] * (1.0 - y[i]); }
    case kTanh: { slope = 1.0 - y[i] * y[i]; }
    case kArctan: { slope = 1.0 / (1.0 + v * v); }
    case kSoftsign: { slope = 1.0 / ((1.0 + abs(v)) * (1.0 + abs(v))); }
    case kRelu: { slope = select(0.0, 1.0, v > 0.0); }
    case kLeakyRelu: { slope = select(constants.slope, 1.0, v > 0.0); }
    case kSoftplus: { slope = logistic(v); }
    default: {}
  }
  result[i] = dy[i] * slope;
}
