#include "engine/optim/expression.h"

#include <array>
#include <cmath>

#include "engine/base/text.h"
#include "engine/math/functions.h"
#include "engine/trace/derivation.h"

namespace chainrule {
namespace {

using Kind = Expression::Kind;
using Step = Expression::Step;

/// How tightly a step's text holds together.
enum Tightness { kSum, kSign, kProduct, kPower, kWhole };

Tightness tightness_of(const Step& step) {
  switch (step.kind) {
    case Kind::kAdd:
    case Kind::kSubtract: return kSum;
    case Kind::kNegate: return kSign;
    case Kind::kMultiply:
    case Kind::kDivide: return kProduct;
    case Kind::kPower: return kPower;
    default: return kWhole;
  }
}

class Writer {
 public:
  explicit Writer(const std::vector<Step>& steps) : steps_(steps) {}

  std::string write(int number, Tightness place) const {
    const Step& step = steps_[static_cast<std::size_t>(number)];
    std::string text = plain(step);
    return tightness_of(step) < place ? "(" + text + ")" : text;
  }

 private:
  std::string plain(const Step& step) const {
    switch (step.kind) {
      case Kind::kX: return "x";
      case Kind::kY: return "y";
      case Kind::kNumber: return number_text(step.value, 0);
      case Kind::kAdd: return write(step.a, kSum) + " + " + write(step.b, kProduct);
      case Kind::kSubtract: return write(step.a, kSum) + " \u2212 " + write(step.b, kProduct);
      case Kind::kMultiply: return write(step.a, kProduct) + "\u00B7" + write(step.b, kPower);
      case Kind::kDivide: return write(step.a, kProduct) + "/" + write(step.b, kPower);
      case Kind::kNegate: return "\u2212" + write(step.a, kProduct);
      case Kind::kPower: return write(step.a, kWhole) + "^" + write(step.b, kWhole);
      case Kind::kMin: return "min(" + write(step.a, kSum) + ", " + write(step.b, kSum) + ")";
      case Kind::kMax: return "max(" + write(step.a, kSum) + ", " + write(step.b, kSum) + ")";
      case Kind::kTanh: return "tanh(" + write(step.a, kSum) + ")";
      case Kind::kFunction: return std::string(kFunctionNames[static_cast<std::size_t>(step.function)]) + "(" + write(step.a, kSum) + ")";
    }
    return "";
  }

