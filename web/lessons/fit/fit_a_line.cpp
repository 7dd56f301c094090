#include "web/lessons/fit/fit_a_line.h"

#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "engine/graph/graph.h"
#include "engine/optim/optimizer.h"
#include "web/lessons/fit/fit_points.h"

namespace chainrule {
namespace {

constexpr float kFarthest = 100.0f;  // of a point from 0

std::vector<ParamSpec> make_params() {
  ParamTable table;
  table.choice("data", "Points", "Which points are fitted. Starts over.", std::span(kFitDataNames).first(4), 0);
  table.number("count", "How many", "Points of the set. Starts over.", ParamType::kInteger, 4, 40, 12);
  table.all_restart();
  table.choice("batch", "Gradient of", "The points whose mean gradient an update follows: all, one, or a mini-batch.", {"all", "one", "mini-batch"}, 0);
  table.number("size", "Mini-batch size B", "Points of a mini-batch.", ParamType::kInteger, 1, 40, 4);
  table.number("lr", "Learning rate", "How far one update goes along the gradient.", ParamType::kReal, 1e-3, 10, 0.2).logarithmic = true;
  ParamSpec& squares = table.toggle("squares", "Squares of the residuals", "Draws the square of each residual; the loss is half their mean area.", false);
  squares.changes_model = false;
  ParamSpec& logarithmic = table.toggle("log", "Logarithmic loss", "Contour lines at 1, 2, 5 times powers of ten instead of even ones, and a logarithmic axis of the loss.", true);
  logarithmic.changes_model = false;
  return table.take();
}

TensorId append(Program& program, OpKind kind, std::vector<TensorId> inputs, std::string name, TensorKind of, Phase phase, const OpAttributes& attributes = {}) {
  return program.add_call(kind, attributes, std::move(inputs), std::move(name), of, phase);
}

/// (XᵀX)·w = Xᵀy, what it costs there, and how the loss is curved.
void add_closed_form(Graph& graph, TensorId x, TensorId y, TensorId share) {
  OpAttributes transposed;
  transposed.transpose_a = true;
  const TensorId xx = graph.apply(OpKind::kMatMul, transposed, {x, x}, "XtX"), xy = graph.apply(OpKind::kMatMul, transposed, {x, y}, "Xty");
  const TensorId closed = graph.apply(OpKind::kSolve2, {}, {xx, xy}, "w.closed");
  const TensorId fitted = graph.apply(OpKind::kMatMul, {}, {x, closed}, "yhat.closed");
  const TensorId each = graph.apply(OpKind::kSquaredError, {}, {fitted, y}, "loss.closed");
  graph.apply(OpKind::kMean, {}, {each}, "J.closed");
  const TensorId curvature = graph.apply(OpKind::kScale, {}, {share, xx}, "H");
  const TensorId lambda = graph.apply(OpKind::kEigenvalues2, {}, {curvature}, "lambda");
  graph.apply(OpKind::kDivide, {}, {graph.input("two.each", Shape{2}), lambda}, "lr.limit");
  graph.apply(OpKind::kDivide, {}, {graph.input("two", Shape{1}), graph.apply(OpKind::kSum, {}, {lambda}, "lambda.sum")}, "lr.best");
}

}  // namespace

// ------------------------------------------------------------------------------------------------------ losses of many

void LineLosses::prepare(std::size_t points, int places) {
  if (points == points_ && places == places_) return;
  points_ = points;
  places_ = places;
  Graph graph;
  OpAttributes transposed, columns;
  transposed.transpose_b = true;
  columns.shape = Shape{places};
  const int n = static_cast<int>(points);
  const TensorId rows = graph.input("points", Shape{n, 3}), lines = graph.input("lines", Shape{places, 3});
  const TensorId residuals = graph.apply(OpKind::kMatMul, transposed, {rows, lines}, "residuals");  // w0 + w1 x − y
  const TensorId squares = graph.apply(OpKind::kMultiply, {}, {residuals, residuals}, "squares");
  const TensorId sums = graph.apply(OpKind::kBiasGrad, columns, {squares}, "sums");
  graph.apply(OpKind::kScale, {}, {graph.input("share", Shape{1}), sums}, "J");
  program_ = graph.program();
  buffers_ = Buffers<float>(program_);
}

std::span<const float> LineLosses::run(const FitPoints& points, std::span<const float> weights) {
  prepare(points.size(), static_cast<int>(weights.size() / 3));
  const std::span<float> rows = buffers_[program_.find("points")];
  for (std::size_t i = 0; i < points.size(); ++i) rows[3 * i] = 1.0f, rows[3 * i + 1] = points.x[i], rows[3 * i + 2] = points.y[i];
  std::ranges::copy(weights, buffers_[program_.find("lines")].begin());
  buffers_[program_.find("share")][0] = 0.5f / static_cast<float>(points.size());
  for (const OpCall& call : program_.calls) run_reference(call, buffers_);
  return buffers_[program_.find("J")];
}

std::span<const float> LineLosses::grid(const FitPoints& points, const PlaneRange& range, int nx, int ny) {
  std::vector<float> weights;
  for (int j = 0; j < ny; ++j) {
    for (int i = 0; i < nx; ++i) {
      weights.push_back(static_cast<float>(range.x_low + range.width() * i / (nx - 1)));
      weights.push_back(static_cast<float>(range.y_low + range.height() * j / (ny - 1)));
      weights.push_back(-1.0f);
    }
  }
  return run(points, weights);
}

float LineLosses::at(const FitPoints& points, PlanePoint w) {
  const std::array<float, 3> weights{static_cast<float>(w.x), static_cast<float>(w.y), -1.0f};
  return run(points, weights)[0];
}

// --------------------------------------------------------------------------------------------------------------- lesson

FitALine::FitALine()
    : FitLesson({.slug = "fit-a-line",
                 .title = "Fit a line",
                 .summary = "Drag points, and watch gradient descent find the line: with all points, with one, with a mini-batch.",
                 .topic = "Gradient descent",
                 .decks = "001, 003"},
                make_params()) {}

FitPoints FitALine::start_points() const { return fit_points(static_cast<FitData>(params_.whole("data")), params_.whole("count"), seed()); }

int FitALine::batch_size() const {
  const int all = static_cast<int>(points().size());
  switch (params_.whole("batch")) {
    case 0: return all;
    case 1: return 1;
    default: return std::min(params_.whole("size"), all);
  }
}

Program FitALine::make_program() const {
  const int n = static_cast<int>(points().size()), batch = batch_size();
  Graph graph;
  OpAttributes transposed, column;
  transposed.transpose_b = true;
  column.shape = Shape{n, 1};
  const TensorId x = graph.input("X", Shape{n, 2}), y = graph.input("y", Shape{n, 1}), share = graph.input("share", Shape{1});
  const TensorId all = graph.input("all", Shape{1, n}), rows = graph.input("batch", Shape{1, batch});
  add_closed_form(graph, x, y, share);
  const TensorId w = graph.parameter("w", Shape{1, 2}, {InitializerKind::kUniform, 2.0f, 1, 1});
  const TensorId yhat = graph.apply(OpKind::kMatMul, transposed, {x, w}, "yhat");
  graph.apply(OpKind::kSubtract, {}, {y, yhat}, "residual");
  graph.begin_loss();
  const TensorId each = graph.apply(OpKind::kSquaredError, {}, {yhat, y}, "loss");
  const TensorId listed = graph.apply(OpKind::kReshape, column, {each}, "loss.listed");
  graph.apply(OpKind::kMean, {}, {each}, "J");
  graph.apply(OpKind::kRowsMean, {}, {listed, rows}, "J.batch");
  const TensorId sum = graph.apply(OpKind::kSum, {}, {each}, "loss.sum");
  Program program = graph.program();
  append_backward(program, sum);
  // Of each point by itself, then the mean of the batch: that is what deck 003 writes down.
  const TensorId gradients = append(program, OpKind::kScale, {program.find("yhat.grad"), x}, "gradients", TensorKind::kGradient, Phase::kBackward);
  append(program, OpKind::kRowsMean, {gradients, all}, "g.all", TensorKind::kGradient, Phase::kBackward);
  const TensorId g = append(program, OpKind::kRowsMean, {gradients, rows}, "g", TensorKind::kGradient, Phase::kBackward);
  add_update(program, program.find("w"), OpKind::kSgdStep, {program.find("w"), g, add_hyper(program, "lr", 0.2f)});
  return program;
}

void FitALine::fill(Buffers<float>& buffers) const {
  const Program& made = program();
  const std::span<float> x = buffers[made.find("X")], y = buffers[made.find("y")], all = buffers[made.find("all")];
  for (std::size_t i = 0; i < points().size(); ++i) {
    x[2 * i] = 1.0f;
    x[2 * i + 1] = points().x[i];
    y[i] = points().y[i];
    all[i] = static_cast<float>(i);
  }
  std::ranges::copy(batch(), buffers[made.find("batch")].begin());
  buffers[made.find("share")][0] = 1.0f / static_cast<float>(points().size());
  std::ranges::fill(buffers[made.find("two.each")], 2.0f);
  buffers[made.find("two")][0] = 2.0f;
  buffers[made.find("lr")][0] = static_cast<float>(params_["lr"]);
}

void FitALine::remember() {
  put(history_.w0, values("w")[0]);
  put(history_.w1, values("w")[1]);
  put(history_.loss, values("J")[0]);
  put(history_.batch_loss, values("J.batch")[0]);
}

std::vector<Metric> FitALine::metrics() const {
  if (!is_ready()) return {};
  const auto number = [&](std::string_view name, std::size_t i) { return static_cast<double>(values(name)[i]); };
  return {{"loss", number("J", 0)}, {"w0", number("w", 0)}, {"w1", number("w", 1)}, {"closed_w0", number("w.closed", 0)}, {"closed_w1", number("w.closed", 1)},
          {"stable_rate", number("lr.limit", 0)}, {"epoch", static_cast<double>(step() / steps_per_epoch())}};
}

std::string FitALine::leaf_text(const std::string& tensor, std::int64_t index) const {
  if (tensor == "X") return index % 2 == 0 ? "1: w0 is added as it is" : "x of point " + std::to_string(index / 2);
  if (tensor == "y") return "y of point " + std::to_string(index);
  if (tensor == "batch") return "a point of the batch, drawn with seed " + std::to_string(seed());
  if (tensor == "all") return "the number of a point";
  if (tensor == "share") return "1 / m, one of m points";
  if (tensor == "lr") return "the learning rate, a setting";
  if (tensor == "two" || tensor == "two.each") return "2: a step is stable below 2 / λ";
  return "1: where a derivative begins";
}

// -------------------------------------------------------------------------------------------------------------- actions

Status FitALine::apply(const Action& action) {
  if (!is_ready()) return FitLesson::apply(action);
  if (action.kind == Action::Kind::kCommand) return change_points(action);
  // A point's y is a number like a weight to those who write scripts.
  const bool of_y = action.kind == Action::Kind::kEdit && action.name == "y" && action.data.size() == 1;
  if (!of_y || !(action.number >= 0 && action.number < static_cast<double>(points().size()))) return FitLesson::apply(action);
  return change_points(Action::command("move", action.number, {points().x[static_cast<std::size_t>(action.number)], action.data[0]}));
}

Status FitALine::change_points(const Action& action) {
  FitPoints next = points();
  const bool adds = action.name == "add", removes = action.name == "remove";
  if (!adds && !removes && action.name != "move") return Error{"Points can be moved, added and removed; there is no \"" + action.name + "\"."};
  if (!adds && !(action.number >= 0 && action.number < static_cast<double>(next.size()) && action.number == std::floor(action.number)))
    return Error{"There is no point " + shortest_text(action.number) + "."};
  if (!removes) {
    if (action.data.size() != 2) return Error{"A point has two numbers, x and y."};
    for (const float value : action.data)
      if (!(std::abs(value) <= kFarthest)) return Error{"A point's x and y are between −100 and 100, not " + shortest_text(value) + "."};
  }
  const auto i = static_cast<std::size_t>(std::max(action.number, 0.0));
  if (adds) {
    if (next.size() >= 40) return Error{"There are 40 points already; remove one first."};
    next.x.push_back(action.data[0]), next.y.push_back(action.data[1]);
  } else if (removes) {
    if (next.size() <= 2) return Error{"A line needs two points."};
    next.x.erase(next.x.begin() + static_cast<std::ptrdiff_t>(i)), next.y.erase(next.y.begin() + static_cast<std::ptrdiff_t>(i));
  } else {
    next.x[i] = action.data[0], next.y[i] = action.data[1];
  }
  set_points(std::move(next));
  return Done{};
}

bool FitALine::merge(Action& last, const Action& next) const {
  const bool drags_point = last.kind == Action::Kind::kCommand && last.name == "move" && next.kind == last.kind && next.name == last.name && next.number == last.number;
  if (!drags_point) return Lesson::merge(last, next);
  last = next;
  return true;
}

}  // namespace chainrule
