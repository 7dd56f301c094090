#include "engine/ops/float_gap.h"

namespace chainrule {

std::vector<Shape> FloatGap::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0] == in[1], in[0].text(), " and ", in[1].text());
  return {in[0]};
}
std::string FloatGap::formula(const OpAttributes&, int) { return "y = |v − w|"; }

}  // namespace chainrule
