// The kernels of shaders/kernels.def and their pipelines, each made once for a device.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/backend/webgpu/device.h"

namespace chainrule::gpu {

/// One enumerator a line of kernels.def.
enum class Kernel : std::uint8_t {
#define KERNEL(Name, files, entry, inputs, outputs) k##Name,
#define ELEMENT(Op, files, entry, inputs) k##Op,
#include "shaders/kernels.def"
#undef KERNEL
#undef ELEMENT
};

struct KernelInfo {
  std::string_view name, files, entry;
  PipelineShape shape;
};
/// By Kernel.
std::span<const KernelInfo> kernel_table();
inline const KernelInfo& kernel_info(Kernel kernel) { return kernel_table()[static_cast<std::size_t>(kernel)]; }

/// A file of shaders/, without its comments.
struct ShaderText {
  std::string_view name, text;
};
/// All of them; made by cmake/shaders.cmake.
std::span<const ShaderText> shader_texts();
/// The text of a kernel's module: its files, one after the other.
std::string module_text(std::string_view files);

/// Pipelines of one device, made when they are first asked for and kept: shapes are constants of a call, not of a pipeline.
class Pipelines {
 public:
  explicit Pipelines(Device& device) : device_(device), made_(kernel_table().size()) {}
  PipelineId of(Kernel kernel);
  Device& device() { return device_; }

 private:
  Device& device_;
  std::vector<PipelineId> made_;  // 0: not yet
};

}  // namespace chainrule::gpu
