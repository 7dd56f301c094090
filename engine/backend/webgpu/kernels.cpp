#include "engine/backend/webgpu/kernels.h"

#include <algorithm>

#include "engine/base/check.h"

namespace chainrule::gpu {
namespace {

constexpr KernelInfo kTable[] = {
#define KERNEL(Name, files, entry, inputs, outputs) {#Name, files, entry, {inputs, outputs}},
#define ELEMENT(Op, files, entry, inputs) {#Op, files, entry, {inputs, 1}},
#include "shaders/kernels.def"
#undef KERNEL
#undef ELEMENT
};

}  // namespace

std::span<const KernelInfo> kernel_table() { return kTable; }

std::string module_text(std::string_view files) {
  std::string text;
  while (!files.empty()) {
    const std::string_view name = files.substr(0, files.find('+'));
    files.remove_prefix(std::min(files.size(), name.size() + 1));
    const auto texts = shader_texts();
    const auto found = std::ranges::find(texts, name, &ShaderText::name);
    CHECK(found != texts.end(), "there is no shaders/", name, ".wgsl");
    text += found->text;
  }
  return text;
}

PipelineId Pipelines::of(Kernel kernel) {
  PipelineId& made = made_[static_cast<std::size_t>(kernel)];
  if (made == 0) {
    const KernelInfo& info = kernel_info(kernel);
    made = device_.create_pipeline(module_text(info.files), info.entry, info.shape);
  }
  return made;
}

}  // namespace chainrule::gpu
