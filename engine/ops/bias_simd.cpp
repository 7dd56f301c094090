// Adding a bias takes four outputs at a time. Its gradient is one long sum per channel that must not be split, so four
// channels fill the lanes of one sum: blocks of 4 channels × 4 positions are turned on the fly, and two such sums run
// side by side, as each addition has to wait for the one before. Tied to the reference by ParityBias and
// ParityBiasGrad.
#include <algorithm>

#include "engine/ops/bias.h"
#include "engine/ops/fast.h"
#include "engine/ops/simd.h"

namespace chainrule {
namespace {

using simd::f32x4;
using simd::kLanes;

struct BiasSizes {
  std::int64_t N, C, positions;
  explicit BiasSizes(const Shape& x) : N(x[0]), C(x[1]), positions(x.size() / (N * C)) {}
};

void bias(const OpAttributes&, const Operands<float>& o, std::span<float>) {
  const BiasSizes d(o.in_shapes[0]);
  const float *x = o.in[0], *b = o.in[1];
  float* y = o.out[0];
  for (std::int64_t n = 0; n < d.N; ++n) {
    if (d.positions == 1) {
      simd::map(
          d.C, [](f32x4 v, f32x4 w) { return v + w; }, y + n * d.C, x + n * d.C, b);
      continue;
    }
    for (std::int64_t c = 0; c < d.C; ++c) {
      const std::int64_t first = (n * d.C + c) * d.positions;
      simd::map(
          d.positions, [w = simd::splat(b[c])](f32x4 v) { return v + w; }, y + first, x + first);
    }
  }
}

/// Sums of 4 channels, one a lane, whose rows begin at the given pointers. Lanes may repeat a channel.
struct FourSums {
  const float* row[kLanes];
  f32x4 sum{};

  void add_four(std::int64_t p) {
    f32x4 a = simd::load(row[0] + p), b = simd::load(row[1] + p), c = simd::load(row[2] + p),
          d = simd::load(row[3] + p);
    simd::transpose(a, b, c, d);
    sum = sum + a + b + c + d;  // from left to right
  }
  void add_one(std::int64_t p) { sum += f32x4{row[0][p], row[1][p], row[2][p], row[3][p]}; }
};

/// db[c] for up to 8 channels of a layer with several positions.
[[gnu::noinline]] void sum_maps(const BiasSizes& d, const float* dy, std::int64_t c, std::int64_t channels, float* db) {
  FourSums low{}, high{};
  for (std::int64_t n = 0; n < d.N; ++n) {
    const auto row = [&](std::int64_t lane) { return dy + (n * d.C + c + std::min(lane, channels - 1)) * d.positions; };
    for (std::int64_t lane = 0; lane < kLanes; ++lane) low.row[lane] = row(lane), high.row[lane] = row(kLanes + lane);
    std::int64_t p = 0;
    for (; p + kLanes <= d.positions; p += kLanes) low.add_four(p), high.add_four(p);
    for (; p < d.positions; ++p) low.add_one(p), high.add_one(p);
  }
  simd::store_first(db, low.sum, std::min(channels, kLanes));
  if (channels > kLanes) simd::store_first(db + kLanes, high.sum, channels - kLanes);
}

/// db of a dense layer: rows are added to one another.
void sum_rows(const BiasSizes& d, const float* dy, float* db) {
  const auto add = [](f32x4 sum, f32x4 row) { return sum + row; };
  std::fill(db, db + d.C, 0.0f);
  for (std::int64_t n = 0; n < d.N; ++n) simd::map(d.C, add, db, static_cast<const float*>(db), dy + n * d.C);
}

void bias_grad(const OpAttributes&, const Operands<float>& o, std::span<float>) {
  const BiasSizes d(o.in_shapes[0]);
  if (d.positions == 1) return sum_rows(d, o.in[0], o.out[0]);
  for (std::int64_t c = 0; c < d.C; c += 2 * kLanes)
    sum_maps(d, o.in[0], c, std::min(2 * kLanes, d.C - c), o.out[0] + c);
}

}  // namespace

const FastKernel kFastBias{no_scratch, bias};
const FastKernel kFastBiasGrad{no_scratch, bias_grad};

}  // namespace chainrule
