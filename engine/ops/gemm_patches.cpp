// Window element and position each add an offset of their own, so four neighbouring lanes whose offsets are consecutive
// are one vector load, and others four single ones. Offsets are found once a panel, then only added up. Zeros around the
// image are real numbers in a copy of it, so that no inner loop asks whether it is inside. Tied to the reference kernels
// by ParityConv2d.
#include "engine/ops/gemm_patches.h"

#include <algorithm>

#include "engine/ops/simd.h"

namespace chainrule::gemm {
namespace {

using simd::f32x4;
using simd::kLanes;

/// Calls line(pointer, k, count) for each stretch of the innermost axis within k0 .. k0 + K − 1.
template <class Line>
void for_each_line(const float* image, const Walk& along, std::int64_t k0, std::int64_t K, Line line) {
  const std::int64_t length = along.counts[2];
  for (std::int64_t k = 0; k < K;) {
    const std::int64_t count = std::min(length - (k0 + k) % length, K - k);
    line(image + along.offset(k0 + k), k, count);
    k += count;
  }
}

/// Four lanes, `gap` numbers apart: one vector load where gap is 1.
void pack_four_apart(const float* image, std::int64_t gap, const Walk& along, std::int64_t k0, std::int64_t K,
                     std::int64_t width, float* to) {
  const std::int64_t step = along.steps[2];
  for_each_line(image, along, k0, K, [&](const float* from, std::int64_t k, std::int64_t count) {
    if (gap == 1)
      for (std::int64_t i = 0; i < count; ++i) simd::store(to + (k + i) * width, simd::load(from + i * step));
    else
      for (std::int64_t i = 0; i < count; ++i)
        simd::store(to + (k + i) * width, simd::load_strided(from + i * step, gap));
  });
}

void pack_four_anywhere(const float* image, const std::int64_t* offsets, const Walk& along, std::int64_t k0, std::int64_t K,
                        std::int64_t width, float* to) {
  const std::int64_t step = along.steps[2], o0 = offsets[0], o1 = offsets[1], o2 = offsets[2], o3 = offsets[3];
  for_each_line(image, along, k0, K, [&](const float* from, std::int64_t k, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      const float* at = from + i * step;
      simd::store(to + (k + i) * width, f32x4{at[o0], at[o1], at[o2], at[o3]});
    }
  });
}

void pack_one(const float* image, const Walk& along, std::int64_t k0, std::int64_t K, std::int64_t width, float* to) {
  const std::int64_t step = along.steps[2];
  for_each_line(image, along, k0, K, [&](const float* from, std::int64_t k, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) to[(k + i) * width] = from[i * step];
  });
}

}  // namespace

void pack_patches(const float* image, const Walk& across, std::int64_t first, std::int64_t lanes, std::int64_t width,
                  const Walk& along, std::int64_t k0, std::int64_t K, float* to) {
  std::int64_t offsets[8];
  for (std::int64_t lane = 0; lane < lanes; ++lane) offsets[lane] = across.offset(first + lane);
  std::int64_t lane = 0;
  for (; lane + kLanes <= lanes; lane += kLanes) {
    const std::int64_t* o = offsets + lane;
    const std::int64_t gap = o[1] - o[0];
    if (gap > 0 && o[2] - o[1] == gap && o[3] - o[2] == gap)
      pack_four_apart(image + o[0], gap, along, k0, K, width, to + lane);
    else
      pack_four_anywhere(image, o, along, k0, K, width, to + lane);
  }
  for (; lane < lanes; ++lane) pack_one(image + offsets[lane], along, k0, K, width, to + lane);
  for (; lane < width; ++lane)
    for (std::int64_t k = 0; k < K; ++k) to[k * width + lane] = 0.0f;
}

void embed(const Frame& f, const float* from, float* to) {
  std::fill(to, to + f.size(), 0.0f);
  const std::int64_t row0 = std::max<std::int64_t>(0, -f.top), row1 = std::min(f.h, f.H - f.top);
  const std::int64_t column0 = std::max<std::int64_t>(0, -f.left), column1 = std::min(f.w, f.W - f.left);
  if (column0 >= column1) return;
  for (std::int64_t map = 0; map < f.maps; ++map)
    for (std::int64_t row = row0; row < row1; ++row)
      std::copy(from + (map * f.h + row) * f.w + column0, from + (map * f.h + row) * f.w + column1,
                to + (map * f.H + row + f.top) * f.W + column0 + f.left);
}

}  // namespace chainrule::gemm
