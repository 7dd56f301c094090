// Racer: one optimizer on its way down a surface. A step is one update of x and y.
//
// At step t the place is that after t updates, and everything else was computed from it: the height, the gradient, and the
// update to come. A place of step t > 0 is explained by the update of step t − 1.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/graph/buffers.h"
#include "engine/optim/expression.h"
#include "engine/optim/optimizer.h"
#include "engine/optim/surfaces.h"
#include "web/lesson_kit/param_table.h"
#include "web/lesson_kit/step_trace.h"

namespace chainrule {

/// Optimizers in the order of the lesson, which is that of the lectures.
struct RacerKind {
  const char* id;     // in names of params and tensors
  const char* label;
  OptimizerKind optimizer;
};
inline constexpr RacerKind kRacers[] = {{"gd", "GD", OptimizerKind::kSgd},
                                        {"momentum", "Momentum", OptimizerKind::kMomentum},
                                        {"nesterov", "Nesterov", OptimizerKind::kNesterov},
                                        {"adagrad", "AdaGrad", OptimizerKind::kAdaGrad},
                                        {"rmsprop", "RMSProp", OptimizerKind::kRmsProp},
                                        {"adam", "Adam", OptimizerKind::kAdam}};
inline constexpr int kRacerCount = static_cast<int>(std::size(kRacers));

/// The places of a racer and their heights. All three have the same steps.
struct RacePath {
  StepTrace x, y, f;

  /// The place after `step` updates; see StepTrace::put.
  void put(std::int64_t step, float at_x, float at_y, float height) {
    x.put(step, at_x);
    y.put(step, at_y);
    f.put(step, height);
  }
};

class Racer {
 public:
  /// Requires: `f` is a formula; params are the lesson's.
  Racer(int kind, const Expression& f, const ParamValues& params);

  /// To step 0 at `start`.
  void start(Point2 start);
  /// To the next step, unless it has stopped.
  void advance(std::int64_t step);
  /// Computes everything again from the place as it is.
  void run(std::int64_t step);

  const RacerKind& kind() const { return kRacers[kind_]; }
  const Program& program() const { return program_; }
  const Buffers<float>& now() const { return now_; }
  /// Of the step before; empty at the start and after a restore.
  const Buffers<float>* before() const { return before_.get(); }
  std::span<float> values(TensorId id) { return now_[id]; }
  TensorId x() const { return x_; }
  TensorId y() const { return y_; }
  TensorId f() const { return program_.loss; }
  float value(TensorId id) const { return now_[id][0]; }
  Point2 place() const { return {value(x_), value(y_)}; }
  float height() const { return value(f()); }
  const RacePath& path() const { return path_; }
  /// The step whose place, height or gradient is not finite; −1 while all are.
  std::int64_t stopped() const { return stopped_; }
  /// What is not finite there: "f", "x.grad".
  std::string stopped_by() const;
  /// What decides its future: places and the optimizer's memory.
  const std::vector<TensorId>& state() const { return state_; }
  /// After `values` of the state were written.
  void restore(std::int64_t step, std::int64_t stopped, RacePath path);

 private:
  void set_hyper(std::string_view name, float value);

  int kind_;
  Program program_;
  TensorId x_ = kNoTensor, y_ = kNoTensor;
  Buffers<float> now_;
  std::unique_ptr<Buffers<float>> before_;
  std::vector<TensorId> state_;
  RacePath path_;
  std::int64_t stopped_ = -1;
};

/// Heights on a grid, by the same ops in rows.
std::vector<float> surface_grid(const Expression& f, double x_low, double x_high, int nx, double y_low, double y_high, int ny);

/// What a quadratic's Hessian matrix says about gradient descent, as ops: h.xx, h.xy, h.yy; λ.max, λ.min, κ, η.stable, η.best, factor.
class QuadraticFacts {
 public:
  explicit QuadraticFacts(const Quadratic& q);
  const Program& program() const { return program_; }
  const Buffers<float>& buffers() const { return buffers_; }
  float operator[](std::string_view name) const { return buffers_[program_.find(name)][0]; }

 private:
  Program program_;
  Buffers<float> buffers_;
};

}  // namespace chainrule
