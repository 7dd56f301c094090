// All three are matrix products whose large factor is never built. Forward: kernels [K × CRS] times patches [CRS × PQ]
// of each sample; input gradient at stride 1: the same, with dy in a frame of zeros and the kernel walked backwards;
// kernel gradient: patches, positions inmost, times dy, one sample after another into the same sums, transposed at the
// end. Tied to the reference by ParityConv2d, ParityConv2dInputGrad and ParityConv2dKernelGrad.
#include <algorithm>

#include "engine/ops/conv2d.h"
#include "engine/ops/fast.h"
#include "engine/ops/gemm_patches.h"
#include "engine/ops/gemm_tile.h"
#include "engine/ops/simd.h"

namespace chainrule {
namespace {

using gemm::Frame;
using gemm::Index;
using gemm::kBlockK;
using gemm::kTileColumns;
using gemm::kTileRows;
using gemm::Walk;

/// An image with its padding, and how windows and positions walk through it.
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
  /// Is row r of the window at row p of positions a row of the image, not of its padding?
  bool inside(Index p, Index r) const {
    const Index row = (window.start + r * window.steps[1] + p * positions.steps[1]) / frame.W - frame.top;
    return row >= 0 && row < frame.h;
  }
};

Patches forward_patches(const Conv2dSizes& d) {
  const Index H = d.H + 2 * d.pad, W = d.W + 2 * d.pad;
  return {{d.C, d.H, d.W, H, W, d.pad, d.pad},
          {{d.C, d.R, d.S}, {H * W, d.dilation * W, d.dilation}},
          {{1, d.P, d.Q}, {0, d.stride * W, d.stride}}};
}

/// dx[h,w] collects dy[h + pad − r·dilation, w + pad − s·dilation]: dy in a frame as much larger than dx as the kernel
/// reaches, its window walked from the far corner back.
Patches input_grad_patches(const Conv2dSizes& d) {
  const Index reach_h = d.dilation * (d.R - 1), reach_w = d.dilation * (d.S - 1);
  const Index H = d.H + reach_h, W = d.W + reach_w;
  return {{d.K, d.P, d.Q, H, W, reach_h - d.pad, reach_w - d.pad},
          {{d.K, d.R, d.S}, {H * W, -d.dilation * W, -d.dilation}, reach_h * W + reach_w},
          {{1, d.H, d.W}, {0, W, 1}}};
}

/// The window's rows first .. last − 1 that some position n .. n + columns − 1 has inside the image.
struct Rows {
  Index first, last;
};
Rows rows_inside(const Patches& patches, Index n, Index columns) {
  const Index Q = patches.positions.counts[2], R = patches.window.counts[1];
  Rows rows{R, 0};
  for (Index p = n / Q; p <= (n + columns - 1) / Q; ++p)
    for (Index r = 0; r < R; ++r)
      if (patches.inside(p, r)) rows = {std::min(rows.first, r), std::max(rows.last, r + 1)};
  return rows.first < rows.last ? rows : Rows{0, 0};
}

/// multiply_patches takes the window in blocks of whole maps, about kBlockK elements.
Index maps_at_once(const Walk& window) {
  return std::clamp<Index>(kBlockK / (window.counts[1] * window.counts[2]), 1, window.counts[0]);
}
Index panel_floats(const Walk& window) {
  return maps_at_once(window) * window.counts[1] * window.counts[2] * kTileColumns;
}

/// y[m, position] = sum over the window of a[m, window] · patch, for one sample.
/// With `skip_padding` rows of the window that lie in the padding are left out: their terms are 0 · a, and if all a are
/// finite that is ±0, which changes no sum that began at +0.
void multiply_patches(const gemm::RowPanels& a, const Patches& patches, const float* image, bool skip_padding,
                      float* panel, float* y) {
  const Index N = patches.positions.size();
  const Index C = patches.window.counts[0], R = patches.window.counts[1], S = patches.window.counts[2];
  for (Index n = 0; n < N; n += kTileColumns) {
    const Index columns = std::min(kTileColumns, N - n);
    const Rows rows = skip_padding ? rows_inside(patches, n, columns) : Rows{0, R};
    const Index length = (rows.last - rows.first) * S;
    Walk window = patches.window;
    window.counts[1] = rows.last - rows.first;
    window.start += rows.first * window.steps[1];
    const Index maps = length > 0 ? maps_at_once(patches.window) : C;
    for (Index c = 0; c < C; c += maps) {
      const gemm::Stretch k{(c * R + rows.first) * S, std::min(maps, C - c), length, R * S - length};
      if (length > 0)
        gemm::pack_patches(image, patches.positions, n, columns, gemm::panel_width(columns), window, c * length,
                           k.size(), panel);
      gemm::multiply_panel(a, k, panel, columns, y + n, N, c > 0);
    }
  }
}

bool all_finite(const float* from, Index size) {
  simd::f32x4 sum{};  // x − x is 0, or NaN for infinities and NaN
  Index i = 0;
  for (; i + 4 <= size; i += 4) sum += simd::load(from + i) - simd::load(from + i);
  float rest = sum[0] + sum[1] + sum[2] + sum[3];
  for (; i < size; ++i) rest += from[i] - from[i];
  return rest == 0.0f;
}

// ------------------------------------------------------------------------------------------------------------- forward

std::size_t forward_scratch(const OpAttributes& attributes, std::span<const Shape> in, std::span<const Shape>) {
  const Patches patches = forward_patches(conv2d_sizes(attributes, in[0], in[1]));
  return static_cast<std::size_t>(in[1].size()) + static_cast<std::size_t>(panel_floats(patches.window)) +
         patches.frame_floats();
}

void forward(const OpAttributes& attributes, const Operands<float>& o, std::span<float> scratch) {
  const Conv2dSizes d = conv2d_sizes(attributes, o.in_shapes[0], o.in_shapes[1]);
  const Patches patches = forward_patches(d);
  const Index CRS = patches.window.size(), PQ = patches.positions.size();
  float *kernels = scratch.data(), *panel = kernels + d.K * CRS, *frame = panel + panel_floats(patches.window);
  for (Index k = 0; k < d.K; k += kTileRows) {
    const Index rows = std::min(kTileRows, d.K - k);
    gemm::pack(o.in[1] + k * CRS, 1, CRS, rows, rows, CRS, kernels + k * CRS);
  }
  const bool skip_padding = !patches.frame.is_copy() && all_finite(o.in[1], d.K * CRS);
  for (Index n = 0; n < d.N; ++n) {
    const float* image = patches.image(o.in[0] + n * d.C * d.H * d.W, frame);
    multiply_patches({kernels, d.K, CRS}, patches, image, skip_padding, panel, o.out[0] + n * d.K * PQ);
  }
}

// ------------------------------------------------------------------------------------------------------ input gradient

std::size_t input_grad_scratch(const OpAttributes& attributes, std::span<const Shape> in, std::span<const Shape>) {
  if (attributes.stride != 1) return 0;
  const Patches patches = input_grad_patches(conv2d_sizes(attributes, attributes.shape, in[1]));
  return static_cast<std::size_t>(in[1].size()) + static_cast<std::size_t>(panel_floats(patches.window)) +
         patches.frame_floats();
}

/// At other strides each input pixel has terms of its own choosing: the reference kernel.
void input_grad(const OpAttributes& attributes, const Operands<float>& o, std::span<float> scratch) {
  if (attributes.stride != 1) return op_info(OpKind::kConv2dInputGrad).run_float(attributes, o);
  const Conv2dSizes d = conv2d_sizes(attributes, attributes.shape, o.in_shapes[1]);
  const Patches patches = input_grad_patches(d);
  const Index RS = Index{d.R} * d.S, KRS = d.K * RS;
  float *kernels = scratch.data(), *panel = kernels + d.C * KRS, *frame = panel + panel_floats(patches.window);
  for (Index c = 0; c < d.C; c += kTileRows) {
    const Index rows = std::min(kTileRows, d.C - c);
    for (Index k = 0; k < d.K; ++k)
      gemm::pack(o.in[1] + (k * d.C + c) * RS, 1, RS, rows, rows, RS, kernels + c * KRS + k * RS * rows);
  }
  const bool skip_padding = !patches.frame.is_copy() && all_finite(o.in[1], d.C * KRS);
  for (Index n = 0; n < d.N; ++n) {
    const float* image = patches.image(o.in[0] + n * d.K * d.P * d.Q, frame);
    multiply_patches({kernels, d.C, KRS}, patches, image, skip_padding, panel, o.out[0] + n * d.C * d.H * d.W);
  }
}

// ----------------------------------------------------------------------------------------------------- kernel gradient

/// Scratch of the kernel gradient: dy of one sample in panels of maps, one panel of patches, dwᵀ [CRS × maps], the
/// frame.
struct KernelGradScratch {
  Index maps, dy, panel, dw;
  KernelGradScratch(const Conv2dSizes& d, const Patches& patches)
      : maps(gemm::packed_width(d.K)),
        dy(patches.positions.size() * maps),
        panel(std::min(kBlockK, patches.positions.size()) * kTileRows),
        dw(patches.window.size() * maps) {}
};

std::size_t kernel_grad_scratch(const OpAttributes& attributes, std::span<const Shape> in, std::span<const Shape>) {
  const Conv2dSizes d = conv2d_sizes(attributes, in[1], attributes.shape);
  const Patches patches = forward_patches(d);
  const KernelGradScratch sizes(d, patches);
  return static_cast<std::size_t>(sizes.dy + sizes.panel + sizes.dw) + patches.frame_floats();
}

/// dwᵀ[window, map] (+)= sum over the positions of one sample of patch · dy.
void add_sample(const Patches& patches, const float* image, const float* dy, Index maps, float* panel, float* dw,
                bool resume) {
  const Index CRS = patches.window.size(), PQ = patches.positions.size();
  for (Index m = 0; m < CRS; m += kTileRows) {
    const Index rows = std::min(kTileRows, CRS - m);
    for (Index k0 = 0; k0 < PQ; k0 += kBlockK) {
      const Index here = std::min(kBlockK, PQ - k0);
      gemm::pack_patches(image, patches.window, m, rows, rows, patches.positions, k0, here, panel);
      for (Index k = 0; k < maps; k += kTileColumns) {
        const Index columns = std::min(kTileColumns, maps - k);
        gemm::multiply_panel({panel, rows, here}, gemm::neighbours(0, here), dy + k * PQ + k0 * columns, columns,
                             dw + m * maps + k, maps, resume || k0 > 0);
      }
    }
  }
}

void kernel_grad(const OpAttributes& attributes, const Operands<float>& o, std::span<float> scratch) {
  const Conv2dSizes d = conv2d_sizes(attributes, o.in_shapes[1], attributes.shape);
  const Patches patches = forward_patches(d);
  const KernelGradScratch sizes(d, patches);
  const Index CRS = patches.window.size(), PQ = patches.positions.size();
  float *dy = scratch.data(), *panel = dy + sizes.dy, *dw = panel + sizes.panel, *frame = dw + sizes.dw;
  for (Index n = 0; n < d.N; ++n) {
    for (Index k = 0; k < d.K; k += kTileColumns) {
      const Index columns = std::min<Index>(kTileColumns, d.K - k);
      gemm::pack(o.in[0] + (n * d.K + k) * PQ, 1, PQ, columns, gemm::panel_width(columns), PQ, dy + k * PQ);
    }
    const float* image = patches.image(o.in[1] + n * d.C * d.H * d.W, frame);
    add_sample(patches, image, dy, sizes.maps, panel, dw, n > 0);
  }
  for (Index k = 0; k < d.K; ++k)
    for (Index i = 0; i < CRS; ++i) o.out[0][k * CRS + i] = dw[i * sizes.maps + k];
}

}  // namespace

const FastKernel kFastConv2d{forward_scratch, forward};
const FastKernel kFastConv2dInputGrad{input_grad_scratch, input_grad};
const FastKernel kFastConv2dKernelGrad{kernel_grad_scratch, kernel_grad};

}  // namespace chainrule
