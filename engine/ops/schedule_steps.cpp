#include "engine/ops/schedule_steps.h"

namespace chainrule {
namespace {

std::vector<Shape> numbers(std::span<const Shape> in) {
  for (std::size_t i = 0; i < in.size(); ++i) CHECK(in[i].size() == 1, "operand ", i, " of a schedule is one number, not ", in[i].text());
  return {Shape{1}};
}

}  // namespace

std::vector<Shape> TimeAfter::infer(const OpAttributes&, std::span<const Shape> in) { return numbers(in); }
std::string TimeAfter::formula(const OpAttributes&, int) { return "t′ = max(t − W, 0)"; }

std::vector<Shape> WarmUp::infer(const OpAttributes&, std::span<const Shape> in) { return numbers(in); }
std::string WarmUp::formula(const OpAttributes&, int) { return "w = min(a + (1 − a) · (t / W), 1)"; }

std::vector<Shape> StepDecay::infer(const OpAttributes&, std::span<const Shape> in) { return numbers(in); }
std::string StepDecay::formula(const OpAttributes&, int) { return "d = γ^⌊t / s⌋"; }

std::vector<Shape> ExponentialDecay::infer(const OpAttributes&, std::span<const Shape> in) { return numbers(in); }
std::string ExponentialDecay::formula(const OpAttributes&, int) { return "d = γ^(t / s)"; }

std::vector<Shape> CosineDecay::infer(const OpAttributes&, std::span<const Shape> in) { return numbers(in); }
std::string CosineDecay::formula(const OpAttributes&, int) { return "d = f + (1 − f) · (1 + cos(π · min(t / T, 1))) / 2"; }

std::vector<Shape> PlateauBest::infer(const OpAttributes&, std::span<const Shape> in) { return numbers(in); }
std::string PlateauBest::formula(const OpAttributes&, int) { return "L*′ = L < L* · (1 − h) ? L : L*"; }

std::vector<Shape> PlateauWait::infer(const OpAttributes&, std::span<const Shape> in) { return numbers(in); }
std::string PlateauWait::formula(const OpAttributes&, int) { return "n′ = L < L* · (1 − h) or n + 1 > p ? 0 : n + 1"; }

std::vector<Shape> PlateauFactor::infer(const OpAttributes&, std::span<const Shape> in) { return numbers(in); }
std::string PlateauFactor::formula(const OpAttributes&, int) { return "d′ = n + 1 > p and L ≥ L* · (1 − h) ? d · γ : d"; }

}  // namespace chainrule
