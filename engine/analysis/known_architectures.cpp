#include "engine/analysis/architecture.h"

namespace chainrule {
namespace {

LayerSpec conv(std::string name, int maps, int kernel, int stride = 1, int padding = 0, int groups = 1) {
  return {LayerKind::kConvolution, std::move(name), maps, kernel, stride, padding, groups};
}
LayerSpec pool(std::string name, int kernel, int stride, LayerKind kind = LayerKind::kMaxPool) {
  return {kind, std::move(name), 1, kernel, stride};
}
LayerSpec dense(std::string name, int units) { return {LayerKind::kDense, std::move(name), units}; }

// Rows: output maps of C3; 1 where it reads the map of S2. Source: LeCun et al. (1998), table I, turned over.
std::vector<float> c3_table() {
  constexpr std::string_view kRows[] = {"111000", "011100", "001110", "000111", "100011", "110001", "111100", "011110",
                                        "001111", "100111", "110011", "111001", "110110", "011011", "101101", "111111"};
  std::vector<float> table;
  for (const std::string_view row : kRows)
    for (const char sign : row) table.push_back(sign == '1' ? 1.0f : 0.0f);
  return table;
}

ArchitectureSpec lenet5() {
  ArchitectureSpec spec{32, 1, {conv("C1", 6, 5), pool("S2", 2, 2, LayerKind::kSubsample), conv("C3", 16, 5),
                                pool("S4", 2, 2, LayerKind::kSubsample), conv("C5", 120, 5), dense("F6", 84)}};
  spec.layers[2].table = c3_table();
  return spec;
}

ArchitectureSpec alexnet(int groups) {
  return {227, 3, {conv("conv1", 96, 11, 4), pool("pool1", 3, 2), conv("conv2", 256, 5, 1, 2, groups), pool("pool2", 3, 2),
                   conv("conv3", 384, 3, 1, 1), conv("conv4", 384, 3, 1, 1, groups), conv("conv5", 256, 3, 1, 1, groups),
                   pool("pool5", 3, 2), dense("fc6", 4096), dense("fc7", 4096), dense("fc8", 1000)}};
}

}  // namespace

ArchitectureSpec known_architecture(KnownArchitecture which) {
  switch (which) {
    case KnownArchitecture::kLenet5: return lenet5();
    case KnownArchitecture::kLenet:
      return {28, 1, {conv("conv1", 20, 5), pool("pool1", 2, 2), conv("conv2", 50, 5), pool("pool2", 2, 2), dense("fc1", 500), dense("fc2", 10)}};
    case KnownArchitecture::kAlexnet: return alexnet(1);
    case KnownArchitecture::kAlexnetGroups: return alexnet(2);
    case KnownArchitecture::kAlexnetSlide: break;
  }
  // Word by word: 224 pixels, paddings only where the slide says "padded", no pool after the last convolution.
  return {224, 3, {conv("conv1", 96, 11, 4), pool("pool1", 3, 2), conv("conv2", 256, 5), pool("pool2", 3, 2), conv("conv3", 384, 3, 1, 1),
                   conv("conv4", 384, 3, 1, 1), conv("conv5", 256, 3), dense("fc6", 4096), dense("fc7", 4096), dense("fc8", 1000)}};
}

}  // namespace chainrule
