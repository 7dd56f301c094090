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
std::string WarmUp::formula(const OpAttributes&, int) { return "w = a + (1 − a) · (t / W), from t = W on 1"; }

std::vector<Shape> StepDecay::infer(const OpAttributes&, std::span<const Shape> in) { return numbers(in); }
std::string StepDecay::formula(const OpAttributes&, int) { return "d = γ^⌊t / s⌋"; }

std::vector<Shape> ExponentialDecay::infer(const OpAttributes&, std::span<const Shape> in) { return numbers(in); }
std::string ExponentialDecay::formula(const OpAttributes&, int) { return "d = γ^(t / s)"; }

std::vector<Shape> CosineDecay::infer(const OpAttributes&, std::span<const Shape> in) { return numbers(in); }
std::string CosineDecay::formula(const OpAttributes&, int) { return "d = f + (1 − f) · (1 + cos(π · (t / T))) / 2, from t = T on f"; }

std::vector<Shape> PlateauBest::infer(const OpAttributes&, std::span<const Shape> in) { return numbers(in); }
std::string PlateauBest::formula(const OpAttributes&, int) { return "L*′ = L if L < L* · (1 − h), else L*"; }

std::vector<Shape> PlateauWait::infer(const OpAttributes&, std::span<const Shape> in) { return numbers(in); }
std::string PlateauWait::formula(const OpAttributes&, int) { return "n′ = 0 if L is better or n + 1 > p, else n + 1"; }

std::vector<Shape> PlateauFactor::infer(const OpAttributes&, std::span<const Shape> in) { return numbers(in); }
std::string PlateauFactor::formula(const OpAttributes&, int) { return "d′ = d · γ if n + 1 > p and L is not better, else d"; }

}  // namespace chainrule
