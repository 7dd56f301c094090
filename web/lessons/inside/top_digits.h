// TopDigits: for each unit of a LeNet the nine digits to which it answers most.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "engine/backend/cpu/cpu_backend.h"
#include "engine/data/dataset.h"
#include "web/lessons/unit_probe.h"

namespace chainrule {

class TopDigits {
 public:
  static constexpr int kMost = 9;
  /// The layers that are looked at, by their weighted sums: conv1, conv2, fc1, fc2.
  static constexpr std::array<std::string_view, 4> kLayers = {"conv1", "conv2", "fc1", "fc2"};

  struct Entry {
    int digit = 0;
    float value = 0.0f;      // the unit's net; of a feature map the largest anywhere in it
    std::int64_t place = 0;  // where in the map
    bool operator==(const Entry&) const = default;
  };

  TopDigits(DigitModelOptions model, std::span<const float> parameters, std::shared_ptr<const ImageSet> images);
  TopDigits(const TopDigits&) = delete;
  TopDigits& operator=(const TopDigits&) = delete;

  /// Works for about `budget` multiply-adds, at least a few digits; true when all digits have been through.
  bool advance(std::int64_t budget);
  int done() const { return done_; }
  int count() const { return images_->count; }
  /// So far, the greatest first; of equals the digit that comes first.
  std::span<const Entry> of(int layer, int unit) const { return best_[static_cast<std::size_t>(layer)][static_cast<std::size_t>(unit)]; }
  int units(int layer) const { return static_cast<int>(best_[static_cast<std::size_t>(layer)].size()); }

 private:
  void run_batch();

  std::shared_ptr<const ImageSet> images_;
  Program program_;
  std::unique_ptr<CpuBackend> backend_;
  TensorId x_ = kNoTensor, labels_ = kNoTensor;
  std::array<TensorId, kLayers.size()> values_{};
  std::array<std::vector<std::vector<Entry>>, kLayers.size()> best_;
  std::int64_t work_ = 0;  // of one batch
  int done_ = 0;
};

}  // namespace chainrule
