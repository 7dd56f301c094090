#include "web/lessons/inside/top_digits.h"

#include <algorithm>
#include <numeric>

#include "engine/data/batcher.h"

namespace chainrule {
namespace {

constexpr int kBatch = 5;  // some milliseconds' work

void insert(std::vector<TopDigits::Entry>& best, const TopDigits::Entry& entry) {
  const auto at = std::ranges::find_if(best, [&](const TopDigits::Entry& other) { return entry.value > other.value; });
  best.insert(at, entry);
  if (best.size() > TopDigits::kMost) best.pop_back();
}

}  // namespace

TopDigits::TopDigits(DigitModelOptions model, std::span<const float> parameters, std::shared_ptr<const ImageSet> images) : images_(std::move(images)) {
  model.batch = kBatch;
  const DigitClassifier built = build_digit_model(model);
  program_ = built.graph.program();
  x_ = built.x;
  labels_ = built.labels;
  backend_ = std::make_unique<CpuBackend>(program_);
  for (const TensorId id : program_.of_kind(TensorKind::kParameter)) {
    const auto size = static_cast<std::size_t>(program_.info(id).shape.size());
    backend_->upload(id, parameters.first(size));
    parameters = parameters.subspan(size);
  }
  for (std::size_t layer = 0; layer < kLayers.size(); ++layer) {
    values_[layer] = program_.find(std::string(kLayers[layer]) + ".net");
    best_[layer].resize(static_cast<std::size_t>(program_.info(values_[layer]).shape[1]));
  }
  for (const OpCall& call : program_.calls) work_ += Program::work_of(call);
}

bool TopDigits::advance(std::int64_t budget) {
  while (done_ < count()) {
    run_batch();
    budget -= work_;
    if (budget <= 0) break;
  }
  return done_ >= count();
}

void TopDigits::run_batch() {
  std::array<std::uint32_t, kBatch> indices{};
  // The last batch is filled up with its last digit; what is over is not counted.
  for (int i = 0; i < kBatch; ++i) indices[static_cast<std::size_t>(i)] = static_cast<std::uint32_t>(std::min(done_ + i, count() - 1));
  Buffers<float>& buffers = backend_->buffers();
  gather(*images_, indices, buffers[x_], buffers[labels_]);
  for (std::size_t call = 0; call < program_.calls.size(); ++call) backend_->enqueue(call);
  const int fresh = std::min(kBatch, count() - done_);
  for (int i = 0; i < fresh; ++i)
    for (std::size_t layer = 0; layer < kLayers.size(); ++layer) {
      const std::size_t units = best_[layer].size(), places = buffers[values_[layer]].size() / (units * kBatch);
      for (std::size_t unit = 0; unit < units; ++unit) {
        const auto map = buffers[values_[layer]].subspan((static_cast<std::size_t>(i) * units + unit) * places, places);
        const auto greatest = std::ranges::max_element(map);
        insert(best_[layer][unit], {done_ + i, *greatest, greatest - map.begin()});
      }
    }
  done_ += fresh;
}

}  // namespace chainrule
