// The pictures and kernels that the sliding kernel starts with.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace chainrule {

struct KernelPreset {
  std::string_view name, source;  // source: where its numbers come from
  int size = 5, kernel = 3;
  std::vector<float> x, w;  // size × size, kernel × kernel
  double divisor = 1.0;
  bool rounded = false, in_place = false;
  double brush = 1.0;
};
std::span<const KernelPreset> kernel_presets();

}  // namespace chainrule
