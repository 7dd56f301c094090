#include "engine/landscape/evaluation_set.h"

#include <algorithm>

#include "engine/graph/graph.h"

namespace chainrule {
namespace {

Program mean_of(int samples) {
  Graph graph;
  const TensorId each = graph.input("each", Shape{samples});
  graph.begin_loss();
  const TensorId loss = graph.apply(OpKind::kMean, {}, {each}, "loss");
  Program program = graph.program();
  program.loss = loss;
  return program;
}

}  // namespace

EvaluationSet::EvaluationSet(ForwardPass pass, std::vector<float> x, std::vector<float> target)
    : pass_(std::move(pass)),
      layout_(pass_.program),
      backend_(pass_.program),
      x_(std::move(x)),
      target_(std::move(target)),
      batch_(pass_.program.info(pass_.x).shape[0]),
      // The divisor is the inner size of a sample.
      mean_program_(mean_of(static_cast<int>(x_.size()) / static_cast<int>(pass_.program.info(pass_.x).shape.inner_size()))),
      all_(mean_program_.find("each")),
      mean_(mean_program_) {
  samples_ = static_cast<int>(mean_program_.info(all_).shape[0]);
  CHECK(samples_ > 0 && samples_ % batch_ == 0, samples_, " samples in batches of ", batch_);
  for (const OpCall& call : pass_.program.calls) work_ += Program::work_of(call);
  work_ *= samples_ / batch_;
  next_sample_ = samples_;
}

void EvaluationSet::begin(std::span<const float> theta) {
  CHECK(theta.size() == layout_.size(), theta.size(), " numbers for ", layout_.size(), " parameters");
  for (const ParameterLayout::Block& block : layout_.blocks())
    backend_.upload(pass_.program.find(block.name), theta.subspan(block.begin, block.size()));
  next_sample_ = 0;
  next_call_ = 0;
}

void EvaluationSet::load(int first_sample) {
  Buffers<float>& buffers = backend_.buffers();
  for (const auto& [id, all] : {std::pair(pass_.x, &x_), {pass_.target, &target_}}) {
    const std::span<float> to = buffers[id];
    const auto from = all->begin() + static_cast<std::ptrdiff_t>(to.size() / static_cast<std::size_t>(batch_)) * first_sample;
    std::copy_n(from, to.size(), to.begin());
  }
}

bool EvaluationSet::advance(std::int64_t budget) {
  const std::vector<OpCall>& calls = pass_.program.calls;
  while (next_sample_ < samples_) {
    if (next_call_ == 0) load(next_sample_);
    while (next_call_ < calls.size() && budget > 0) {
      backend_.enqueue(next_call_);
      budget -= Program::work_of(calls[next_call_++]);
    }
    if (next_call_ < calls.size()) return false;
    std::ranges::copy(backend_.buffers()[pass_.each], mean_.buffers()[all_].begin() + next_sample_);
    next_call_ = 0;
    next_sample_ += batch_;
    if (next_sample_ == samples_) mean_.enqueue(0);
  }
  return true;
}

float EvaluationSet::loss_at(std::span<const float> theta) {
  begin(theta);
  while (!advance(work_)) {
  }
  return loss();
}

const Buffers<float>& EvaluationSet::buffers_of(int sample) {
  load(sample / batch_ * batch_);
  for (std::size_t call = 0; call < pass_.program.calls.size(); ++call) backend_.enqueue(call);
  next_call_ = 0;
  return backend_.buffers();
}

}  // namespace chainrule
