// Window element and position each add an offset of their own, so four neighbouring lanes whose offsets are consecutive
// are one vector load, and others four single ones. Offsets are found once a panel, then only added up. Zeros around
// the image are real numbers in a copy of it, so that no inner loop asks whether it is inside. Tied to the reference
// kernels by ParityConv2d, ParityConv2dInputGrad and ParityConv2dKernelGrad.
#include "engine/ops/gemm_patches.h"

#include <algorithm>

#include "engine/ops/simd.h"

namespace chainrule::gemm {
namespace {

using simd::f32x4;
constexpr Index kLanes = simd::kLanes;

/// Where a walk is after so many steps. Divides once; going on only counts.
class Cursor {
 public:
  Cursor(const Walk& walk, Index steps)
      : walk_(walk), inner_(steps % walk.counts[2]), middle_(steps / walk.counts[2] % walk.counts[1]) {
    outer_ = walk.start + steps / walk.counts[2] / walk.counts[1] * walk.steps[0];
    line_ = outer_ + middle_ * walk.steps[1];
  }
  Index offset() const { return line_ + inner_ * walk_.steps[2]; }
  /// Steps that are left on this line, the innermost axis.
  Index left() const { return walk_.counts[2] - inner_; }
  void next_line() {
    inner_ = 0;
    line_ += walk_.steps[1];
    if (++middle_ < walk_.counts[1]) return;
    middle_ = 0;
    line_ = outer_ += walk_.steps[0];
  }
  void next() {
    if (++inner_ == walk_.counts[2]) next_line();
  }

 private:
  const Walk& walk_;
  Index inner_, middle_, outer_, line_;
};

/// Calls line(pointer, k, count) for each stretch of the innermost axis within k0 .. k0 + K − 1.
template <class Line>
void for_each_line(const float* image, const Walk& along, Index k0, Index K, Line line) {
  Cursor cursor(along, k0);
  for (Index k = 0; k < K;) {
    const Index count = std::min(cursor.left(), K - k);
    line(image + cursor.offset(), k, count);
    cursor.next_line();
    k += count;
  }
}

/// kGroups vectors of lanes for each k; load(from, group) fetches one.
template <int kGroups, class Load>
void pack_groups(const float* image, const Walk& along, Index k0, Index K, Index width, float* to, Load load) {
  const Index step = along.steps[2];
  for_each_line(image, along, k0, K, [&](const float* from, Index k, Index count) {
    for (float *end = to + (k + count) * width, *row = to + k * width; row != end; row += width, from += step)
#pragma GCC unroll 2
      for (int group = 0; group < kGroups; ++group) simd::store(row + group * kLanes, load(from, group));
  });
}

template <int kGroups>
void pack_whole(const float* image, const Index* offsets, const Walk& along, Index k0, Index K, Index width,
                float* to) {
  bool consecutive = true;
  for (int lane = 0; lane < kGroups * kLanes; ++lane)
    consecutive = consecutive && offsets[lane] == offsets[lane / kLanes * kLanes] + lane % kLanes;
  if (consecutive)
    pack_groups<kGroups>(image, along, k0, K, width, to,
                         [=](const float* from, int group) { return simd::load(from + offsets[group * kLanes]); });
  else
    pack_groups<kGroups>(image, along, k0, K, width, to, [=](const float* from, int group) {
      const Index* o = offsets + group * kLanes;
      return f32x4{from[o[0]], from[o[1]], from[o[2]], from[o[3]]};
    });
}

void pack_one(const float* image, const Walk& along, Index k0, Index K, Index width, float* to) {
  const Index step = along.steps[2];
  for_each_line(image, along, k0, K, [&](const float* from, Index k, Index count) {
    for (Index i = 0; i < count; ++i) to[(k + i) * width] = from[i * step];
  });
}

}  // namespace

void pack_patches(const float* image, const Walk& across, Index first, Index lanes, Index width, const Walk& along,
                  Index k0, Index K, float* to) {
  Index offsets[8];
  Cursor cursor(across, first);
  for (Index lane = 0; lane < lanes; ++lane, cursor.next()) offsets[lane] = cursor.offset();
  Index lane = lanes / kLanes * kLanes;
  if (lane == 2 * kLanes) pack_whole<2>(image, offsets, along, k0, K, width, to);
  if (lane == kLanes) pack_whole<1>(image, offsets, along, k0, K, width, to);
  for (; lane < lanes; ++lane) pack_one(image + offsets[lane], along, k0, K, width, to + lane);
  for (; lane < width; ++lane)
    for (Index k = 0; k < K; ++k) to[k * width + lane] = 0.0f;
}

void embed(const Frame& f, const float* from, float* to) {
  std::fill(to, to + f.size(), 0.0f);
  const Index row0 = std::max<Index>(0, -f.top), row1 = std::min(f.h, f.H - f.top);
  const Index column0 = std::max<Index>(0, -f.left), column1 = std::min(f.w, f.W - f.left);
  if (column0 >= column1) return;
  for (Index map = 0; map < f.maps; ++map)
    for (Index row = row0; row < row1; ++row)
      std::copy(from + (map * f.h + row) * f.w + column0, from + (map * f.h + row) * f.w + column1,
                to + (map * f.H + row + f.top) * f.W + column0 + f.left);
}

}  // namespace chainrule::gemm
