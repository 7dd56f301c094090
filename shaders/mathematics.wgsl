// Elementary functions from sums, products and bits. WGSL's own may be as far off as 2^-21 (log near 1), 2^-11 (sin, cos) or
// 4,096 units of the last place (atan), and what they give of infinities, and 1 / 0 at all, is up to the driver.
//
// Each reduces its argument to a short interval around 0 and adds a polynomial there; the coefficients are Cephes'
// (Moshier 1989, single precision). What is not finite is made of bits, which no compiler can reason away. Numbers below
// 1.2e-38 may count as 0, as many GPUs have it.
// Tied to engine/math by tests/shaders, "kernel function", "kernel power", and "special operands".

const kInfinity = 0x7f800000u;
const kNan = 0x7fc00000u;
const kSign = 0x80000000u;

fn number_of(bits: u32) -> f32 { return bitcast<f32>(bits); }
fn is_nan(v: f32) -> bool { return (bitcast<u32>(v) & 0x7fffffffu) > kInfinity; }
fn is_infinite(v: f32) -> bool { return (bitcast<u32>(v) & 0x7fffffffu) == kInfinity; }
fn sign_of(v: f32) -> u32 { return bitcast<u32>(v) & kSign; }

// a / b
fn quotient(a: f32, b: f32) -> f32 {
  if (b == 0.0 && !is_nan(b)) {
    if (a == 0.0 || is_nan(a)) { return number_of(kNan); }
    return number_of(kInfinity | (sign_of(a) ^ sign_of(b)));
  }
  return a / b;
}

// ⌊a / b⌋, right also where the driver's quotient of whole numbers is a little less than whole.
fn whole_quotient(a: f32, b: f32) -> f32 {
  let q = floor(quotient(a, b));
  return select(q, q + 1.0, (q + 1.0) * b == a);
}

fn root_of(v: f32) -> f32 {
  if (v < 0.0) { return number_of(kNan); }
  if (v == 0.0 || is_infinite(v) || is_nan(v)) { return v; }
  return sqrt(v);
}

fn power_of_two(k: i32) -> f32 { return number_of(u32(k + 127) << 23u); }  // -126 <= k <= 127

// e^x = 2^k e^r, |r| <= ln 2 / 2
fn exp_of(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  if (x > 88.72283) { return number_of(kInfinity); }
  if (x < -104.0) { return 0.0; }
  let k = round(x * 1.44269504);
  let r = (x - k * 0.693359375) + k * 2.12194440e-4;
  var p = 1.9875691500e-4;
  p = p * r + 1.3981999507e-3;
  p = p * r + 8.3334519073e-3;
  p = p * r + 4.1665795894e-2;
  p = p * r + 1.6666665459e-1;
  p = p * r + 5.0000001201e-1;
  let half = i32(k) / 2;
  return (p * r * r + r + 1.0) * power_of_two(half) * power_of_two(i32(k) - half);
}

// ln x = k ln 2 + ln(1 + f), 1 + f from √½ to √2
fn log_of(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  if (x == 0.0) { return number_of(kInfinity | kSign); }
  if (x < 0.0) { return number_of(kNan); }
  if (is_infinite(x)) { return x; }
  let bits = bitcast<u32>(x);
  var k = f32(i32(bits >> 23u) - 127);
  var m = number_of((bits & 0x7fffffu) | 0x3f800000u);
  if (m > 1.41421356) {
    m = 0.5 * m;
    k += 1.0;
  }
  let f = m - 1.0;
  let z = f * f;
  var p = 7.0376836292e-2;
  p = p * f - 1.1514610310e-1;
  p = p * f + 1.1676998740e-1;
  p = p * f - 1.2420140846e-1;
  p = p * f + 1.4249322787e-1;
  p = p * f - 1.6668057665e-1;
  p = p * f + 2.0000714765e-1;
  p = p * f - 2.4999993993e-1;
  p = p * f + 3.3333331174e-1;
  return f + (p * f * z - 2.12194440e-4 * k - 0.5 * z) + 0.693359375 * k;
}

// sin(x + quarters π/2): of the nearest multiple of π/2 three parts are subtracted, which is good to |x| = 10,000.
fn turned_sin(x: f32, quarters: i32) -> f32 {
  if (is_nan(x) || is_infinite(x)) { return number_of(kNan); }
  if (abs(x) > 1.0e8) { return select(sin(x), cos(x), quarters == 1); }
  let j = round(x * 0.636619772);
  let r = ((x - j * 1.5703125) - j * 4.837512969970703e-4) - j * 7.549789948768648e-8;
  let z = r * r;
  let quadrant = (i32(j) + quarters) & 3;
  let s = ((-1.9515295891e-4 * z + 8.3321608736e-3) * z - 1.6666654611e-1) * z * r + r;
  let c = ((2.443315711809948e-5 * z - 1.388731625493765e-3) * z + 4.166664568298827e-2) * z * z - 0.5 * z + 1.0;
  return select(1.0, -1.0, quadrant >= 2) * select(s, c, (quadrant & 1) == 1);
}
fn sin_of(x: f32) -> f32 { return turned_sin(x, 0); }
fn cos_of(x: f32) -> f32 { return turned_sin(x, 1); }

// atan x = atan((x − tan c) / (1 + x tan c)) + c, c one of 0, π/4, π/2
fn atan_of(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  var v = abs(x);
  var c = 0.0;
  if (v > 1.0e9) {
    v = 0.0;
    c = 1.57079632679;
  } else if (v > 2.414213562373) {
    v = -1.0 / v;
    c = 1.57079632679;
  } else if (v > 0.4142135623730) {
    v = (v - 1.0) / (v + 1.0);
    c = 0.785398163397;
  }
  let z = v * v;
  let found = (((8.05374449538e-2 * z - 1.38776856032e-1) * z + 1.99777106478e-1) * z - 3.33329491539e-1) * z * v + v + c;
  return select(found, -found, x < 0.0);
}

// a^b for a > 0: small whole powers are products, others e^(b ln a), whose error grows with |b ln a|.
fn positive_power(a: f32, b: f32) -> f32 {
  if (a == 1.0) { return 1.0; }
  if (a == 0.0) { return select(0.0, number_of(kInfinity), b < 0.0); }
  if (is_infinite(a)) { return select(a, 0.0, b < 0.0); }
  if (abs(b) > 32.0 || floor(b) != b) { return exp_of(b * log_of(a)); }
  var product = 1.0;
  var factor = a;
  for (var n = u32(abs(b)); n > 0u; n >>= 1u) {
    if ((n & 1u) == 1u) { product *= factor; }
    factor *= factor;
  }
  return select(product, quotient(1.0, product), b < 0.0);
}

// a^b, its cases as in C17, F.10.4.4: NaN where a < 0 and b is not whole.
fn pow_of(a: f32, b: f32) -> f32 {
  if (b == 0.0 || a == 1.0) { return 1.0; }
  if (is_nan(a) || is_nan(b)) { return number_of(kNan); }
  let whole = floor(b) == b;
  if (a < 0.0 && !whole && !is_infinite(a)) { return number_of(kNan); }
  let odd = whole && abs(b) < 16777216.0 && (i32(abs(b)) & 1) == 1;
  let size = positive_power(abs(a), b);
  return select(size, -size, odd && sign_of(a) != 0u);
}
