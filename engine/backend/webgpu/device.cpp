#include "engine/backend/webgpu/device.h"

namespace chainrule::gpu {

std::string fault_text(DeviceState state) {
  switch (state) {
    case DeviceState::kReady: break;
    case DeviceState::kLost: return "The graphics device is gone";
    case DeviceState::kOutOfMemory: return "The graphics adapter has no memory left";
    case DeviceState::kFailed: return "WebGPU refused a call";
  }
  return "";
}

}  // namespace chainrule::gpu
