// Where layers have few units and many samples, lanes are what there is most of: units side by side, or with one or two
// units several samples; weights lie ready in a small array, and nothing is packed. A row that is no whole vector is
// stored whole and its surplus overwritten by the next one; loads that would pass the end go through a copy. Tied to
// the reference kernels by ParityMatMul, ParityBias, ParityBiasGrad, ParityActivate, ParityActivateGrad, ParitySgdStep
// and ParitySquaredErrorGrad.
#include <algorithm>

#include "engine/ops/matmul.h"
#include "engine/ops/simd_functions.h"
#include "engine/ops/small.h"

namespace chainrule {
namespace {

using simd::f32x4;
using simd::splat;
using Index = std::ptrdiff_t;

constexpr int kLanes = static_cast<int>(simd::kLanes);

// ------------------------------------------------------------------------------------------------------ matrix
// products

/// MatMulSizes, narrow.
struct Sizes {
  Index M, N, K, a_row, a_column, b_row, b_column;
  explicit Sizes(const SmallCall& c)
      : M(c.sizes[0]),
        N(c.sizes[1]),
        K(c.sizes[2]),
        a_row(c.sizes[3]),
        a_column(c.sizes[4]),
        b_row(c.sizes[5]),
        b_column(c.sizes[6]) {}
};

float element(const Sizes& d, const float* a, const float* b, Index m, Index n) {
  float sum = 0.0f;
  for (Index k = 0; k < d.K; ++k) sum += a[m * d.a_row + k * d.a_column] * b[k * d.b_row + n * d.b_column];
  return sum;
}

/// One or two columns: 4 / kColumns rows of y fill a vector.
template <int kColumns>
void narrow_product(const SmallCall& c) {
  const Sizes d(c);
  const float *a = c.in[0], *b = c.in[1];
  float* y = c.out[0];
  constexpr Index kRows = kLanes / kColumns;
  f32x4 columns[kMostSmallUnits];
  for (Index k = 0; k < d.K; ++k) {
    const float first = b[k * d.b_row], last = b[k * d.b_row + (kColumns - 1) * d.b_column];
    columns[k] = f32x4{first, last, first, last};
  }
  Index m = 0;
  for (; m + kRows <= d.M; m += kRows) {
    const float* row = a + m * d.a_row;
    f32x4 sum{};
    for (Index k = 0; k < d.K; ++k, row += d.a_column) {
      if constexpr (kColumns == 1)
        sum += f32x4{row[0], row[d.a_row], row[2 * d.a_row], row[3 * d.a_row]} * columns[k];
      else
        sum += f32x4{row[0], row[0], row[d.a_row], row[d.a_row]} * columns[k];
    }
    simd::store(y + m * kColumns, sum);
  }
  for (; m < d.M; ++m)
    for (Index n = 0; n < kColumns; ++n) y[m * kColumns + n] = element(d, a, b, m, n);
}

/// Up to 4 · kVectors columns, two rows at a time.
template <int kVectors>
void product(const SmallCall& c) {
  const Sizes d(c);
  constexpr Index kWidth = kVectors * kLanes;
  const float *a = c.in[0], *b = c.in[1];
  float *y = c.out[0], *const end = y + d.M * d.N;
  float packed[kMostSmallUnits * kWidth];
  for (Index k = 0; k < d.K; ++k)
    for (Index n = 0; n < kWidth; ++n) packed[k * kWidth + n] = n < d.N ? b[k * d.b_row + n * d.b_column] : 0.0f;
  const auto put = [&](float* row, const f32x4* sum) {
    for (int v = 0; v < kVectors; ++v) {
      float* to = row + v * kLanes;
      if (to + kLanes <= end)
        simd::store(to, sum[v]);
      else if (to < end)
        simd::store_first(to, sum[v], end - to);
    }
  };
  for (Index m = 0; m < d.M; m += 2) {
    const bool two = m + 1 < d.M;
    const float *first = a + m * d.a_row, *second = two ? first + d.a_row : first;
    f32x4 sum[kVectors]{}, next[kVectors]{};
    for (Index k = 0; k < d.K; ++k, first += d.a_column, second += d.a_column)
      for (int v = 0; v < kVectors; ++v) {
        const f32x4 column = simd::load(packed + k * kWidth + v * kLanes);
        sum[v] += splat(*first) * column;
        next[v] += splat(*second) * column;
      }
    put(y + m * d.N, sum);
    if (two) put(y + (m + 1) * d.N, next);
  }
}

/// sum_k over many k of a[k, m0 ...] · b[k, n0 ... n0 + 3] into the sums of kRows rows; b[k, n] = b[k·b_row + n].
template <int kRows>
void sum_of_rows(const Sizes& d, const float* a, const float* b, Index m0, Index n0, float* y) {
  f32x4 sum[kRows]{};
  const Index columns = std::min<Index>(kLanes, d.N - n0);
  const Index whole = std::clamp<Index>(((d.K - 1) * d.b_row + d.N - n0 - kLanes) / d.b_row + 1, 0, d.K);
  const bool fits = (d.K - 1) * d.b_row + d.N - n0 >= kLanes;
  const float *left = a + m0 * d.a_row, *right = b + n0;
  Index k = 0;
  for (; k < (fits ? whole : 0); ++k, left += d.a_column, right += d.b_row)
    for (int m = 0; m < kRows; ++m) sum[m] += splat(left[m * d.a_row]) * simd::load(right);
  for (; k < d.K; ++k, left += d.a_column, right += d.b_row)
    for (int m = 0; m < kRows; ++m) sum[m] += splat(left[m * d.a_row]) * simd::load_first(right, columns);
  for (int m = 0; m < kRows; ++m) {
    float* to = y + (m0 + m) * d.N + n0;
    columns == kLanes ? simd::store(to, sum[m]) : simd::store_first(to, sum[m], columns);
  }
}

/// A weight's gradient: a sum over the samples for each of few weights.
void product_over_samples(const SmallCall& c) {
  const Sizes d(c);
  for (Index m = 0; m < d.M; m += kLanes)
    for (Index n = 0; n < d.N; n += kLanes) switch (d.M - m) {
        case 1:
          sum_of_rows<1>(d, c.in[0], c.in[1], m, n, c.out[0]);
          break;
        case 2:
          sum_of_rows<2>(d, c.in[0], c.in[1], m, n, c.out[0]);
          break;
        case 3:
          sum_of_rows<3>(d, c.in[0], c.in[1], m, n, c.out[0]);
          break;
        default:
          sum_of_rows<4>(d, c.in[0], c.in[1], m, n, c.out[0]);
      }
}

bool prepare_matmul(const OpAttributes& attributes, std::span<const Shape> in, SmallCall& call) {
  const MatMulSizes d = matmul_sizes(attributes, in[0], in[1]);
  if (d.N > kMostSmallUnits || std::max({in[0].size(), in[1].size(), d.M * d.N}) > 1 << 20) return false;
  const std::int64_t sizes[] = {d.M, d.N, d.K, d.a_row, d.a_column, d.b_row, d.b_column};
  std::ranges::transform(sizes, call.sizes.begin(), [](std::int64_t size) { return static_cast<std::int32_t>(size); });
  if (d.K <= kMostSmallUnits) {
    using Run = void (*)(const SmallCall&);
    constexpr Run kOfVectors[] = {product<1>, product<2>, product<3>, product<4>};
    call.run = d.N == 1 ? narrow_product<1> : d.N == 2 ? narrow_product<2> : kOfVectors[(d.N - 1) / kLanes];
    return true;
  }
  if (d.M > kMostSmallUnits || d.b_column != 1) return false;
  call.run = product_over_samples;
  return true;
}

// -----------------------------------------------------------------------------------------------------------------
// biases

void bias(const SmallCall& c) {
  const Index size = c.sizes[0], C = c.sizes[1], period = c.sizes[2];
  const float* x = c.in[0];
  float *y = c.out[0], biases[4 * kMostSmallUnits];
  for (Index i = 0; i < period; i += C) std::copy_n(c.in[1], C, biases + i);
  Index i = 0;
  if (period == kLanes) {
    const f32x4 b = simd::load(biases);
    for (; i + kLanes <= size; i += kLanes) simd::store(y + i, simd::load(x + i) + b);
  } else {
    for (Index at = 0; i + kLanes <= size; i += kLanes, at = at + kLanes == period ? 0 : at + kLanes)
      simd::store(y + i, simd::load(x + i) + simd::load(biases + at));
  }
  for (; i < size; ++i) y[i] = x[i] + biases[i % period];
}

void bias_grad(const SmallCall& c) {
  const Index N = c.sizes[0], C = c.sizes[1];
  const float* const end = c.in[0] + N * C;
  for (Index first = 0; first < C; first += kLanes) {
    const Index columns = std::min<Index>(kLanes, C - first);
    f32x4 sum{};
    const float* row = c.in[0] + first;
    Index n = 0;
    for (; n < N && row + kLanes <= end; ++n, row += C) sum += simd::load(row);
    for (; n < N; ++n, row += C) sum += simd::load_first(row, columns);
    simd::store_first(c.out[0] + first, sum, columns);
  }
}

bool prepare_bias(OpKind kind, const Shape& x, SmallCall& call) {
  if (x.rank() != 2 || x[1] > kMostSmallUnits) return false;
  const int N = x[0], C = x[1];
  if (kind == OpKind::kBias) {
    call.sizes = {N * C, C, C % 4 == 0 ? C : C % 2 == 0 ? 2 * C : 4 * C};
    call.run = bias;
  } else {
    call.sizes = {N, C};
    call.run = bias_grad;
  }
  return true;
}

// ------------------------------------------------------------------------------------------------- element by element

template <class Rule>
void map1(const SmallCall& c, Rule rule) {
  simd::map(c.sizes[0], rule, c.out[0], c.in[0]);
}
template <class Rule>
void map2(const SmallCall& c, int first, int second, Rule rule) {
  simd::map(c.sizes[0], rule, c.out[0], c.in[static_cast<std::size_t>(first)], c.in[static_cast<std::size_t>(second)]);
}

void tanh(const SmallCall& c) {
  map1(c, [](f32x4 x) { return simd::tanh(x); });
}
void relu(const SmallCall& c) {
  map1(c, [](f32x4 x) { return f32x4{} > x ? f32x4{} : x; });
}
void tanh_grad(const SmallCall& c) {
  map2(c, 1, 2, [](f32x4 y, f32x4 dy) { return dy * (splat(1.0f) - y * y); });
}
void relu_grad(const SmallCall& c) {
  map2(c, 0, 2, [](f32x4 x, f32x4 dy) { return x > f32x4{} ? dy : f32x4{}; });
}
void sgd_step(const SmallCall& c) {
  map2(c, 0, 1, [lr = splat(*c.in[2])](f32x4 w, f32x4 g) { return w - lr * g; });
}
/// Half sum, one output: error · dl.
void squared_error_grad(const SmallCall& c) {
  simd::map(
      c.sizes[0], [](f32x4 y, f32x4 t, f32x4 dl) { return (y - t) * dl; }, c.out[0], c.in[0], c.in[1], c.in[2]);
}
void spread(const SmallCall& c) { std::fill_n(c.out[0], c.sizes[0], *c.in[0] / static_cast<float>(c.sizes[1])); }

using Run = void (*)(const SmallCall&);

Run element_kernel(OpKind kind, const OpAttributes& attributes, const Shape& shape) {
  const Activation activation = attributes.activation;
  switch (kind) {
    case OpKind::kActivate:
      return activation == Activation::kTanh ? tanh : activation == Activation::kRelu ? relu : nullptr;
    case OpKind::kActivateGrad:
      return activation == Activation::kTanh ? tanh_grad : activation == Activation::kRelu ? relu_grad : nullptr;
    case OpKind::kSgdStep:
      return sgd_step;
    case OpKind::kSpread:
      return spread;
    case OpKind::kSquaredErrorGrad:
      return attributes.form == SquaredErrorForm::kHalfSum && shape[1] == 1 ? squared_error_grad : nullptr;
    default:
      return nullptr;
  }
}

/// Fewer numbers than threads would share.
constexpr std::int64_t kMostElements = 1 << 12;

}  // namespace

bool prepare_small(OpKind kind, const OpAttributes& attributes, std::span<const Shape> in, std::span<const Shape> out,
                   SmallCall& call) {
  if (kind == OpKind::kMatMul) return prepare_matmul(attributes, in, call);
  if (kind == OpKind::kBias || kind == OpKind::kBiasGrad) return prepare_bias(kind, in[0], call);
  if (out[0].size() > kMostElements) return false;
  call.run = element_kernel(kind, attributes, out[0]);
  call.sizes = {static_cast<std::int32_t>(out[0].size()), attributes.divisor};
  return call.run != nullptr;
}

}  // namespace chainrule
