// StepTrace: a number of each step of a run, thinned out as they become many.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace chainrule {

/// Holds the number of every stride-th step, at most kMost of them. What it holds depends on the numbers alone.
class StepTrace {
 public:
  static constexpr std::size_t kMost = 1024;

  /// The number after `step` updates; the last one may be replaced. Requires: steps come without gaps.
  void put(std::int64_t step, float value) {
    if (step % stride_ != 0) return;
    const auto place = static_cast<std::size_t>(step / stride_);
    values_.resize(place);
    values_.push_back(value);
    if (values_.size() <= kMost) return;
    for (std::size_t i = 0; 2 * i < values_.size(); ++i) values_[i] = values_[2 * i];
    values_.resize((values_.size() + 1) / 2);
    stride_ *= 2;
  }
  void restore(std::int64_t stride, std::vector<float> values) {
    stride_ = stride;
    values_ = std::move(values);
  }
  /// Point i belongs to step i · stride.
  std::span<const float> values() const { return values_; }
  std::int64_t stride() const { return stride_; }

 private:
  std::int64_t stride_ = 1;
  std::vector<float> values_;
};

}  // namespace chainrule
