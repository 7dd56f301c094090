// Natively there is no WebGPU: the app trains on the CPU.
#include "engine/base/check.h"
#include "web/gpu/gpu.h"

namespace chainrule::gpu {

void request_device() {}
Access access() { return Access::kNone; }
std::string refusal() { return "This build has no WebGPU."; }
Device& device() {
  CHECK(false, "there is no WebGPU natively");
  std::abort();
}
void destroy_device() {}

}  // namespace chainrule::gpu
