#include "web/lessons/tape/net_mistakes.h"

#include <algorithm>
#include <array>

namespace chainrule {
namespace {

constexpr std::array<NetMistakeText, kNetMistakes> kTexts = {{
    {"slope-left-out", "σ′ left out", "∂E/∂net = ∂E/∂out · f′(net)", "∂E/∂net = ∂E/∂out",
     "The signs at the output stay right, and easy tasks are learnt even faster. Hard ones, like XOR, are not."},
    {"weight-for-input", "Weight used for input", "∂E/∂w_{ji} = ∂E/∂net_j · x_i", "∂E/∂w_{ji} = ∂E/∂net_j · w_{ji}",
     "Deck 003's slip: ∂net/∂w is what the weight is multiplied by, not the weight."},
    {"sign", "Sign turned round", "∂E/∂o = o − t", "∂E/∂o = t − o",
     "The minus of −(t − o) is lost, and the network climbs. The one mistake that shows at once."},
    {"mean-forgotten", "Mean over samples forgotten", "∂E/∂E_n = 1 / N", "∂E/∂E_n = 1",
     "The direction is right, the length N times too large: it looks like a larger learning rate."},
    {"updated-weights", "Weights already updated", "∂E/∂x_i = Σ_j ∂E/∂net_j · w_{ji}", "∂E/∂x_i = Σ_j ∂E/∂net_j · w′_{ji}",
     "Weights are overwritten on the way back. With a small learning rate w′ is almost w."},
    {"transpose-forgotten", "Transpose forgotten", "∂E/∂x_i = Σ_j ∂E/∂net_j · w_{ji}", "∂E/∂x_i = Σ_j ∂E/∂net_j · w_{ij}",
     "Between two layers of the same width the shapes fit, and no program complains."},
}};

class Mistakes {
 public:
  Mistakes(Program& program, const NetSpec& spec) : program_(program), spec_(spec) {}

  void make() {
    if (spec_.has(NetMistake::kUpdatedWeights)) put_weights_first();
    // Extra calls go in before the ones that read them, so the numbers of calls move.
    for (std::size_t number = 0; number < program_.calls.size(); ++number)
      if (program_.calls[number].phase == Phase::kBackward) number += alter(number);
  }

 private:
  OpCall& call(std::size_t number) { return program_.calls[number]; }
  const std::string& name_of(std::size_t number) { return program_.info(call(number).outputs[0]).name; }

  static void say(OpCall& call, NetMistake mistake) { call.formula = "✗ " + std::string(mistake_text(mistake).wrong); }

  /// Returns how many calls were put in before it.
  std::size_t alter(std::size_t number) {
    OpCall& altered = call(number);
    const std::string name = name_of(number);
    if (altered.kind == OpKind::kActivateGrad && !name.ends_with(".slope") && spec_.has(NetMistake::kSlopeLeftOut)) {
      altered.attributes.activation = Activation::kIdentity;
      say(altered, NetMistake::kSlopeLeftOut);
    } else if (altered.kind == OpKind::kSquaredErrorGrad && spec_.has(NetMistake::kSign)) {
      std::swap(altered.inputs[0], altered.inputs[1]);
      say(altered, NetMistake::kSign);
    } else if (altered.kind == OpKind::kSpread && spec_.has(NetMistake::kMeanForgotten)) {
      altered.attributes.divisor = 1;
      say(altered, NetMistake::kMeanForgotten);
    } else if (altered.kind == OpKind::kMatMul && name.ends_with(".w.grad") && spec_.has(NetMistake::kWeightForInput)) {
      return take_weight_for_input(number, name);
    } else if (altered.kind == OpKind::kMatMul && !name.ends_with(".w.grad")) {
      return alter_way_back(number);
    }
    return 0;
  }

