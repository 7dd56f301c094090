#include "engine/ops/norm_limit.h"

namespace chainrule {

std::vector<Shape> NormLimit::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[1].size() == 1, "the limit is one number, not ", in[1].text());
  return {in[0]};
}
std::string NormLimit::formula(const OpAttributes&, int) { return "y[i] = x[i] · (R / max(R, √(Σ_j x[j]²)))"; }

}  // namespace chainrule
