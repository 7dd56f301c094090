#include "engine/graph/buffers.h"

namespace chainrule {

Derivation derive(const Program& program, const Buffers<float>& buffers, TensorId tensor, std::int64_t index) {
  const TensorInfo& info = program.info(tensor);
  CHECK(index >= 0 && index < info.shape.size(), "index ", index, " of ", info.name, " ", info.shape.text());
  if (info.producer < 0) return {};
  const OpCall& call = program.calls[static_cast<std::size_t>(info.producer)];
  const OpInfo& op = op_info(call.kind);
  return Derivation(op.trace(call.attributes, CallOperands<float>(call, buffers).get(), info.producer_output, index),
                    op.term_axes);
}

}  // namespace chainrule
