#include "engine/ops/fast.h"

namespace chainrule {

const FastKernel* fast_kernel(OpKind kind) {
  switch (kind) {
#define FAST(Type) \
  case OpKind::k##Type: return &kFast##Type;
#include "engine/ops/fast.def"
#undef FAST
    default: return nullptr;
  }
}

}  // namespace chainrule
