// The device over web/gpu/library_gpu.js.
#include <cstdlib>

#include "engine/base/check.h"
#include "web/gpu/gpu.h"

extern "C" {
void gpu_request();
int gpu_state();
char* gpu_message();
char* gpu_adapter_name();
int gpu_is_fallback();
int gpu_has_subgroups();
double gpu_limit(int which);
void gpu_destroy_device();
unsigned gpu_create_buffer(double bytes);
void gpu_destroy_buffer(unsigned buffer);
void gpu_write(unsigned buffer, double offset, const void* from, std::size_t bytes);
unsigned gpu_create_pipeline(const char* wgsl, const char* entry, int inputs, int outputs);
unsigned gpu_create_group(unsigned pipeline, unsigned constants, double offset, double size, const unsigned* buffers, std::size_t count);
void gpu_destroy_group(unsigned group);
void gpu_dispatch(unsigned pipeline, unsigned group, unsigned x, unsigned y, unsigned z);
void gpu_submit();
unsigned gpu_read(unsigned buffer, double offset, double bytes);
std::size_t gpu_read_size(unsigned ticket);
void gpu_take_read(unsigned ticket, void* to);
}

namespace chainrule::gpu {
namespace {

// gpu.state of library_gpu.js
enum : int { kNotAsked, kAsked, kReady, kNone, kLost, kOutOfMemory, kFailed };

std::string taken(char* text) {
  std::string result = text;
  std::free(text);
  return result;
}

class WebDevice final : public Device {
 public:
  DeviceState state() const override {
    switch (gpu_state()) {
      case kReady: return DeviceState::kReady;
      case kOutOfMemory: return DeviceState::kOutOfMemory;
      case kFailed: return DeviceState::kFailed;
      default: return DeviceState::kLost;
    }
  }
  std::string message() const override { return taken(gpu_message()); }
  const Limits& limits() const override { return limits_; }
  void learn_limits() {
    limits_.buffer_bytes = static_cast<std::uint64_t>(gpu_limit(0));
    limits_.binding_bytes = static_cast<std::uint64_t>(gpu_limit(1));
    limits_.subgroups = gpu_has_subgroups() != 0;
    limits_.fallback = gpu_is_fallback() != 0;
    limits_.name = taken(gpu_adapter_name());
  }

  BufferId create_buffer(std::size_t bytes) override { return gpu_create_buffer(static_cast<double>(bytes)); }
  void destroy_buffer(BufferId buffer) override { gpu_destroy_buffer(buffer); }
  void write(BufferId buffer, std::size_t offset, std::span<const std::uint8_t> bytes) override {
    gpu_write(buffer, static_cast<double>(offset), bytes.data(), bytes.size());
  }
  PipelineId create_pipeline(std::string_view wgsl, std::string_view entry, PipelineShape shape) override {
    return gpu_create_pipeline(std::string(wgsl).c_str(), std::string(entry).c_str(), shape.inputs, shape.outputs);
  }
  GroupId create_group(PipelineId pipeline, BufferId constants, std::size_t offset, std::size_t constant_bytes,
                       std::span<const BufferId> buffers) override {
    return gpu_create_group(pipeline, constants, static_cast<double>(offset), static_cast<double>(constant_bytes), buffers.data(),
                            buffers.size());
  }
  void destroy_group(GroupId group) override { gpu_destroy_group(group); }
  void dispatch(PipelineId pipeline, GroupId group, std::uint32_t x, std::uint32_t y, std::uint32_t z) override {
    gpu_dispatch(pipeline, group, x, y, z);
  }
  void submit() override { gpu_submit(); }
  Ticket read(BufferId buffer, std::size_t offset, std::size_t bytes) override {
    return gpu_read(buffer, static_cast<double>(offset), static_cast<double>(bytes));
  }
  std::optional<std::vector<std::uint8_t>> poll(Ticket ticket) override {
    const std::size_t size = gpu_read_size(ticket);
    if (size == 0) return std::nullopt;
    std::vector<std::uint8_t> bytes(size);
    gpu_take_read(ticket, bytes.data());
    return bytes;
  }

 private:
  Limits limits_;
};

WebDevice& web_device() {
  static WebDevice the_one;
  return the_one;
}

}  // namespace

void request_device() { gpu_request(); }
Access access() {
  switch (gpu_state()) {
    case kNotAsked: return Access::kNotAsked;
    case kAsked: return Access::kAsked;
    case kNone: return Access::kNone;
    default: return Access::kReady;
  }
}
std::string refusal() { return taken(gpu_message()); }
Device& device() {
  CHECK(access() == Access::kReady, "there is no device");
  web_device().learn_limits();
  return web_device();
}
void destroy_device() { gpu_destroy_device(); }

}  // namespace chainrule::gpu