  // A layer's backward calls are dx, then dw. Updated weights on the way back need dw before.
  void put_weights_first() {
    for (std::size_t number = 1; number < program_.calls.size(); ++number) {
      const bool pair = call(number).kind == OpKind::kMatMul && call(number - 1).kind == OpKind::kMatMul && call(number).phase == Phase::kBackward &&
                        call(number - 1).phase == Phase::kBackward && name_of(number).ends_with(".w.grad") && call(number).inputs[0] == call(number - 1).inputs[0];
      if (!pair) continue;
      std::swap(call(number), call(number - 1));
      for (const std::size_t moved : {number, number - 1}) set_producer(moved);
    }
  }

  // ∂E/∂w = (Σ_n ∂E/∂net_n) · w, row by row.
  std::size_t take_weight_for_input(std::size_t number, const std::string& name) {
    const std::string weights = name.substr(0, name.size() - std::string_view(".grad").size());
    const std::string layer = weights.substr(0, weights.find('.'));
    OpAttributes attributes;
    attributes.shape = Shape{program_.info(program_.find(weights)).shape[0]};
    const TensorId sum = insert(number, OpKind::kBiasGrad, attributes, {call(number).inputs[0]}, layer + ".net.grad.sum", "y_j = Σ_n ∂E/∂net_j");
    OpCall& altered = call(number + 1);
    altered.kind = OpKind::kScale;
    altered.attributes = {};
    set_inputs(altered, {sum, program_.find(weights)});
    say(altered, NetMistake::kWeightForInput);
    return 1;
  }

  // dx = dnet · w: the inputs are ∂E/∂net and w.
  std::size_t alter_way_back(std::size_t number) {
    std::size_t inserted = 0;
    const TensorId w = call(number).inputs[1];
    if (spec_.has(NetMistake::kUpdatedWeights)) {
      const TensorId dw = program_.gradient_of[static_cast<std::size_t>(w)], lr = program_.find("lr");
      const TensorId next = insert(number, OpKind::kSgdStep, {}, {w, dw, lr}, program_.info(w).name + ".next", "w′ = w − η · ∂E/∂w");
      inserted = 1;
      ++number;
      set_inputs(call(number), {call(number).inputs[0], next});
      say(call(number), NetMistake::kUpdatedWeights);
    }
    const Shape& shape = program_.info(w).shape;
    if (spec_.has(NetMistake::kTransposeForgotten) && shape[0] == shape[1] && shape[0] > 1) {
      call(number).attributes.transpose_b = !call(number).attributes.transpose_b;
      say(call(number), NetMistake::kTransposeForgotten);
    }
    return inserted;
  }

  void set_inputs(OpCall& call, std::vector<TensorId> inputs) {
    call.inputs = std::move(inputs);
    call.in_shapes.clear();
    for (const TensorId id : call.inputs) call.in_shapes.push_back(program_.info(id).shape);
  }
  void set_producer(std::size_t number) {
    for (const TensorId out : call(number).outputs) program_.tensors[static_cast<std::size_t>(out)].producer = static_cast<int>(number);
  }

  TensorId insert(std::size_t before, OpKind kind, const OpAttributes& attributes, std::vector<TensorId> inputs, std::string name, const char* formula) {
    const TensorId made = program_.add_call(kind, attributes, std::move(inputs), std::move(name), TensorKind::kGradient, Phase::kBackward, formula);
    std::rotate(program_.calls.begin() + static_cast<std::ptrdiff_t>(before), program_.calls.end() - 1, program_.calls.end());
    for (std::size_t moved = before; moved < program_.calls.size(); ++moved) set_producer(moved);
    return made;
  }

  Program& program_;
  const NetSpec& spec_;
};

}  // namespace

const NetMistakeText& mistake_text(NetMistake mistake) { return kTexts[static_cast<std::size_t>(mistake)]; }

void make_mistakes(Program& program, const NetSpec& spec) {
  if (spec.mistakes != 0) Mistakes(program, spec).make();
}

}  // namespace chainrule
