#include "web/lessons/digit_probe.h"

#include <algorithm>

namespace chainrule {
namespace {

Program probe_program(const DigitModelOptions& model) {
  DigitModelOptions single = model;
  single.batch = 1;
  const DigitClassifier built = build_digit_model(single);
  Program program = built.graph.program();
  append_backward(program, built.head.loss, true);
  return program;
}

}  // namespace

DigitProbe::DigitProbe(const DigitModelOptions& model)
    : program_(probe_program(model)),
      x_(program_.find("x")),
      labels_(program_.find("label")),
      probabilities_(program_.find("softmax.p")),
      backend_(program_) {
  const OpCall& loss = program_.calls[static_cast<std::size_t>(program_.info(probabilities_).producer)];
  logits_ = loss.inputs[0];
}

void DigitProbe::run(const DigitTrainer& trainer, std::span<const float> pixels, int label) {
  for (const TensorId id : program_.of_kind(TensorKind::kParameter))
    backend_.upload(id, trainer.trainer().current(trainer.program().find(program_.info(id).name)));
  backend_.upload(x_, pixels);
  const auto run_all = [&](float target) {
    backend_.upload(labels_, std::span(&target, 1));
    for (std::size_t call = 0; call < program_.calls.size(); ++call) backend_.enqueue(call);
  };
  run_all(static_cast<float>(std::max(label, 0)));
  if (label >= 0) return;
  const std::span<const float> p = buffers()[probabilities_];
  run_all(static_cast<float>(std::ranges::max_element(p) - p.begin()));
}

}  // namespace chainrule
