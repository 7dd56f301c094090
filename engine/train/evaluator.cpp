#include "engine/train/evaluator.h"

#include <algorithm>
#include <numeric>

#include "engine/data/batcher.h"

namespace chainrule {

Evaluator::Evaluator(Program forward, TensorId x, TensorId labels, TensorId probabilities)
    : program_(std::move(forward)),
      backend_(program_),
      x_(x),
      labels_(labels),
      probabilities_(probabilities),
      confusion_(program_.info(probabilities).shape[1]),
      indices_(static_cast<std::size_t>(program_.info(x).shape[0])) {
  for (const OpCall& call : program_.calls) work_ += Program::work_of(call);
}

void Evaluator::start(const ImageSet& images, int count) {
  CHECK(count > 0 && count <= images.count, count, " of ", images.count, " images");
  images_ = &images;
  count_ = count;
  done_ = 0;
  loss_sum_ = 0.0;
  confusion_.clear();
  predicted_.assign(static_cast<std::size_t>(count), 0);
  confidence_.assign(static_cast<std::size_t>(count), 0.0f);
  truth_probability_ = confidence_;
}

void Evaluator::set_parameter(std::string_view name, std::span<const float> values) {
  const TensorId id = program_.find(name);
  CHECK(id != kNoTensor && program_.info(id).kind == TensorKind::kParameter, "no parameter is named ", name);
  backend_.upload(id, values);
}

bool Evaluator::advance(std::int64_t budget) {
  while (running()) {
    run_batch();
    budget -= work_;
    if (budget <= 0) break;
  }
  return !running();
}

void Evaluator::run_batch() {
  const int batch = static_cast<int>(indices_.size()), classes = confusion_.classes();
  // The last batch is filled up with its last image; what is over is not counted.
  for (int i = 0; i < batch; ++i)
    indices_[static_cast<std::size_t>(i)] = static_cast<std::uint32_t>(std::min(done_ + i, count_ - 1));
  Buffers<float>& buffers = backend_.buffers();
  gather(*images_, indices_, buffers[x_], buffers[labels_]);
  for (std::size_t call = 0; call < program_.calls.size(); ++call) backend_.enqueue(call);
  const TensorId each = program_.find("loss.each");
  const int fresh = std::min(batch, count_ - done_);
  for (int i = 0; i < fresh; ++i) {
    const auto row = buffers[probabilities_].subspan(static_cast<std::size_t>(i * classes), static_cast<std::size_t>(classes));
    const auto best = std::ranges::max_element(row);
    const auto image = static_cast<std::size_t>(done_ + i);
    predicted_[image] = static_cast<std::uint8_t>(best - row.begin());
    confidence_[image] = *best;
    truth_probability_[image] = row[images_->labels[image]];
    confusion_.add(images_->labels[image], predicted_[image]);
    loss_sum_ += static_cast<double>(buffers[each][static_cast<std::size_t>(i)]);
  }
  done_ += fresh;
}

}  // namespace chainrule
