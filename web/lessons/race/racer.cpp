#include "web/lessons/race/racer.h"

#include <algorithm>
#include <cmath>

namespace chainrule {
namespace {

const Shape kOne{1};

OptimizerOptions options_of(const ParamValues& params) {
  OptimizerOptions options;
  options.in_parts = true;
  options.adam = static_cast<AdamForm>(params.whole("adam-form"));
  return options;
}

/// A formula without x has no gradient for it: 0, and it says so.
void fill_gradient(Program& program, TensorId parameter) {
  TensorId& gradient = program.gradient_of[static_cast<std::size_t>(parameter)];
  if (gradient != kNoTensor) return;
  TensorInfo info;
  info.name = program.info(parameter).name + ".grad";
  info.shape = kOne;
  info.kind = TensorKind::kConstant;
  const TensorId zero = program.add_tensor(std::move(info));
  program.gradient_of[static_cast<std::size_t>(parameter)] = zero;
}

}  // namespace

Racer::Racer(int kind, const Expression& f, const ParamValues& params) : kind_(kind) {
  Graph graph;
  x_ = graph.parameter("x", kOne, {});
  y_ = graph.parameter("y", kOne, {});
  const TensorId height = append_expression(graph, f, x_, y_);
  if (height != x_ && height != y_) graph.rename(height, "f");
  program_ = graph.program();
  append_backward(program_, height);
  fill_gradient(program_, x_);
  fill_gradient(program_, y_);
  append_updates(program_, kRacers[kind].optimizer, options_of(params));
  append_changes(program_);
  now_ = Buffers<float>(program_);
  const std::string id = kRacers[kind].id;
  set_hyper("lr", static_cast<float>(params["lr-" + id]));
  set_hyper("momentum", static_cast<float>(params["beta"]));
  set_hyper("rho", static_cast<float>(params["rho"]));
  set_hyper("beta1", static_cast<float>(params["beta1"]));
  set_hyper("beta2", static_cast<float>(params["beta2"]));
  for (const TensorKind of : {TensorKind::kParameter, TensorKind::kState})
    for (const TensorId tensor : program_.of_kind(of)) state_.push_back(tensor);
}

void Racer::set_hyper(std::string_view name, float value) {
  if (const TensorId id = program_.find(name); id != kNoTensor) now_[id][0] = value;
}

void Racer::start(Point2 start) {
  for (const TensorId id : state_) now_[id][0] = program_.info(id).fill;
  now_[x_][0] = start.x;
  now_[y_][0] = start.y;
  before_.reset();
  path_ = {};
  stopped_ = -1;
  run(0);
}

void Racer::run(std::int64_t step) {
  for (const OpCall& call : program_.calls) run_reference(call, now_);
  path_.put(step, value(x_), value(y_), height());
  stopped_ = stopped_by().empty() ? -1 : step;
}

std::string Racer::stopped_by() const {
  for (const TensorId id : {x_, y_, f(), program_.gradient_of[static_cast<std::size_t>(x_)], program_.gradient_of[static_cast<std::size_t>(y_)]})
    if (!std::isfinite(value(id))) return program_.info(id).name;
  return "";
}

void Racer::advance(std::int64_t step) {
  if (stopped_ >= 0) return;
  if (before_ == nullptr) before_ = std::make_unique<Buffers<float>>(program_);
  *before_ = now_;
  now_.trade_places();
  run(step);
}

void Racer::restore(std::int64_t step, std::int64_t stopped, RacePath path) {
  before_.reset();
  path_ = std::move(path);
  if (stopped < 0) return run(step);
  for (const OpCall& call : program_.calls) run_reference(call, now_);
  stopped_ = stopped;
}

std::vector<float> surface_grid(const Expression& f, double x_low, double x_high, int nx, double y_low, double y_high, int ny) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{nx}), y = graph.input("y", Shape{nx});
  const TensorId height = append_expression(graph, f, x, y);
  const Program& program = graph.program();
  Buffers<float> buffers(program);
  for (int i = 0; i < nx; ++i) buffers[x][static_cast<std::size_t>(i)] = static_cast<float>(x_low + (x_high - x_low) * i / (nx - 1));
  std::vector<float> heights;
  heights.reserve(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny));
  for (int j = 0; j < ny; ++j) {
    std::ranges::fill(buffers[y], static_cast<float>(y_low + (y_high - y_low) * j / (ny - 1)));
    for (const OpCall& call : program.calls) run_reference(call, buffers);
    heights.insert(heights.end(), buffers[height].begin(), buffers[height].end());
  }
  return heights;
}

QuadraticFacts::QuadraticFacts(const Quadratic& q) {
  Graph graph;
  const TensorId xx = graph.input("h.xx", kOne), xy = graph.input("h.xy", kOne), yy = graph.input("h.yy", kOne);
  const TensorId two = graph.constant("2", kOne, 2.0f);
  const auto apply = [&](OpKind kind, TensorId a, TensorId b, const char* name) { return graph.apply(kind, {}, {a, b}, name); };
  // The roots of λ² − (xx + yy) λ + xx yy − xy²: the middle of the diagonal, and as far to either side as √(d² + xy²).
  const TensorId middle = apply(OpKind::kDivide, apply(OpKind::kAdd, xx, yy, "h.xx + h.yy"), two, "middle");
  const TensorId d = apply(OpKind::kDivide, apply(OpKind::kSubtract, xx, yy, "h.xx − h.yy"), two, "d");
  const TensorId squares = apply(OpKind::kAdd, apply(OpKind::kMultiply, d, d, "d²"), apply(OpKind::kMultiply, xy, xy, "h.xy²"), "d² + h.xy²");
  OpAttributes root;
  root.function = Function::kSqrt;
  const TensorId radius = graph.apply(OpKind::kElementary, root, {squares}, "radius");
  const TensorId most = apply(OpKind::kAdd, middle, radius, "λ.max"), least = apply(OpKind::kSubtract, middle, radius, "λ.min");
  apply(OpKind::kDivide, most, least, "κ");
  apply(OpKind::kDivide, two, most, "η.stable");
  const TensorId sum = apply(OpKind::kAdd, most, least, "λ.max + λ.min");
  apply(OpKind::kDivide, two, sum, "η.best");
  apply(OpKind::kDivide, apply(OpKind::kSubtract, most, least, "λ.max − λ.min"), sum, "factor");
  program_ = graph.program();
  buffers_ = Buffers<float>(program_);
  buffers_[xx][0] = static_cast<float>(q.xx);
  buffers_[xy][0] = static_cast<float>(q.xy);
  buffers_[yy][0] = static_cast<float>(q.yy);
  for (const OpCall& call : program_.calls) run_reference(call, buffers_);
}

}  // namespace chainrule
