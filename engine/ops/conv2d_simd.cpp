// All three are matrix products whose large factor is never built. Forward: kernels [K × CRS] times patches [CRS × PQ]
// of each sample; input gradient at stride 1: the same, with dy in a frame of zeros and the kernel walked backwards;
// kernel gradient: patches, positions inmost, times dy, one sample after another into the same sums, transposed at the
// end. Threads take samples and positions, or for the kernel gradient rows of the window. Tied to the reference by ParityConv2d, ParityConv2dInputGrad and ParityConv2dKernelGrad.
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

/// y[m, position] = sum over the window of a[m, window] · patch, for positions first .. last − 1 of one sample.
/// With `skip_padding` rows of the window that lie in the padding are left out: their terms are 0 · a, and if all a are
/// finite that is ±0, which changes no sum that began at +0.
void multiply_patches(const gemm::RowPanels& a, const Patches& patches, const float* image, bool skip_padding, Index first,
                      Index last, float* panel, float* y) {
  const Index N = patches.positions.size();
  const Index C = patches.window.counts[0], R = patches.window.counts[1], S = patches.window.counts[2];
  for (Index n = first; n < last; n += kTileColumns) {
    const Index columns = std::min(kTileColumns, last - n);
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

/// A panel and a frame for each thread.
std::size_t slot_floats(const Patches& patches) {
  return static_cast<std::size_t>(panel_floats(patches.window)) + patches.frame_floats();
}

/// multiply_patches of `samples` samples, `in` and `out` numbers apart, shared by threads: by samples where there are enough,
/// else by stretches of positions.
struct Samples {
  Index samples, in, out;
  const float* from;
  float* to;
};
void multiply_samples(const Samples& s, const gemm::RowPanels& a, const Patches& patches, bool skip_padding,
                      const Workspace& workspace, float* slots) {
  const Index positions = patches.positions.size();
  const Index slots_to_fill = workspace.threads == 1 ? 1 : Index{workspace.threads} * 4;
  const Index wanted = std::min(slots_to_fill / s.samples, positions / kTileColumns);
  const Index step = wanted > 1 ? (positions / wanted + kTileColumns - 1) / kTileColumns * kTileColumns : positions;
  const Index stretches = (positions + step - 1) / step;
  workspace.split(s.samples * stretches, grain_of_products(a.M * a.K * step), [&](Index begin, Index end, int slot) {
    float *panel = slots + slot * static_cast<Index>(slot_floats(patches)), *frame = panel + panel_floats(patches.window);
    const float* image = nullptr;
    for (Index i = begin; i < end; ++i) {
      const Index n = i / stretches, first = i % stretches * step;
      if (i == begin || first == 0) image = patches.image(s.from + n * s.in, frame);
      multiply_patches(a, patches, image, skip_padding, first, std::min(positions, first + step), panel, s.to + n * s.out);
    }
  });
}

// ------------------------------------------------------------------------------------------------------------- forward

std::size_t forward_scratch(const OpAttributes& attributes, std::span<const Shape> in, std::span<const Shape>, int threads) {
  const Patches patches = forward_patches(conv2d_sizes(attributes, in[0], in[1]));
  return static_cast<std::size_t>(in[1].size()) + slot_floats(patches) * static_cast<std::size_t>(threads);
}

void forward(const OpAttributes& attributes, const Operands<float>& o, const Workspace& workspace) {
  const Conv2dSizes d = conv2d_sizes(attributes, o.in_shapes[0], o.in_shapes[1]);
  const Patches patches = forward_patches(d);
  const Index CRS = patches.window.size(), PQ = patches.positions.size();
  float* kernels = workspace.scratch.data();
  for (Index k = 0; k < d.K; k += kTileRows) {
    const Index rows = std::min(kTileRows, d.K - k);
    gemm::pack(o.in[1] + k * CRS, 1, CRS, rows, rows, CRS, kernels + k * CRS);
  }
  const bool skip_padding = !patches.frame.is_copy() && all_finite(o.in[1], d.K * CRS);
  multiply_samples({d.N, Index{d.C} * d.H * d.W, d.K * PQ, o.in[0], o.out[0]}, {kernels, d.K, CRS}, patches, skip_padding,
                   workspace, kernels + d.K * CRS);
}

// ------------------------------------------------------------------------------------------------------ input gradient

std::size_t input_grad_scratch(const OpAttributes& attributes, std::span<const Shape> in, std::span<const Shape>,
                               int threads) {
  if (attributes.stride != 1) return 0;
  const Patches patches = input_grad_patches(conv2d_sizes(attributes, attributes.shape, in[1]));
  return static_cast<std::size_t>(in[1].size()) + slot_floats(patches) * static_cast<std::size_t>(threads);
}

/// At other strides each input pixel has terms of its own choosing: the reference kernel.
void input_grad(const OpAttributes& attributes, const Operands<float>& o, const Workspace& workspace) {
  if (attributes.stride != 1) return op_info(OpKind::kConv2dInputGrad).run_float(attributes, o);
  const Conv2dSizes d = conv2d_sizes(attributes, attributes.shape, o.in_shapes[1]);
  const Patches patches = input_grad_patches(d);
  const Index RS = Index{d.R} * d.S, KRS = d.K * RS;
  float* kernels = workspace.scratch.data();
  for (Index c = 0; c < d.C; c += kTileRows) {
    const Index rows = std::min(kTileRows, d.C - c);
    for (Index k = 0; k < d.K; ++k)
      gemm::pack(o.in[1] + (k * d.C + c) * RS, 1, RS, rows, rows, RS, kernels + c * KRS + k * RS * rows);
  }
  const bool skip_padding = !patches.frame.is_copy() && all_finite(o.in[1], d.C * KRS);
  const Index in = Index{d.K} * d.P * d.Q, out = Index{d.C} * d.H * d.W;
  multiply_samples({d.N, in, out, o.in[0], o.out[0]}, {kernels, d.C, KRS}, patches, skip_padding, workspace,
                   kernels + d.C * KRS);
}

// ----------------------------------------------------------------------------------------------------- kernel gradient

/// Scratch of the kernel gradient: dwᵀ [CRS × maps]; dy in panels of maps and the frame, for `samples` samples; a panel of
/// patches for each thread. Threads prepare several samples before they share the window's rows, as they meet after each.
struct KernelGradScratch {
  static constexpr Index kPrepared = 1 << 16;
  Index maps, dy, panel, dw, frame, samples;
  KernelGradScratch(const Conv2dSizes& d, const Patches& patches, int threads)
      : maps(gemm::packed_width(d.K)),
        dy(patches.positions.size() * maps),
        panel(std::min(kBlockK, patches.positions.size()) * kTileRows),
        dw(patches.window.size() * maps),
        frame(static_cast<Index>(patches.frame_floats())),
        samples(threads == 1 ? 1 : std::clamp<Index>(kPrepared / (dy + frame), 1, d.N)) {}
  Index floats(int threads) const { return dw + samples * (dy + frame) + panel * threads; }
};

std::size_t kernel_grad_scratch(const OpAttributes& attributes, std::span<const Shape> in, std::span<const Shape>,
                                int threads) {
  const Conv2dSizes d = conv2d_sizes(attributes, in[1], attributes.shape);
  return static_cast<std::size_t>(KernelGradScratch(d, forward_patches(d), threads).floats(threads));
}

/// dwᵀ[window, map] (+)= sum over the positions of one sample of patch · dy, for window elements first .. last − 1.
void add_sample(const Patches& patches, const float* image, const float* dy, Index maps, Index first, Index last, float* panel,
                float* dw, bool resume) {
  const Index PQ = patches.positions.size();
  for (Index m = first; m < last; m += kTileRows) {
    const Index rows = std::min(kTileRows, last - m);
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

/// dy of one sample, [K × PQ], in panels of maps.
void pack_maps(const float* from, Index K, Index PQ, float* to) {
  for (Index k = 0; k < K; k += kTileColumns) {
    const Index columns = std::min(kTileColumns, K - k);
    gemm::pack(from + k * PQ, 1, PQ, columns, gemm::panel_width(columns), PQ, to + k * PQ);
  }
}

void kernel_grad(const OpAttributes& attributes, const Operands<float>& o, const Workspace& workspace) {
  const Conv2dSizes d = conv2d_sizes(attributes, o.in_shapes[1], attributes.shape);
  const Patches patches = forward_patches(d);
  const KernelGradScratch sizes(d, patches, workspace.threads);
  const Index CRS = patches.window.size(), PQ = patches.positions.size(), CHW = Index{d.C} * d.H * d.W;
  float *dw = workspace.scratch.data(), *dy = dw + sizes.dw, *frames = dy + sizes.samples * sizes.dy;
  float* panels = frames + sizes.samples * sizes.frame;
  for (Index n0 = 0; n0 < d.N; n0 += sizes.samples) {
    const Index here = std::min(sizes.samples, d.N - n0);
    workspace.split(here, grain_of_numbers(d.K * PQ + sizes.frame), [&](Index begin, Index end, int) {
      for (Index i = begin; i < end; ++i) {
        pack_maps(o.in[0] + (n0 + i) * d.K * PQ, d.K, PQ, dy + i * sizes.dy);
        patches.image(o.in[1] + (n0 + i) * CHW, frames + i * sizes.frame);
      }
    });
    Grain grain = grain_of_products(here * PQ * d.K);
    grain.multiple = kTileRows;
    workspace.split(CRS, grain, [&](Index begin, Index end, int slot) {
      for (Index i = 0; i < here; ++i) {
        const float* image = sizes.frame == 0 ? o.in[1] + (n0 + i) * CHW : frames + i * sizes.frame;
        add_sample(patches, image, dy + i * sizes.dy, sizes.maps, begin, end, panels + slot * sizes.panel, dw, n0 + i > 0);
      }
    });
  }
  for (Index k = 0; k < d.K; ++k)
    for (Index i = 0; i < CRS; ++i) o.out[0][k * CRS + i] = dw[i * sizes.maps + k];
}

}  // namespace

const FastKernel kFastConv2d{forward_scratch, forward};
const FastKernel kFastConv2dInputGrad{input_grad_scratch, input_grad};
const FastKernel kFastConv2dKernelGrad{kernel_grad_scratch, kernel_grad};

}  // namespace chainrule
