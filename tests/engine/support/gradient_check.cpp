#include "tests/engine/support/gradient_check.h"

#include <algorithm>
#include <cmath>

#include "tests/engine/support/golden.h"

namespace chainrule::test {
namespace {

struct Element {
  std::int64_t index;
  double analytic, numeric;
};

double loss_at(const Program& program, Buffers<double>& buffers, TensorId tensor, std::size_t index, double value) {
  double& element = buffers[tensor][index];
  const double kept = element;
  element = value;
  run_forward(program, buffers);
  element = kept;
  return buffers[program.loss][0];
}

}  // namespace

GradientReport check_gradients(const Program& program, Buffers<double>& buffers, const std::vector<TensorId>& tensors,
                               int samples) {
  run_all(program, buffers);
  std::vector<std::vector<double>> analytic;
  for (const TensorId tensor : tensors) {
    const TensorId gradient = program.gradient_of[static_cast<std::size_t>(tensor)];
    if (gradient == kNoTensor)
      analytic.emplace_back(static_cast<std::size_t>(program.info(tensor).shape.size()), 0.0);
    else
      analytic.emplace_back(buffers[gradient].begin(), buffers[gradient].end());
  }

  GradientReport report;
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    const std::int64_t size = program.info(tensors[t]).shape.size();
    const std::int64_t stride = std::max<std::int64_t>(1, size / samples);
    std::vector<Element> elements;
    double largest = 0.0;
    for (const double gradient : analytic[t]) largest = std::max(largest, std::abs(gradient));
    for (std::int64_t i = stride / 2; i < size; i += stride) {
      const auto at = static_cast<std::size_t>(i);
      const double x = buffers[tensors[t]][at];
      const double above = loss_at(program, buffers, tensors[t], at, x + kStep);
      const double below = loss_at(program, buffers, tensors[t], at, x - kStep);
      elements.push_back({i, analytic[t][at], (above - below) / ((x + kStep) - (x - kStep))});
      largest = std::max(largest, std::abs(elements.back().numeric));
    }
    for (const Element& element : elements) {
      const double difference = std::abs(element.analytic - element.numeric);
      const double error = largest == 0.0 ? 0.0 : difference / largest;
      ++report.elements;
      // The negation lets NaN count as wrong.
      if (!(error <= report.worst)) {
        report.worst = std::isnan(error) ? 1e300 : error;
        report.where = program.info(tensors[t]).name + program.info(tensors[t]).shape.index_text(element.index) +
                       ": backward " + std::to_string(element.analytic) + ", differences " + std::to_string(element.numeric);
      }
    }
    report.smallest = std::min(report.smallest, largest);
  }
  return report;
}

SingleOpProgram single_op_program(OpKind kind, const OpAttributes& attributes, const std::vector<Shape>& shapes,
                                  const std::vector<int>& differentiable) {
  SingleOpProgram single;
  Graph graph;
  for (std::size_t slot = 0; slot < shapes.size(); ++slot) {
    const std::string name = "in" + std::to_string(slot);
    const bool wanted = std::ranges::find(differentiable, static_cast<int>(slot)) != differentiable.end();
    single.inputs.push_back(wanted ? graph.parameter(name, shapes[slot], {}) : graph.input(name, shapes[slot]));
  }
  single.output = graph.apply(kind, attributes, single.inputs, "out");
  single.upstream = graph.input("upstream", graph.shape(single.output));
  const TensorId weighted = graph.apply(OpKind::kMultiply, {}, {single.output, single.upstream}, "weighted");
  const TensorId loss = graph.apply(OpKind::kSum, {}, {weighted}, "loss");
  single.program = graph.program();
  append_backward(single.program, loss);
  for (const TensorId input : single.inputs)
    single.gradients.push_back(single.program.gradient_of[static_cast<std::size_t>(input)]);
  return single;
}

double test_number(std::uint32_t seed, std::uint32_t index) {
  const double value = static_cast<double>(filled(seed, index, 1.0f));
  if (value >= 0.0) return value < 0.02 ? value + 0.03 : value;
  return value > -0.02 ? value - 0.03 : value;
}

}  // namespace chainrule::test
