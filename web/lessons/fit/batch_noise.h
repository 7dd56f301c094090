// "Batch size": the gradients of many mini-batches as a cloud around the gradient of all points, in the plane of two weights, with the
// covariance that is measured and the one that is expected. A step is an update with one of the batches.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/math/rng.h"
#include "web/lessons/fit/fit_lesson.h"

namespace chainrule {

struct BatchNoiseView;

class BatchNoise final : public FitLesson {
 public:
  static constexpr int kDraws = 200;  // batches of a cloud

  BatchNoise();

  std::unique_ptr<Lesson> sibling() const override;
  std::vector<Metric> metrics() const override;
  void draw(DrawContext& context) const override;

  // ---------------------------------------------------------------------------------------------- for its drawing
  bool is_network() const { return params_.whole("model") == 1; }
  bool replaces() const { return params_.on("replacement"); }
  int batch_size() const override;
  /// The names of the two weights whose gradients are shown: "w0", "fc1.w[2]".
  std::string weight_name(int which) const;
  /// Batch sizes 1, 2, 4, ... up to all points, for each of which the variance is measured.
  std::vector<int> ladder() const;
  std::span<const float> losses() const { return losses_; }

 private:
  FitPoints start_points() const override;
  Program make_program() const override;
  void fill(Buffers<float>& buffers) const override;
  void remember() override { put(losses_, values("J")[0]); }
  void forget() override { losses_.clear(); }
  std::vector<std::uint32_t> next_batch() const override;
  std::string leaf_text(const std::string& tensor, std::int64_t index) const override;
  int shown_weight(int which) const;

  std::vector<float> losses_;
  mutable std::shared_ptr<BatchNoiseView> view_;
};

/// `batch` of `count` samples: each drawn from all of them, or from those that are left. Requires: batch <= count, or `replace`.
void draw_samples(Rng& rng, int count, bool replace, std::span<float> batch);

}  // namespace chainrule
