// The page's graphics device for computing. One for the program; natively there is none.
#pragma once

#include <string>

#include "engine/backend/webgpu/device.h"

namespace chainrule::gpu {

enum class Access : std::uint8_t { kNotAsked, kAsked, kReady, kNone };

/// Asks for a device where there is none (any more). The answer comes later.
void request_device();
Access access();
/// Why there is none, where access() is kNone. A sentence.
std::string refusal();
/// Requires: access() was kReady. It stays the same object, also when the device is lost and another is asked for.
Device& device();
/// Loses the device, as a driver's reset would: for tests.
void destroy_device();

}  // namespace chainrule::gpu
