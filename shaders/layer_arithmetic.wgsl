// The arithmetic of architectures. An op of up to 16 operands has more buffers than a kernel may bind: `place` puts each
// into a list, operand by operand, and `layer_rule` reads the list, from left to right as engine/ops/layer_arithmetic.h has it.
// Tied to it by tests/shaders, "kernel layer arithmetic".

struct Constants {
  count: u32,  // operands; place: the number of this one
  rule: u32,   // by LayerRule
}
@group(0) @binding(0) var<uniform> constants: Constants;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@group(0) @binding(2) var<storage, read> a: array<f32>;

@compute @workgroup_size(1)
fn place() { result[constants.count] = a[0]; }

@compute @workgroup_size(1)
fn layer_rule() {
  var y = 0.0;
  switch constants.rule {
    case 0u: { y = whole_quotient(a[0] + 2.0 * a[1] - a[2], a[3]) + 1.0; }
    case 1u: { y = quotient(a[0] * a[1], a[2]); }
    case 2u: { y = a[0] * a[1] * a[1] + a[2]; }
    case 3u: { y = a[0] * a[1] * a[1] * a[2] * a[2]; }
    case 4u: { y = (a[0] * a[1] * a[1] + a[2]) * a[3] * a[3]; }
    case 5u: { y = a[0] + (a[1] - 1.0) * a[2]; }
    case 6u: { y = a[0] * a[1]; }
    case 7u: { y = a[0] - a[1] * a[2]; }
    case 8u: { y = a[0] + a[1] * a[2]; }
    case 9u: { y = a[0] + a[1] - 1.0; }
    default: { for (var i = 0u; i < constants.count; i++) { y += a[i]; } }
  }
  result[0] = y;
}
