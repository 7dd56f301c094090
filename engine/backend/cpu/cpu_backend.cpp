#include "engine/backend/cpu/cpu_backend.h"

#include <algorithm>
#include <utility>

namespace chainrule {

CpuBackend::CpuBackend(const Program& program) : program_(program), buffers_(program), prepared_(program.calls.size()) {
  for (turn_ = 0; turn_ < 2; ++turn_) {
    prepare_calls();
    buffers_.trade_places();
  }
  turn_ = 0;
  prepare_scratch(1);
}

void CpuBackend::prepare_calls() {
  for (std::size_t number = 0; number < prepared_.size(); ++number) {
    const OpCall& call = program_.calls[number];
    Prepared& prepared = prepared_[number];
    prepared.call = &call;
    prepared.fast = fast_kernel(call.kind);
    prepared.reference = op_info(call.kind).run_float;
    for (const TensorId id : call.inputs) prepared.in[turn_].push_back(buffers_[id].data());
    for (const TensorId id : call.outputs) prepared.out[turn_].push_back(buffers_[id].data());
    SmallCall& small = prepared.small[turn_];
    if (call.inputs.size() > small.in.size() || call.outputs.size() > small.out.size()) continue;
    std::ranges::copy(prepared.in[turn_], small.in.begin());
    std::ranges::copy(prepared.out[turn_], small.out.begin());
    if (!prepare_small(call.kind, call.attributes, call.in_shapes, call.out_shapes, small)) small.run = nullptr;
  }
}

void CpuBackend::prepare_scratch(int threads) {
  threads_ = threads;
  std::size_t scratch = 0;
  for (const Prepared& prepared : prepared_)
    if (const OpCall& call = *prepared.call; prepared.fast != nullptr && prepared.small[0].run == nullptr)
      scratch =
          std::max(scratch, prepared.fast->scratch_floats(call.attributes, call.in_shapes, call.out_shapes, threads));
  scratch_.resize(scratch);
}

void CpuBackend::upload(TensorId tensor, std::span<const float> values) {
  const std::span<float> buffer = buffers_[tensor];
  CHECK(values.size() == buffer.size(), values.size(), " numbers for ", program_.info(tensor).name, " ",
        program_.info(tensor).shape.text());
  std::ranges::copy(values, buffer.begin());
}

void CpuBackend::begin_step() {
  buffers_.trade_places();
  turn_ = 1 - turn_;
}

void CpuBackend::run(const Prepared& prepared) {
  if (const SmallCall& small = prepared.small[turn_]; small.run != nullptr) return small.run(small);
  const OpCall& call = *prepared.call;
  const Operands<float> operands{call.in_shapes, call.out_shapes, prepared.in[turn_], prepared.out[turn_]};
  if (prepared.fast == nullptr) return prepared.reference(call.attributes, operands);
  prepared.fast->run(call.attributes, operands, workspace());
}

Workspace CpuBackend::workspace() {
  const int threads = pool_ == nullptr ? 1 : pool_->threads();
  if (threads > threads_) prepare_scratch(threads);
  return {scratch_, pool_, threads};
}

void CpuBackend::enqueue_from(std::size_t first) {
  for (std::size_t number = first; number < prepared_.size(); ++number) run(prepared_[number]);
}

std::optional<std::span<const float>> CpuBackend::poll(Ticket ticket) {
  return std::as_const(buffers_)[static_cast<TensorId>(ticket)];
}

}  // namespace chainrule
