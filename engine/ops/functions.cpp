#include "engine/ops/functions.h"

namespace chainrule {
namespace {

std::vector<Shape> alike(std::span<const Shape> in) {
  for (const Shape& shape : in) CHECK(shape == in[0], shape.text(), " and ", in[0].text());
  return {in[0]};
}

}  // namespace

std::vector<Shape> Divide::infer(const OpAttributes&, std::span<const Shape> in) { return alike(in); }
std::string Divide::formula(const OpAttributes&, int) { return "y = a / b"; }
void Divide::backward(BackwardBuilder& builder) {
  const TensorId dy = builder.gradient_of_output(0), b = builder.input(1);
  if (builder.needs_gradient(0)) builder.emit(0, OpKind::kDivide, {}, {dy, b}, "∂L/∂a = ∂L/∂y / b");
  if (builder.needs_gradient(1)) builder.emit(1, OpKind::kDivisorGrad, {}, {b, builder.output(0), dy});
}

std::vector<Shape> DivisorGrad::infer(const OpAttributes&, std::span<const Shape> in) { return alike(in); }
std::string DivisorGrad::formula(const OpAttributes&, int) { return "∂L/∂b = −(∂L/∂y · y) / b"; }

std::vector<Shape> Power::infer(const OpAttributes&, std::span<const Shape> in) { return alike(in); }
std::string Power::formula(const OpAttributes&, int) { return "y = a^b"; }
void Power::backward(BackwardBuilder& builder) {
  const TensorId dy = builder.gradient_of_output(0), a = builder.input(0);
  if (builder.needs_gradient(0)) builder.emit(0, OpKind::kPowerBaseGrad, {}, {a, builder.input(1), dy});
  if (builder.needs_gradient(1)) builder.emit(1, OpKind::kPowerExponentGrad, {}, {a, builder.output(0), dy});
}

std::vector<Shape> PowerBaseGrad::infer(const OpAttributes&, std::span<const Shape> in) { return alike(in); }
std::string PowerBaseGrad::formula(const OpAttributes&, int) { return "∂L/∂a = ∂L/∂y · (b · a^(b − 1))"; }

std::vector<Shape> PowerExponentGrad::infer(const OpAttributes&, std::span<const Shape> in) { return alike(in); }
std::string PowerExponentGrad::formula(const OpAttributes&, int) { return "∂L/∂b = ∂L/∂y · (y · ln(a))"; }

std::vector<Shape> Elementary::infer(const OpAttributes&, std::span<const Shape> in) { return {in[0]}; }
std::string Elementary::formula(const OpAttributes& attributes, int) {
  switch (attributes.function) {
    case Function::kExp: return "y = exp(x)";
    case Function::kLog: return "y = ln(x)";
    case Function::kSqrt: return "y = √(x)";
    case Function::kAbs: return "y = |x|";
    case Function::kSin: return "y = sin(x)";
    case Function::kCos: return "y = cos(x)";
    case Function::kTan: return "y = tan(x) = sin(x) / cos(x)";
  }
  return "";
}
void Elementary::backward(BackwardBuilder& builder) {
  if (!builder.needs_gradient(0)) return;
  builder.emit(0, OpKind::kElementaryGrad, builder.attributes(), {builder.input(0), builder.output(0), builder.gradient_of_output(0)});
}

std::vector<Shape> ElementaryGrad::infer(const OpAttributes&, std::span<const Shape> in) { return alike(in); }
std::string ElementaryGrad::formula(const OpAttributes& attributes, int) {
  switch (attributes.function) {
    case Function::kExp: return "∂L/∂x = ∂L/∂y · y";
    case Function::kLog: return "∂L/∂x = ∂L/∂y / x";
    case Function::kSqrt: return "∂L/∂x = ∂L/∂y / (2 · y)";
    case Function::kAbs: return "∂L/∂x = (x > 0 ? ∂L/∂y : x < 0 ? −∂L/∂y : 0)";
    case Function::kSin: return "∂L/∂x = ∂L/∂y · cos(x)";
    case Function::kCos: return "∂L/∂x = ∂L/∂y · (−sin(x))";
    case Function::kTan: return "∂L/∂x = ∂L/∂y / (cos(x) · cos(x))";
  }
  return "";
}

std::vector<Shape> Extreme::infer(const OpAttributes&, std::span<const Shape> in) { return alike(in); }
std::string Extreme::formula(const OpAttributes& attributes, int) { return attributes.smaller ? "y = min(a, b)" : "y = max(a, b)"; }
void Extreme::backward(BackwardBuilder& builder) {
  for (const int slot : {0, 1}) {
    if (!builder.needs_gradient(slot)) continue;
    OpAttributes attributes = builder.attributes();
    attributes.second = slot == 1;
    builder.emit(slot, OpKind::kExtremeGrad, attributes, {builder.input(0), builder.input(1), builder.gradient_of_output(0)});
  }
}

std::vector<Shape> ExtremeGrad::infer(const OpAttributes&, std::span<const Shape> in) { return alike(in); }
std::string ExtremeGrad::formula(const OpAttributes& attributes, int) {
  const std::string taken = attributes.smaller ? "min" : "max", which = attributes.second ? "b" : "a";
  return "∂L/∂" + which + " = (" + which + " is the " + taken + " ? ∂L/∂y : 0)";
}

}  // namespace chainrule
