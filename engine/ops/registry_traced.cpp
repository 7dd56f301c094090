// The reference kernels in double, for tests and measured slopes, and traced, for one derivation at a time.
#include "engine/ops/all_ops_ref.inl"
#include "engine/ops/run_op.inl"

namespace chainrule {

#define OP(Type, file)                                                               \
  template void run_plain<Type, double>(const OpAttributes&, const Operands<double>&); \
  template Tape trace_element<Type>(const OpAttributes&, const Operands<float>&, int, std::int64_t);
#include "engine/ops/ops.def"
#undef OP

}  // namespace chainrule