  const std::vector<Step>& steps_;
};

/// A polynomial c + gx x + gy y + (xx x² + 2 xy x y + yy y²) / 2, as Quadratic has it.
using Terms = std::optional<Quadratic>;

bool is_number(const Quadratic& q) { return q.xx == 0 && q.xy == 0 && q.yy == 0 && q.gx == 0 && q.gy == 0; }
bool is_straight(const Quadratic& q) { return q.xx == 0 && q.xy == 0 && q.yy == 0; }

Quadratic combined(const Quadratic& a, double sign, const Quadratic& b) {
  return {a.xx + sign * b.xx, a.xy + sign * b.xy, a.yy + sign * b.yy, a.gx + sign * b.gx, a.gy + sign * b.gy, a.c + sign * b.c};
}
Quadratic scaled(const Quadratic& a, double by) { return {by * a.xx, by * a.xy, by * a.yy, by * a.gx, by * a.gy, by * a.c}; }

Terms product(const Quadratic& a, const Quadratic& b) {
  if (is_number(a)) return scaled(b, a.c);
  if (is_number(b)) return scaled(a, b.c);
  if (!is_straight(a) || !is_straight(b)) return std::nullopt;
  return Quadratic{2 * a.gx * b.gx, a.gx * b.gy + a.gy * b.gx, 2 * a.gy * b.gy, a.gx * b.c + a.c * b.gx, a.gy * b.c + a.c * b.gy, a.c * b.c};
}

Terms power(const Quadratic& a, const Quadratic& exponent) {
  if (!is_number(exponent)) return std::nullopt;
  if (is_number(a)) return Quadratic{.c = math::pow(a.c, exponent.c)};
  if (exponent.c == 0) return Quadratic{.c = 1};
  if (exponent.c == 1) return a;
  return exponent.c == 2 ? product(a, a) : std::nullopt;
}

double value_of(const Step& step, double a, double b) {
  switch (step.kind) {
    case Kind::kMin: return math::minimum(a, b);
    case Kind::kMax: return math::maximum(a, b);
    case Kind::kTanh: return math::tanh(a);
    default: break;
  }
  switch (step.function) {
    case Function::kExp: return math::exp(a);
    case Function::kLog: return math::log(a);
    case Function::kSqrt: return math::sqrt(a);
    case Function::kAbs: return math::abs(a);
    case Function::kSin: return math::sin(a);
    case Function::kCos: return math::cos(a);
    case Function::kTan: return math::sin(a) / math::cos(a);
  }
  return 0.0;
}

Terms terms_of(const Step& step, const Terms& a, const Terms& b) {
  switch (step.kind) {
    case Kind::kX: return Quadratic{.gx = 1};
    case Kind::kY: return Quadratic{.gy = 1};
    case Kind::kNumber: return Quadratic{.c = static_cast<double>(step.value)};
    default: break;
  }
  if (!a || (step.b >= 0 && !b)) return std::nullopt;
  switch (step.kind) {
    case Kind::kAdd: return combined(*a, 1, *b);
    case Kind::kSubtract: return combined(*a, -1, *b);
    case Kind::kNegate: return scaled(*a, -1);
    case Kind::kMultiply: return product(*a, *b);
    case Kind::kDivide: return is_number(*b) ? Terms(scaled(*a, 1 / b->c)) : std::nullopt;
    case Kind::kPower: return power(*a, *b);
    default: break;
  }
  if (!is_number(*a) || (b && !is_number(*b))) return std::nullopt;
  return Quadratic{.c = value_of(step, a->c, b ? b->c : 0.0)};
}

}  // namespace

std::string Expression::text(int step) const {
  return Writer(steps).write(step < 0 ? static_cast<int>(steps.size()) - 1 : step, kSum);
}

TensorId append_expression(Graph& graph, const Expression& f, TensorId x, TensorId y) {
  std::vector<TensorId> made;
  const Shape shape = graph.shape(x);
  for (const Step& step : f.steps) {
    const std::string name = f.text(static_cast<int>(made.size()));
    const TensorId a = step.a < 0 ? kNoTensor : made[static_cast<std::size_t>(step.a)], b = step.b < 0 ? kNoTensor : made[static_cast<std::size_t>(step.b)];
    OpAttributes attributes;
    attributes.function = step.function;
    attributes.activation = Activation::kTanh;
    attributes.smaller = step.kind == Kind::kMin;
    const auto apply = [&](OpKind kind) { return graph.apply(kind, attributes, b == kNoTensor ? std::vector{a} : std::vector{a, b}, name); };
    switch (step.kind) {
      case Kind::kX: made.push_back(x); break;
      case Kind::kY: made.push_back(y); break;
      case Kind::kNumber: made.push_back(graph.constant(name, shape, step.value)); break;
      case Kind::kAdd: made.push_back(apply(OpKind::kAdd)); break;
      case Kind::kSubtract: made.push_back(apply(OpKind::kSubtract)); break;
      case Kind::kMultiply: made.push_back(apply(OpKind::kMultiply)); break;
      case Kind::kDivide: made.push_back(apply(OpKind::kDivide)); break;
      case Kind::kPower: made.push_back(apply(OpKind::kPower)); break;
      case Kind::kNegate: made.push_back(apply(OpKind::kNegate)); break;
      case Kind::kMin:
      case Kind::kMax: made.push_back(apply(OpKind::kExtreme)); break;
      case Kind::kFunction: made.push_back(apply(OpKind::kElementary)); break;
      case Kind::kTanh: made.push_back(apply(OpKind::kActivate)); break;
    }
  }
  return made.back();
}

std::optional<Quadratic> quadratic_of(const Expression& f) {
  std::vector<Terms> made;
  for (const Step& step : f.steps) {
    const auto read = [&](int number) { return number < 0 ? Terms() : made[static_cast<std::size_t>(number)]; };
    made.push_back(terms_of(step, read(step.a), read(step.b)));
  }
  if (!made.back()) return std::nullopt;
  const Quadratic& q = *made.back();
  for (const double term : {q.xx, q.xy, q.yy, q.gx, q.gy, q.c})
    if (!std::isfinite(term)) return std::nullopt;
  return q;
}

}  // namespace chainrule
