// All three are matrix products whose large factor is never built. Forward: kernels [K × CRS] times patches [CRS × PQ] of
// each sample; input gradient at stride 1: the same, with dy in a frame of zeros and the kernel walked backwards; kernel
// gradient: patches, positions inmost, times dy, one sample after another into the same sums, transposed at the end.
// Tied to the reference by ParityConv2d, ParityConv2dInputGrad and ParityConv2dKernelGrad.
#include <algorithm>

#include "engine/ops/conv2d.h"
#include "engine/ops/fast.h"
#include "engine/ops/gemm_patches.h"
#include "engine/ops/gemm_tile.h"

namespace chainrule {
namespace {

using gemm::Frame;
using gemm::kBlockK;
using gemm::kTileColumns;
using gemm::kTileRows;
using gemm::Walk;

/// The image with its padding, and how windows and positions walk through it.
struct Patches {
  Frame frame;
  Walk window;     // c, r, s
  Walk positions;  // p, q
  std::size_t frame_floats() const { return frame.is_copy() ? 0 : static_cast<std::size_t>(frame.size()); }
  /// The image itself where it needs no frame.
  const float* image(const float* from, float* scratch) const {
    if (frame.is_copy()) return from;
    embed(frame, from, scratch);
    return scratch;
  }
};

Patches forward_patches(const Conv2dSizes& d) {
  const std::int64_t H = d.H + 2 * d.pad, W = d.W + 2 * d.pad;
  return {{d.C, d.H, d.W, H, W, d.pad, d.pad},
          {{d.C, d.R, d.S}, {H * W, d.dilation * W, d.dilation}},
          {{1, d.P, d.Q}, {0, d.stride * W, d.stride}}};
}

/// dx[h,w] collects dy[h + pad − r·dilation, w + pad − s·dilation]: dy in a frame as much larger than dx as the kernel
/// reaches, its window walked from the far corner back.
Patches input_grad_patches(const Conv2dSizes& d) {
  const std::int64_t reach_h = d.dilation * (d.R - 1), reach_w = d.dilation * (d.S - 1);
  const std::int64_t H = d.H + reach_h, W = d.W + reach_w;
  return {{d.K, d.P, d.Q, H, W, reach_h - d.pad, reach_w - d.pad},
          {{d.K, d.R, d.S}, {H * W, -d.dilation * W, -d.dilation}, reach_h * W + reach_w},
          {{1, d.H, d.W}, {0, W, 1}}};
}

std::int64_t block_k(const Walk& walk) { return std::min(walk.size(), kBlockK); }

/// y[m, position] = sum over the window of a[m, window] · patch, for one sample.
void multiply_patches(const gemm::RowPanels& rows, const Patches& patches, const float* image, float* panel, float* y) {
  const std::int64_t N = patches.positions.size(), K = patches.window.size();
  for (std::int64_t k0 = 0; k0 < K; k0 += kBlockK) {
    const std::int64_t here = std::min(kBlockK, K - k0);
    for (std::int64_t n = 0; n < N; n += kTileColumns) {
      const std::int64_t columns = std::min(kTileColumns, N - n);
      gemm::pack_patches(image, patches.positions, n, columns, gemm::panel_width(columns), patches.window, k0, here, panel);
      gemm::multiply_panel(rows, k0, here, panel, columns, y + n, N, k0 > 0);
    }
  }
}

// ------------------------------------------------------------------------------------------------------------- forward

std::size_t forward_scratch(const OpAttributes& attributes, std::span<const Shape> in, std::span<const Shape>) {
  const Patches patches = forward_patches(conv2d_sizes(attributes, in[0], in[1]));
  return static_cast<std::size_t>(in[1].size() + block_k(patches.window) * kTileColumns) + patches.frame_floats();
}

void forward(const OpAttributes& attributes, const Operands<float>& o, std::span<float> scratch) {
  const Conv2dSizes d = conv2d_sizes(attributes, o.in_shapes[0], o.in_shapes[1]);
  const Patches patches = forward_patches(d);
  const std::int64_t CRS = patches.window.size(), PQ = patches.positions.size();
  float *kernels = scratch.data(), *panel = kernels + d.K * CRS, *frame = panel + block_k(patches.window) * kTileColumns;
  for (std::int64_t k = 0; k < d.K; k += kTileRows) {
    const std::int64_t rows = std::min(kTileRows, d.K - k);
    gemm::pack(o.in[1] + k * CRS, 1, CRS, rows, rows, CRS, kernels + k * CRS);
  }
  for (std::int64_t n = 0; n < d.N; ++n) {
    const float* image = patches.image(o.in[0] + n * d.C * d.H * d.W, frame);
    multiply_patches({kernels, d.K, CRS}, patches, image, panel, o.out[0] + n * d.K * PQ);
  }
}

// ------------------------------------------------------------------------------------------------------ input gradient

std::size_t input_grad_scratch(const OpAttributes& attributes, std::span<const Shape> in, std::span<const Shape>) {
  if (attributes.stride != 1) return 0;
  const Patches patches = input_grad_patches(conv2d_sizes(attributes, attributes.shape, in[1]));
  return static_cast<std::size_t>(in[1].size() + block_k(patches.window) * kTileColumns) + patches.frame_floats();
}

/// At other strides each input pixel has terms of its own choosing: the reference kernel.
void input_grad(const OpAttributes& attributes, const Operands<float>& o, std::span<float> scratch) {
  if (attributes.stride != 1) return op_info(OpKind::kConv2dInputGrad).run_float(attributes, o);
  const Conv2dSizes d = conv2d_sizes(attributes, attributes.shape, o.in_shapes[1]);
  const Patches patches = input_grad_patches(d);
  const std::int64_t RS = std::int64_t{d.R} * d.S, KRS = d.K * RS;
  float *kernels = scratch.data(), *panel = kernels + d.C * KRS, *frame = panel + block_k(patches.window) * kTileColumns;
  for (std::int64_t c = 0; c < d.C; c += kTileRows) {
    const std::int64_t rows = std::min(kTileRows, d.C - c);
    for (std::int64_t k = 0; k < d.K; ++k)
      gemm::pack(o.in[1] + (k * d.C + c) * RS, 1, RS, rows, rows, RS, kernels + c * KRS + k * RS * rows);
  }
  for (std::int64_t n = 0; n < d.N; ++n) {
    const float* image = patches.image(o.in[0] + n * d.K * d.P * d.Q, frame);
    multiply_patches({kernels, d.C, KRS}, patches, image, panel, o.out[0] + n * d.C * d.H * d.W);
  }
}

// ----------------------------------------------------------------------------------------------------- kernel gradient

/// Scratch of the kernel gradient: dy of one sample in panels of maps, one panel of patches, dwᵀ [CRS × maps], the frame.
struct KernelGradScratch {
  std::int64_t maps, dy, panel, dw;
  KernelGradScratch(const Conv2dSizes& d, const Patches& patches)
      : maps(gemm::packed_width(d.K)),
        dy(patches.positions.size() * maps),
        panel(block_k(patches.positions) * kTileRows),
        dw(patches.window.size() * maps) {}
};

std::size_t kernel_grad_scratch(const OpAttributes& attributes, std::span<const Shape> in, std::span<const Shape>) {
  const Conv2dSizes d = conv2d_sizes(attributes, in[1], attributes.shape);
  const Patches patches = forward_patches(d);
  const KernelGradScratch sizes(d, patches);
  return static_cast<std::size_t>(sizes.dy + sizes.panel + sizes.dw) + patches.frame_floats();
}

/// dwᵀ[window, map] (+)= sum over the positions of one sample of patch · dy.
void add_sample(const Patches& patches, const float* image, const float* dy, std::int64_t maps, float* panel, float* dw,
                bool resume) {
  const std::int64_t CRS = patches.window.size(), PQ = patches.positions.size();
  for (std::int64_t m = 0; m < CRS; m += kTileRows) {
    const std::int64_t rows = std::min(kTileRows, CRS - m);
    for (std::int64_t k0 = 0; k0 < PQ; k0 += kBlockK) {
      const std::int64_t here = std::min(kBlockK, PQ - k0);
      gemm::pack_patches(image, patches.window, m, rows, rows, patches.positions, k0, here, panel);
      for (std::int64_t k = 0; k < maps; k += kTileColumns) {
        const std::int64_t columns = std::min(kTileColumns, maps - k);
        gemm::multiply_panel({panel, rows, here}, 0, here, dy + k * PQ + k0 * columns, columns, dw + m * maps + k, maps,
                             resume || k0 > 0);
      }
    }
  }
}

void kernel_grad(const OpAttributes& attributes, const Operands<float>& o, std::span<float> scratch) {
  const Conv2dSizes d = conv2d_sizes(attributes, o.in_shapes[1], attributes.shape);
  const Patches patches = forward_patches(d);
  const KernelGradScratch sizes(d, patches);
  const std::int64_t CRS = patches.window.size(), PQ = patches.positions.size();
  float *dy = scratch.data(), *panel = dy + sizes.dy, *dw = panel + sizes.panel, *frame = dw + sizes.dw;
  for (std::int64_t n = 0; n < d.N; ++n) {
    for (std::int64_t k = 0; k < d.K; k += kTileColumns) {
      const std::int64_t columns = std::min<std::int64_t>(kTileColumns, d.K - k);
      gemm::pack(o.in[0] + (n * d.K + k) * PQ, 1, PQ, columns, gemm::panel_width(columns), PQ, dy + k * PQ);
    }
    const float* image = patches.image(o.in[1] + n * d.C * d.H * d.W, frame);
    add_sample(patches, image, dy, sizes.maps, panel, dw, n > 0);
  }
  for (std::int64_t k = 0; k < d.K; ++k)
    for (std::int64_t i = 0; i < CRS; ++i) o.out[0][k * CRS + i] = dw[i * sizes.maps + k];
}

}  // namespace

const FastKernel kFastConv2d{forward_scratch, forward};
const FastKernel kFastConv2dInputGrad{input_grad_scratch, input_grad};
const FastKernel kFastConv2dKernelGrad{kernel_grad_scratch, kernel_grad};

}  // namespace chainrule
