#include "engine/ops/optimizer_steps.h"

namespace chainrule {
namespace {

/// The first `tensors` operands have the output's shape, the others are single numbers.
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

std::vector<Shape> CorrectedMoment::infer(const OpAttributes&, std::span<const Shape> in) { return like_first(in, 1); }
std::string CorrectedMoment::formula(const OpAttributes&, int) { return "m̂ = m / (1 − βᵗ)"; }

std::vector<Shape> MultipliedMoment::infer(const OpAttributes&, std::span<const Shape> in) { return like_first(in, 1); }
std::string MultipliedMoment::formula(const OpAttributes&, int) { return "m̂ = m · (1 − βᵗ)"; }

std::vector<Shape> ScaledByRoot::infer(const OpAttributes&, std::span<const Shape> in) { return like_first(in, 2); }
std::string ScaledByRoot::formula(const OpAttributes&, int) { return "s = m / (√v + ε)"; }

std::vector<Shape> SumOfSquares::infer(const OpAttributes&, std::span<const Shape> in) { return like_first(in, 2); }
std::string SumOfSquares::formula(const OpAttributes&, int) { return "v′ = v + g · g"; }

std::vector<Shape> CentredSquares::infer(const OpAttributes&, std::span<const Shape> in) { return like_first(in, 2); }
std::string CentredSquares::formula(const OpAttributes&, int) { return "c = max(v − u · u, 0)"; }

std::vector<Shape> MomentumSum::infer(const OpAttributes&, std::span<const Shape> in) { return like_first(in, 2); }
std::string MomentumSum::formula(const OpAttributes&, int) { return "b′ = β · b + g"; }

std::vector<Shape> NesterovStep::infer(const OpAttributes&, std::span<const Shape> in) { return like_first(in, 3); }
std::string NesterovStep::formula(const OpAttributes&, int) { return "θ′ = θ − η · (g + β · b)"; }

std::vector<Shape> DecayedGradient::infer(const OpAttributes&, std::span<const Shape> in) { return like_first(in, 2); }
std::string DecayedGradient::formula(const OpAttributes&, int) { return "g′ = g + λ · θ"; }

}  // namespace chainrule
