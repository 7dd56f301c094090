// FakeLesson: the smallest model that trains, for testing what handles lessons. Each step draws a number x and moves
// the parameter w towards it: grad = w − x, w′ = w − rate·grad.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "web/lesson_kit/lesson.h"

namespace chainrule {

class FakeLesson final : public Lesson {
 public:
  static constexpr std::int64_t kWork = 100;  // multiply-adds that a step pretends to take

  FakeLesson();

  const LessonInfo& info() const override { return info_; }
  std::span<const ParamSpec> params() const override { return params_; }
  double param(std::string_view name) const override;
  std::unique_ptr<Lesson> sibling() const override;

  /// "big-data" while the param data asks for it and it has not been received.
  std::string wanted_asset() const override;
  Status receive(std::string_view asset, const std::vector<Blob>& files) override;
  void asset_failed(std::string_view asset) override;

  void reset(std::uint64_t seed) override;
  Status apply(const Action& action) override;
  bool advance(std::int64_t budget) override;
  std::int64_t work_per_step() const override { return kWork; }
  bool idle_work(std::int64_t budget) override;

  std::int64_t step() const override { return step_; }
  std::string_view phase() const override { return done_ == 0 ? "" : done_ <= 60 ? "forward" : "backward"; }
  std::optional<double> loss() const override;
  std::vector<Metric> metrics() const override { return {{"steps", static_cast<double>(step_)}}; }
  std::string divergence() const override;
  std::uint64_t state_hash() const override;
  Snapshot save() const override;
  void restore(const Snapshot& snapshot) override;
  Status check(const Snapshot& snapshot) const override;

  std::vector<TensorSummary> tensors() const override;
  Result<TensorValues> tensor(std::string_view name) const override;
  Result<Explanation> explain(const ElementRef& element) const override;
  void draw(DrawContext&) const override {}

  /// Bytes that snapshots are padded with, so that they cost as much as a large model's.
  std::size_t ballast = 0;
  /// Siblings made so far, from this lesson and its siblings.
  int siblings() const { return *siblings_; }

 private:
  enum Param { kRate, kNoise, kCount, kMode, kGrid, kData };

  bool known() const { return step_ > 0 && known_step_ == step_; }

  LessonInfo info_{"fake", "A fake", "One parameter.", "Tests", "000"};
  std::vector<ParamSpec> params_;
  std::vector<double> values_ = {0.1, 1, 3, 0, 0, 0};

  std::uint64_t seed_ = 0;
  std::int64_t step_ = 0;
  std::int64_t done_ = 0;         // work done on the step that is under way
  std::int64_t known_step_ = -1;  // of x, grad, and w before the update
  float w_ = 0.0f, w_before_ = 0.0f, x_ = 0.0f, grad_ = 0.0f, rate_ = 0.0f;
  bool assigned_ = false;
  std::int64_t idle_step_ = -1;
  std::shared_ptr<bool> received_ = std::make_shared<bool>(false);
  std::shared_ptr<int> siblings_ = std::make_shared<int>(0);
};

std::unique_ptr<Lesson> make_fake();

}  // namespace chainrule
