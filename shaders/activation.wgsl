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

const kBinaryStep = 1u;
const kLogistic = 2u;
const kTanh = 3u;
const kArctan = 4u;
const kSoftsign = 5u;
const kRelu = 6u;
const kLeakyRelu = 7u;
const kSoftplus = 8u;

fn logistic(v: f32) -> f32 {
  let e = exp(-abs(v));  // never overflows
  return select(1.0, e, v < 0.0) / (1.0 + e);
}

// By its definition: the tanh of some drivers overflows far from zero.
fn tanh_of(v: f32) -> f32 {
  if (abs(v) < 0.1) {  // where e^2v − 1 would cancel; the next term of the series is below 2e-9
    let v2 = v * v;
    return v * (1.0 + v2 * (-0.333333333 + v2 * (0.133333333 - v2 * 0.0539682540)));
  }
  let t = exp(-2.0 * abs(v));
  return sign(v) * (1.0 - t) / (1.0 + t);
}

// ln(1 + e), of which 1 + e alone would lose the small e.
fn log1p_of(e: f32) -> f32 {
  if (e < 0.02) { return e * (1.0 - e * (0.5 - e * (0.333333333 - e * 0.25))); }
  return log_of(1.0 + e);
}

@compute @workgroup_size(kGroup)
fn activate(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= constants.count) { return; }
  let v = x[i];
  var f = v;
  switch constants.kind {
    case kBinaryStep: { f = select(0.0, 1.0, v > 0.0); }
    case kLogistic: { f = logistic(v); }
    case kTanh: { f = tanh_of(v); }
    case kArctan: { f = atan_of(v); }
    case kSoftsign: { f = v / (1.0 + abs(v)); }
    case kRelu: { f = select(v, 0.0, 0.0 > v); }  // in this order NaN stays NaN
    case kLeakyRelu: { f = select(constants.slope * v, v, v > 0.0); }
    case kSoftplus: { f = max(v, 0.0) + log1p_of(exp(-abs(v))); }
    default: {}
  }
  result[i] = f;
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
