#include "engine/ops/all_ops_ref.inl"
#include "engine/ops/op.h"

namespace chainrule {
namespace {

template <class Op, class T>
void run_plain(const OpAttributes& attributes, const Operands<T>& operands) {
  NullRecorder<T> recorder;
  Op::run(attributes, operands, recorder);
}

template <class Op>
Tape trace_element(const OpAttributes& attributes, const Operands<float>& operands, int output, std::int64_t index) {
  WindowRecorder recorder(output, index);
  Op::run(attributes, operands, recorder);
  return recorder.take();
}

template <class Op>
constexpr OpInfo info_of() {
  OpInfo info{Op::kName, Op::kTermAxes, &Op::infer, &run_plain<Op, float>, &run_plain<Op, double>, &trace_element<Op>,
              nullptr,   &Op::formula};
  if constexpr (requires(BackwardBuilder& builder) { Op::backward(builder); }) info.backward = &Op::backward;
  return info;
}

constexpr OpInfo kOps[] = {
#define OP(Type, file) info_of<Type>(),
#include "engine/ops/ops.def"
#undef OP
};

}  // namespace

const OpInfo& op_info(OpKind kind) { return kOps[static_cast<std::size_t>(kind)]; }
std::size_t op_count() { return std::size(kOps); }

}  // namespace chainrule
