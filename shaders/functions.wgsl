// Quotients, powers, elementary functions by number (the order of engine/ops/functions.def), and the larger or smaller of
// two numbers, with their gradients. The formulas are in engine/ops/functions.h, in the same order of operands.
// Tied to it by tests/shaders.

struct Constants {
  count: u32,
  kind: u32,    // function; extreme: 1 for the smaller
  second: u32,  // extreme_grad: 1 for the gradient of b
}
@group(0) @binding(0) var<uniform> constants: Constants;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;

const kExp = 0u;
const kLog = 1u;
const kSqrt = 2u;
const kAbs = 3u;
const kSin = 4u;
const kCos = 5u;
const kTan = 6u;

// y = a / b
@compute @workgroup_size(kGroup)
fn divide(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= constants.count) { return; }
  result[i] = quotient(a[i], b[i]);
}

// −(dy y) / b: operands b, y, dy
@compute @workgroup_size(kGroup)
fn divisor_grad(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= constants.count) { return; }
  result[i] = quotient(-(dy[i] * b[i]), a[i]);
}

// d / |x|: operands d, x
@compute @workgroup_size(kGroup)
fn repeats(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= constants.count) { return; }
  result[i] = quotient(a[0], abs(b[i]));
}

// a^b
@compute @workgroup_size(kGroup)
fn power(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= constants.count) { return; }
  result[i] = pow_of(a[i], b[i]);
}

// dy b a^(b − 1), 0 where b is 0: operands a, b, dy
@compute @workgroup_size(kGroup)
fn power_base_grad(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= constants.count) { return; }
  result[i] = 0.0;
  if (b[i] != 0.0) { result[i] = dy[i] * (b[i] * pow_of(a[i], b[i] - 1.0)); }
}

// dy y ln a, 0 where a is 0: operands a, y, dy
@compute @workgroup_size(kGroup)
fn power_exponent_grad(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= constants.count) { return; }
  result[i] = 0.0;
  if (a[i] != 0.0) { result[i] = dy[i] * (b[i] * log_of(a[i])); }
}

// y = f(x)
@compute @workgroup_size(kGroup)
fn elementary(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= constants.count) { return; }
  let x = a[i];
  var y = x;
  switch constants.kind {
    case kExp: { y = exp_of(x); }
    case kLog: { y = log_of(x); }
    case kSqrt: { y = root_of(x); }
    case kAbs: { y = abs(x); }
    case kSin: { y = sin_of(x); }
    case kCos: { y = cos_of(x); }
    case kTan: { y = quotient(sin_of(x), cos_of(x)); }
    default: {}
  }
  result[i] = y;
}

// dx = dy f′(x): operands x, y, dy
@compute @workgroup_size(kGroup)
fn elementary_grad(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= constants.count) { return; }
  let x = a[i];
  let y = b[i];
  var dx = dy[i];
  switch constants.kind {
    case kExp: { dx = dx * y; }
    case kLog: { dx = quotient(dx, x); }
    case kSqrt: { dx = quotient(dx, 2.0 * y); }
    case kAbs: { dx = select(select(dx * (x * 0.0), -dx, x < 0.0), dx, x > 0.0); }
    case kSin: { dx = dx * cos_of(x); }
    case kCos: { dx = dx * -sin_of(x); }
    case kTan: {
      let c = cos_of(x);
      dx = quotient(dx, c * c);
    }
    default: {}
  }
  result[i] = dx;
}

// Is it b that max or min takes? A NaN is taken wherever it is.
fn takes_second(i: u32) -> bool {
  if (is_nan(a[i])) { return false; }
  return is_nan(b[i]) || select(b[i] > a[i], b[i] < a[i], constants.kind == 1u);
}

@compute @workgroup_size(kGroup)
fn extreme(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= constants.count) { return; }
  result[i] = select(a[i], b[i], takes_second(i));
}

// dy where that operand was taken, else 0: operands a, b, dy
@compute @workgroup_size(kGroup)
fn extreme_grad(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= constants.count) { return; }
  result[i] = select(0.0, dy[i], takes_second(i) == (constants.second == 1u));
}
