#include "engine/backend/cpu/cpu_backend.h"

#include <algorithm>
#include <utility>

namespace chainrule {

CpuBackend::CpuBackend(const Program& program) : program_(program), buffers_(program) {
  std::size_t scratch = 0;
  for (const OpCall& call : program.calls)
    if (const FastKernel* kernel = fast_kernel(call.kind))
      scratch = std::max(scratch, kernel->scratch_floats(call.attributes, call.in_shapes, call.out_shapes));
  scratch_.resize(scratch);
}

void CpuBackend::upload(TensorId tensor, std::span<const float> values) {
  const std::span<float> buffer = buffers_[tensor];
  CHECK(values.size() == buffer.size(), values.size(), " numbers for ", program_.info(tensor).name, " ",
        program_.info(tensor).shape.text());
  std::ranges::copy(values, buffer.begin());
}

void CpuBackend::enqueue(std::size_t number) {
  const OpCall& call = program_.calls[number];
  const FastKernel* kernel = fast_kernel(call.kind);
  if (kernel == nullptr) return run_reference(call, buffers_);
  kernel->run(call.attributes, CallOperands<float>(call, buffers_).get(), scratch_);
}

std::optional<std::span<const float>> CpuBackend::poll(Ticket ticket) {
  return std::as_const(buffers_)[static_cast<TensorId>(ticket)];
}

}  // namespace chainrule
