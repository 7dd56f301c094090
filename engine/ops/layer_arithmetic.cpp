#include "engine/ops/layer_arithmetic.h"

namespace chainrule {
namespace {

std::size_t operands_of(LayerRule rule) {
  switch (rule) {
    case LayerRule::kOutput:
    case LayerRule::kLinks: return 4;
    case LayerRule::kJump:
    case LayerRule::kLast: return 2;
    case LayerRule::kTotal: return 0;
    default: return 3;
  }
}

}  // namespace

std::vector<Shape> LayerArithmetic::infer(const OpAttributes& attributes, std::span<const Shape> in) {
  const std::size_t wanted = operands_of(attributes.rule);
  CHECK(wanted == 0 ? !in.empty() : in.size() == wanted, in.size(), " operands, not ", wanted);
  for (const Shape& shape : in) CHECK((shape == Shape{1}), "a count of ", shape.text());
  return {Shape{1}};
}

std::string LayerArithmetic::formula(const OpAttributes& attributes, int) {
  switch (attributes.rule) {
    case LayerRule::kOutput: return "output = ⌊(input + 2 · padding − kernel) / stride⌋ + 1";
    case LayerRule::kPairs: return "pairs = maps in · maps out / groups";
    case LayerRule::kWeights: return "parameters = pairs · kernel · kernel + biases";
    case LayerRule::kMacs: return "MACs = pairs · kernel · kernel · output · output";
    case LayerRule::kLinks: return "connections = (pairs · kernel · kernel + biases) · output · output";
    case LayerRule::kField: return "field = field below + (kernel − 1) · jump below";
    case LayerRule::kJump: return "jump = jump below · stride";
    case LayerRule::kStart: return "start = start below − padding · jump below";
    case LayerRule::kFirst: return "first pixel = start + unit · jump";
    case LayerRule::kLast: return "last pixel = first pixel + field − 1";
    case LayerRule::kTotal: return "total = sum over layers";
  }
  return "";
}

}  // namespace chainrule
