// Device: what the engine asks of a GPU, about ten calls, none of which waits. web/gpu implements them over navigator.gpu,
// tests/engine/backend/mock_device.h without a GPU.
//
// Things are numbers, as WebGPU's objects live in JavaScript. Calls after the device is lost do nothing. An error arrives
// late, as WebGPU's own do: state() turns, and message() says why.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chainrule::gpu {

using BufferId = std::uint32_t;
using PipelineId = std::uint32_t;
using GroupId = std::uint32_t;
using Ticket = std::uint32_t;

/// What the adapter offers.
struct Limits {
  std::uint64_t buffer_bytes = 256u << 20;   // of one buffer
  std::uint64_t binding_bytes = 128u << 20;  // of one buffer as a kernel sees it
  bool subgroups = false;                    // do invocations hand each other numbers?
  bool fallback = false;                     // computed by the CPU: never faster than our own kernels there
  std::string name;                          // of the adapter, for people
};

enum class DeviceState : std::uint8_t {
  kReady,
  kLost,         // taken away, by the driver or the browser
  kOutOfMemory,
  kFailed,       // a call was refused: a defect of ours or of the driver
};

/// What happened to a device that is not ready any more, for people: the first half of a sentence.
std::string fault_text(DeviceState state);
/// Why "automatic" leaves an adapter alone that is a fallback.
inline constexpr std::string_view kInSoftwareText = "WebGPU runs in software here, on the CPU itself; our own kernels for it are faster.";

/// How many bindings of each kind an entry has; engine/backend/webgpu/kernels.h says their order.
struct PipelineShape {
  int inputs = 0, outputs = 1;
};

class Device {
 public:
  virtual ~Device() = default;
  virtual DeviceState state() const = 0;
  /// What happened, where state() is not kReady.
  virtual std::string message() const = 0;
  virtual const Limits& limits() const = 0;

  /// Zeroes. Requires: bytes is a multiple of 4 and within the limits.
  virtual BufferId create_buffer(std::size_t bytes) = 0;
  virtual void destroy_buffer(BufferId buffer) = 0;
  /// Takes effect before what is submitted next. Requires: offset and size are multiples of 4.
  virtual void write(BufferId buffer, std::size_t offset, std::span<const std::uint8_t> bytes) = 0;
  virtual PipelineId create_pipeline(std::string_view wgsl, std::string_view entry, PipelineShape shape) = 0;
  /// `constants` are `constant_bytes` of binding 0, from `offset` (a multiple of 256) on; the others follow in order.
  virtual GroupId create_group(PipelineId pipeline, BufferId constants, std::size_t offset, std::size_t constant_bytes,
                               std::span<const BufferId> buffers) = 0;
  virtual void destroy_group(GroupId group) = 0;
  /// Appends to the list that submit() hands over; each sees what those before it wrote.
  virtual void dispatch(PipelineId pipeline, GroupId group, std::uint32_t x, std::uint32_t y, std::uint32_t z) = 0;
  virtual void submit() = 0;
  /// Asks for bytes as they are after all that was submitted.
  virtual Ticket read(BufferId buffer, std::size_t offset, std::size_t bytes) = 0;
  /// The bytes, once, when they are there; never where the device is not ready any more.
  virtual std::optional<std::vector<std::uint8_t>> poll(Ticket ticket) = 0;
};

}  // namespace chainrule::gpu
