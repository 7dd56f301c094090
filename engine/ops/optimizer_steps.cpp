#include "engine/ops/optimizer_steps.h"

namespace chainrule {
namespace {

/// The first two operands have the output's shape, the others after `tensors` of them are single numbers.
std::vector<Shape> like_first(std::span<const Shape> in, std::size_t tensors) {
  for (std::size_t i = 0; i < in.size(); ++i)
    CHECK(i < tensors ? in[i] == in[0] : in[i].size() == 1, "operand ", i, " ", in[i].text(), " for ", in[0].text());
  return {in[0]};
}

}  // namespace

std::vector<Shape> SgdStep::infer(const OpAttributes&, std::span<const Shape> in) { return like_first(in, 2); }
std::string SgdStep::formula(const OpAttributes&, int) { return "θ′ = θ − η · ∂L/∂θ"; }

std::vector<Shape> Velocity::infer(const OpAttributes&, std::span<const Shape> in) { return like_first(in, 2); }
std::string Velocity::formula(const OpAttributes&, int) { return "δ′ = η · ∂L/∂θ + β · δ"; }

std::vector<Shape> MovingAverage::infer(const OpAttributes&, std::span<const Shape> in) { return like_first(in, 2); }
std::string MovingAverage::formula(const OpAttributes&, int) { return "m′ = β1 · m + (1 − β1) · g"; }

std::vector<Shape> MovingAverageOfSquares::infer(const OpAttributes&, std::span<const Shape> in) {
  return like_first(in, 2);
}
std::string MovingAverageOfSquares::formula(const OpAttributes&, int) { return "v′ = β2 · v + (1 − β2) · (g · g)"; }

std::vector<Shape> AdamStep::infer(const OpAttributes&, std::span<const Shape> in) { return like_first(in, 3); }
std::string AdamStep::formula(const OpAttributes&, int) {
  return "θ′ = θ − η · (m / (1 − β1ᵗ)) / (√(v / (1 − β2ᵗ)) + ε)";
}

}  // namespace chainrule
