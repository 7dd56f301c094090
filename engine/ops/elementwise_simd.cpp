// Every element is an output of its own, so four of them share one instruction. The arithmetic of a lane is that of the
// reference kernel, operator by operator. The last one to three elements go through a vector whose other lanes are
// neither read nor written. Tied to the reference by ParityAdd, ParitySubtract and ParityMultiply.
#include "engine/ops/fast.h"
#include "engine/ops/simd.h"

namespace chainrule {
namespace {

using simd::f32x4;

template <class Rule>
void run_binary(const Operands<float>& o, Rule rule) {
  simd::map(o.out_shapes[0].size(), rule, o.out[0], o.in[0], o.in[1]);
}

void add(const OpAttributes&, const Operands<float>& o, std::span<float>) {
  run_binary(o, [](f32x4 a, f32x4 b) { return a + b; });
}
void subtract(const OpAttributes&, const Operands<float>& o, std::span<float>) {
  run_binary(o, [](f32x4 a, f32x4 b) { return a - b; });
}
void multiply(const OpAttributes&, const Operands<float>& o, std::span<float>) {
  run_binary(o, [](f32x4 a, f32x4 b) { return a * b; });
}

}  // namespace

const FastKernel kFastAdd{no_scratch, add};
const FastKernel kFastSubtract{no_scratch, subtract};
const FastKernel kFastMultiply{no_scratch, multiply};

}  // namespace chainrule
