#include "web/lessons/digit_stages.h"

namespace chainrule {
namespace {

std::string caption_of(const Program& program, std::string_view layer) {
  std::string caption;
  for (const OpCall& call : program.calls) {
    if (call.phase > Phase::kLoss || layer_of(program.info(call.outputs[0]).name) != layer) continue;
    const Shape& first = call.in_shapes[0];
    switch (call.kind) {
      case OpKind::kConv2d: {
        const Shape& w = call.in_shapes[1];
        caption = "convolution " + std::to_string(w[2]) + "×" + std::to_string(w[3]) + ", " + std::to_string(w[0]) + " kernels";
        break;
      }
      case OpKind::kMatMul:
        caption = "dense, " + std::to_string(first[1]) + " → " + std::to_string(call.out_shapes[0][1]);
        break;
      case OpKind::kMaxPool: caption = "max pool " + std::to_string(call.attributes.window) + "×" + std::to_string(call.attributes.window); break;
      case OpKind::kActivate:
        caption += ", " + std::string(kActivationNames[static_cast<std::size_t>(call.attributes.activation)]);
        break;
      default: break;
    }
  }
  return caption;
}

}  // namespace

std::string_view layer_of(std::string_view tensor) { return tensor.substr(0, tensor.find('.')); }

std::vector<StageView> stages_of(const StageSource& source, std::deque<std::string>& texts) {
  const Program& program = source.program;
  const auto text = [&](std::string value) -> std::string_view { return texts.emplace_back(std::move(value)); };
  const auto tensor = [&](TensorId id, const std::string& prefix) {
    return id == kNoTensor ? NamedTensor{} : NamedTensor{text(prefix + program.info(id).name), program.info(id).shape, source.buffers[id]};
  };
  std::vector<StageView> stages;
  StageView input;
  input.kind = StageView::Kind::kImage;
  input.title = "input";
  input.caption = "28×28 pixels, 0 to 1";
  input.values = tensor(source.x, source.prefix);
  stages.push_back(input);
  for (std::size_t call = 0; call < program.calls.size(); ++call) {
    const OpCall& op = program.calls[call];
    if (op.phase != Phase::kForward) break;
    const TensorId out = op.outputs[0];
    const std::string_view layer = layer_of(program.info(out).name);
    const bool last = call + 1 == program.calls.size() || program.calls[call + 1].phase != Phase::kForward ||
                      layer_of(program.info(program.calls[call + 1].outputs[0]).name) != layer;
    if (!last) continue;
    StageView stage;
    stage.kind = out == source.logits                  ? StageView::Kind::kScores
                 : program.info(out).shape.rank() == 4 ? StageView::Kind::kMaps
                                                       : StageView::Kind::kUnits;
    stage.title = text(std::string(layer));
    stage.caption = text(caption_of(program, layer));
    stage.values = tensor(out, source.prefix);
    stage.weights = tensor(program.find(std::string(layer) + ".w"), source.weight_prefix);
    stage.bias = tensor(program.find(std::string(layer) + ".b"), source.weight_prefix);
    stage.parameters = static_cast<std::int64_t>(stage.weights.data.size() + stage.bias.data.size());
    stages.push_back(stage);
  }
  StageView probabilities;
  probabilities.kind = StageView::Kind::kProbabilities;
  probabilities.title = "softmax";
  probabilities.caption = "10 probabilities";
  probabilities.values = tensor(source.probabilities, source.prefix);
  stages.push_back(probabilities);
  return stages;
}

}  // namespace chainrule
