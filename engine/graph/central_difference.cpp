#include "engine/graph/central_difference.h"

#include <algorithm>

namespace chainrule {

MeasuredSlope measure_slope(const Program& program, const Buffers<float>& buffers, TensorId loss, TensorId moved, std::int64_t index, double h) {
  Buffers<double> exact(program);
  for (TensorId id = 0; id < static_cast<TensorId>(program.tensors.size()); ++id) std::ranges::copy(buffers[id], exact[id].begin());
  double& theta = exact[moved][static_cast<std::size_t>(index)];
  const double middle = theta;
  const auto loss_at = [&](double value) {
    theta = value;
    for (const OpCall& call : program.calls)
      if (call.phase == Phase::kForward || call.phase == Phase::kLoss) run_reference(call, exact);
    return exact[loss][0];
  };
  const double above = loss_at(middle + h);
  return {above, loss_at(middle - h), h};
}

}  // namespace chainrule
