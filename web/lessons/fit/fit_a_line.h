// "Fit a line": points that people drag, the line w0 + w1·x through them, and the loss over both weights with the way that gradient
// descent goes. The closed form, the curvatures and the stable rate are ops of the same program.
#pragma once

#include <memory>
#include <vector>

#include "web/lessons/fit/fit_lesson.h"
#include "web/widgets/plane_view.h"

namespace chainrule {

struct FitLineView;

/// The loss of many lines at once, by three ops: residuals of all points for all weights, their squares, and the sums.
class LineLosses {
 public:
  /// J at `nx` x `ny` places of the range, row by row from y_low up. Requires: points.
  std::span<const float> grid(const FitPoints& points, const PlaneRange& range, int nx, int ny);
  /// J of one line.
  float at(const FitPoints& points, PlanePoint w);

 private:
  void prepare(std::size_t points, int places);
  std::span<const float> run(const FitPoints& points, std::span<const float> weights);

  Program program_;
  Buffers<float> buffers_;
  std::size_t points_ = 0;
  int places_ = 0;
};

class FitALine final : public FitLesson {
 public:
  FitALine();

  std::unique_ptr<Lesson> sibling() const override;
  Status apply(const Action& action) override;
  bool merge(Action& last, const Action& next) const override;
  std::vector<Metric> metrics() const override;
  void draw(DrawContext& context) const override;

  // ---------------------------------------------------------------------------------------------- for its drawing
  /// Of each step from 0 on; NaN where it is not remembered: w0, w1, the loss of all points, the loss of the batch.
  struct History {
    std::vector<float> w0, w1, loss, batch_loss;
  };
  const History& history() const { return history_; }

 private:
  FitPoints start_points() const override;
  Program make_program() const override;
  void fill(Buffers<float>& buffers) const override;
  void remember() override;
  void forget() override { history_ = {}; }
  int batch_size() const override;
  std::string leaf_text(const std::string& tensor, std::int64_t index) const override;
  bool points_are_free() const override { return true; }
  Status change_points(const Action& action);

  History history_;
  mutable std::shared_ptr<FitLineView> view_;  // what people look at: no part of the model
};

}  // namespace chainrule
