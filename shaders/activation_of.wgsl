// f(v), f by number: the order of engine/ops/activations.def.

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

fn activation_of(kind: u32, slope: f32, v: f32) -> f32 {
  switch kind {
    case kBinaryStep: { return select(0.0, 1.0, v > 0.0); }
    case kLogistic: { return logistic(v); }
    case kTanh: { return tanh_of(v); }
    case kArctan: { return atan_of(v); }
    case kSoftsign: { return v / (1.0 + abs(v)); }
    case kRelu: { return select(v, 0.0, 0.0 > v); }  // in this order NaN stays NaN
    case kLeakyRelu: { return select(slope * v, v, v > 0.0); }
    case kSoftplus: { return max(v, 0.0) + log1p_of(exp(-abs(v))); }
    default: { return v; }
  }
}
