#include "web/lessons/computing_graph/graph_model.h"

#include <algorithm>
#include <cmath>

#include "engine/math/rng.h"
#include "engine/nn/initialize.h"

namespace chainrule {

GraphModel::GraphModel(const GraphChoice& choice) : choice_(choice), made_(make_graph_program(choice)), backend_(made_.program) {
  place_.assign(program().calls.size(), -1);
  for (std::size_t place = 0; place < made_.order.size(); ++place) place_[static_cast<std::size_t>(made_.order[place])] = static_cast<std::int64_t>(place);
  for (const OpCall& call : program().calls) work_ += Program::work_of(call);
}

void GraphModel::start(std::uint64_t seed) {
  Buffers<float>& buffers = backend_.buffers();
  initialize(program(), buffers, seed);
  backend_.begin_step();  // first values are those before the first update
  Rng rng(seed, "data");
  for (const TensorId id : program().of_kind(TensorKind::kInput))
    for (float& number : buffers[id]) number = std::round(static_cast<float>(rng.uniform()) * 100.0f) / 100.0f;
  for (const auto& [id, numbers] : made_.first) std::ranges::copy(numbers, buffers[id].begin());
  buffers[made_.rate][0] = made_.lr;
}

void GraphModel::run() {
  for (std::size_t call = 0; call < program().calls.size(); ++call) backend_.enqueue(call);
}

std::int64_t GraphModel::place_of(TensorId tensor) const {
  const int producer = program().info(tensor).producer;
  return producer < 0 ? -1 : place_[static_cast<std::size_t>(producer)];
}

bool GraphModel::is_settable(TensorId tensor) const { return std::ranges::count(made_.settable, tensor) > 0; }

int GraphModel::classes_of(TensorId tensor) const {
  for (const OpCall& call : program().calls)
    if (call.kind == OpKind::kSoftmaxCrossEntropy && call.inputs[1] == tensor) return call.in_shapes[0][1];
  return 0;
}

}  // namespace chainrule
