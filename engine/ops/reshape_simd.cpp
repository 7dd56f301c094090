// A reshape moves no number: in row-major order both tensors are the same row of floats. memcpy is the fastest copy that
// every platform has. Tied to the reference by ParityReshape.
#include <cstring>

#include "engine/ops/fast.h"

namespace chainrule {
namespace {

void reshape(const OpAttributes&, const Operands<float>& o, std::span<float>) {
  std::memcpy(o.out[0], o.in[0], static_cast<std::size_t>(o.in_shapes[0].size()) * sizeof(float));
}

}  // namespace

const FastKernel kFastReshape{no_scratch, reshape};

}  // namespace chainrule
