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

/// Samples first .. last − 1.
void bias_of_samples(const BiasSizes& d, std::int64_t first_sample, std::int64_t last, const float* x, const float* b, float* y) {
  for (std::int64_t n = first_sample; n < last; ++n) {
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

void bias(const OpAttributes&, const Operands<float>& o, const Workspace& workspace) {
  const BiasSizes d(o.in_shapes[0]);
  const auto samples = [&](std::ptrdiff_t begin, std::ptrdiff_t end, int) { bias_of_samples(d, begin, end, o.in[0], o.in[1], o.out[0]); };
  workspace.split(static_cast<std::ptrdiff_t>(d.N), grain_of_numbers(static_cast<std::ptrdiff_t>(d.C * d.positions)), samples);
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

/// db of a dense layer, units first .. last − 1: rows are added to one another.
void sum_rows(const BiasSizes& d, std::int64_t first, std::int64_t last, const float* dy, float* db) {
  const auto add = [](f32x4 sum, f32x4 row) { return sum + row; };
  float* to = db + first;
  std::fill(to, db + last, 0.0f);
  for (std::int64_t n = 0; n < d.N; ++n)
    simd::map(last - first, add, to, static_cast<const float*>(to), dy + n * d.C + first);
}

void bias_grad(const OpAttributes&, const Operands<float>& o, const Workspace& workspace) {
  const BiasSizes d(o.in_shapes[0]);
  const auto C = static_cast<std::ptrdiff_t>(d.C), terms = static_cast<std::ptrdiff_t>(d.N * d.positions);
  const Grain grain{std::max<std::ptrdiff_t>(2 * kLanes, grain_of_numbers(terms).least), 2 * kLanes};
  workspace.split(C, grain, [&](std::ptrdiff_t begin, std::ptrdiff_t end, int) {
    if (d.positions == 1) return sum_rows(d, begin, end, o.in[0], o.out[0]);
    for (std::int64_t c = begin; c < end; c += 2 * kLanes)
      sum_maps(d, o.in[0], c, std::min<std::int64_t>(2 * kLanes, end - c), o.out[0] + c);
  });
}

}  // namespace

const FastKernel kFastBias{no_scratch, bias};
const FastKernel kFastBiasGrad{no_scratch, bias_grad};

}  // namespace chainrule
