// LossTrace: the errors of a training, thinned out as they become many.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace chainrule {

/// Holds the error of every stride-th step, at most kMost of them. What it holds depends on the errors alone.
class LossTrace {
 public:
  static constexpr std::size_t kMost = 1024;

  /// The error after `step` updates; the last one may be replaced. Requires: steps come without gaps.
  void put(std::int64_t step, float error) {
    if (step % stride_ != 0) return;
    const auto place = static_cast<std::size_t>(step / stride_);
    errors_.resize(place);
    errors_.push_back(error);
    if (errors_.size() <= kMost) return;
    for (std::size_t i = 0; 2 * i < errors_.size(); ++i) errors_[i] = errors_[2 * i];
    errors_.resize((errors_.size() + 1) / 2);
    stride_ *= 2;
  }
  void restore(std::int64_t stride, std::vector<float> errors) {
    stride_ = stride;
    errors_ = std::move(errors);
  }
  /// Point i belongs to step i · stride.
  std::span<const float> errors() const { return errors_; }
  std::int64_t stride() const { return stride_; }

 private:
  std::int64_t stride_ = 1;
  std::vector<float> errors_;
};

}  // namespace chainrule
