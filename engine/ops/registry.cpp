#include "engine/ops/all_ops_ref.inl"
#include "engine/ops/op.h"
#include "engine/ops/run_op.inl"

namespace chainrule {
// In double and traced the kernels are the work of registry_traced.cpp, which is compiled for size.
#define OP(Type, file)                                                                             \
  extern template void run_plain<Type, double>(const OpAttributes&, const Operands<double>&);      \
  extern template Tape trace_element<Type>(const OpAttributes&, const Operands<float>&, int, std::int64_t);
#include "engine/ops/ops.def"
#undef OP

namespace {

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
