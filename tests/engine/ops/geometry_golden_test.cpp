// 300 random geometries each of convolution, both poolings and filtering against PyTorch (tests/golden/geometries.bin):
// sides from 1 on, even kernels, windows that leave a rest, padding wider than the kernel, dilation.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "engine/ops/fast.h"
#include "tests/engine/support/golden.h"
#include "tests/engine/support/run_op.h"

namespace chainrule::test {
namespace {

// Of the norm of the tensor; a tensor with one element missing is off by about 1 / √size, 0.02 and more here.
constexpr double kFloatTolerance = 2e-5, kDoubleTolerance = 1e-10;
constexpr std::size_t kSums = 4;  // the norm and three projections

template <class T>
Values<T> filled_values(std::uint32_t seed, const Shape& shape) {
  Values<T> values{shape, {}};
  for (std::uint32_t i = 0; i < shape.size(); ++i) values.numbers.push_back(static_cast<T>(filled(seed, i, 1.0f)));
  return values;
}

template <class T>
void expect_sums(const std::vector<T>& got, std::span<const double> wanted, double tolerance, const std::string& name) {
  const auto of_norm = tolerance * (1.0 + wanted[0]);
  double squares = 0.0;
  for (const T value : got) squares += static_cast<double>(value) * static_cast<double>(value);
  EXPECT_NEAR(std::sqrt(squares), wanted[0], of_norm) << name;
  for (std::uint32_t probe = 0; probe + 1 < kSums; ++probe) {
    double product = 0.0;
    for (std::uint32_t i = 0; i < got.size(); ++i)
      product += static_cast<double>(got[i]) * static_cast<double>(filled(7000 + probe, i, 1.0f));
    EXPECT_NEAR(product, wanted[1 + probe], of_norm * std::sqrt(static_cast<double>(got.size()))) << name;
  }
}

/// Rows of one family, one after the other.
struct Family {
  const GoldenRecord &geometries, &checksums;
  std::size_t count, columns, sums;

  Family(const GoldenFile& file, const std::string& name)
      : geometries(file[name + "/geometries"]),
        checksums(file[name + "/checksums"]),
        count(static_cast<std::size_t>(geometries.shape[0])),
        columns(static_cast<std::size_t>(geometries.shape[1])),
        sums(static_cast<std::size_t>(checksums.shape[1])) {}
  std::vector<int> row(std::size_t i) const {
    const auto first = geometries.numbers.begin() + static_cast<std::ptrdiff_t>(i * columns);
    return std::vector<int>(first, first + static_cast<std::ptrdiff_t>(columns));
  }
  std::span<const double> sums_of(std::size_t i, std::size_t tensor) const {
    return std::span(checksums.numbers).subspan(i * sums + tensor * kSums, kSums);
  }
};

std::string name_of(const std::string& family, const std::vector<int>& row) {
  std::string name = family;
  for (const int number : row) name += " " + std::to_string(number);
  return name;
}

template <class T>
void check_convolutions(double tolerance) {
  const GoldenFile file("geometries.bin");
  const Family family(file, "conv2d");
  ASSERT_EQ(family.count, 300u);
  for (std::uint32_t i = 0; i < family.count; ++i) {
    const std::vector<int> g = family.row(i);
    const std::string name = name_of("conv2d", g);
    OpAttributes attributes;
    attributes.stride = g[7], attributes.pad = g[8], attributes.dilation = g[9];
    const auto x = filled_values<T>(2000 + i, Shape{g[0], g[1], g[2], g[3]});
    const auto w = filled_values<T>(3000 + i, Shape{g[4], g[1], g[5], g[6]});
    const auto y = run_op<T>(OpKind::kConv2d, attributes, {x, w})[0];
    expect_sums(y.numbers, family.sums_of(i, 0), tolerance, name + " y");
    const auto dy = filled_values<T>(4000 + i, y.shape);
    attributes.shape = x.shape;
    const auto dx = run_op<T>(OpKind::kConv2dInputGrad, attributes, {dy, w})[0];
    expect_sums(dx.numbers, family.sums_of(i, 1), tolerance, name + " dx");
    attributes.shape = w.shape;
    const auto dw = run_op<T>(OpKind::kConv2dKernelGrad, attributes, {dy, x})[0];
    expect_sums(dw.numbers, family.sums_of(i, 2), tolerance, name + " dw");
  }
}
TEST(GeometryGolden, Conv2dFloat) { check_convolutions<float>(kFloatTolerance); }
TEST(GeometryGolden, Conv2dDouble) { check_convolutions<double>(kDoubleTolerance); }

template <class T>
void check_pools(OpKind forward, OpKind backward, double tolerance) {
  const GoldenFile file("geometries.bin");
  const std::string op(op_info(forward).name);
  const Family family(file, op);
  ASSERT_EQ(family.count, 300u);
  for (std::uint32_t i = 0; i < family.count; ++i) {
    const std::vector<int> g = family.row(i);
    OpAttributes attributes;
    attributes.window = g[4], attributes.window_stride = g[5];
    const auto x = filled_values<T>(2000 + i, Shape{g[0], g[1], g[2], g[3]});
    const auto y = run_op<T>(forward, attributes, {x})[0];
    expect_sums(y.numbers, family.sums_of(i, 0), tolerance, name_of(op, g) + " y");
    const auto dy = filled_values<T>(4000 + i, y.shape);
    attributes.shape = x.shape;
    const auto operands = forward == OpKind::kMaxPool ? std::vector{x, dy} : std::vector{dy};
    const auto dx = run_op<T>(backward, attributes, operands)[0];
    expect_sums(dx.numbers, family.sums_of(i, 1), tolerance, name_of(op, g) + " dx");
  }
}
TEST(GeometryGolden, MaxPoolFloat) { check_pools<float>(OpKind::kMaxPool, OpKind::kMaxPoolGrad, kFloatTolerance); }
TEST(GeometryGolden, MaxPoolDouble) { check_pools<double>(OpKind::kMaxPool, OpKind::kMaxPoolGrad, kDoubleTolerance); }
TEST(GeometryGolden, AveragePoolFloat) {
  check_pools<float>(OpKind::kAveragePool, OpKind::kAveragePoolGrad, kFloatTolerance);
}
TEST(GeometryGolden, AveragePoolDouble) {
  check_pools<double>(OpKind::kAveragePool, OpKind::kAveragePoolGrad, kDoubleTolerance);
}

template <class T>
void check_filters(double tolerance) {
  const GoldenFile file("geometries.bin");
  const Family family(file, "filter");
  ASSERT_EQ(family.count, 300u);
  std::array<int, 3> with_padding{};
  for (std::uint32_t i = 0; i < family.count; ++i) {
    const std::vector<int> g = family.row(i);
    OpAttributes attributes;
    attributes.stride = g[6], attributes.pad = g[7], attributes.dilation = g[8];
    attributes.padding = static_cast<Padding>(g[9]), attributes.flip = g[10] != 0;
    attributes.divided = attributes.shifted = true;
    const auto x = filled_values<T>(2000 + i, Shape{g[0], g[1], g[2], g[3]});
    const auto w = filled_values<T>(3000 + i, Shape{g[4], g[5]});
    const auto y = run_op<T>(OpKind::kFilter, attributes, {x, w, {Shape{1}, {T(3)}}, {Shape{1}, {T(0.25)}}})[0];
    expect_sums(y.numbers, family.sums_of(i, 0), tolerance, name_of("filter", g));
    if (attributes.pad > 0) ++with_padding[static_cast<std::size_t>(g[9])];
  }
  for (const int cases : with_padding) EXPECT_GT(cases, 40);
}
TEST(GeometryGolden, FilterFloat) { check_filters<float>(kFloatTolerance); }
TEST(GeometryGolden, FilterDouble) { check_filters<double>(kDoubleTolerance); }

// The fast kernels meet the same geometries.
TEST(GeometryGolden, FastKernelsGiveTheSameBits) {
  const GoldenFile file("geometries.bin");
  const Family family(file, "conv2d");
  for (std::uint32_t i = 0; i < family.count; ++i) {
    const std::vector<int> g = family.row(i);
    OpAttributes attributes;
    attributes.stride = g[7], attributes.pad = g[8], attributes.dilation = g[9];
    const auto x = filled_values<float>(2000 + i, Shape{g[0], g[1], g[2], g[3]});
    const auto w = filled_values<float>(3000 + i, Shape{g[4], g[1], g[5], g[6]});
    const auto y = run_op<float>(OpKind::kConv2d, attributes, {x, w})[0];
    const FastKernel* fast = fast_kernel(OpKind::kConv2d);
    ASSERT_NE(fast, nullptr);
    const std::vector<Shape> in_shapes{x.shape, w.shape}, out_shapes{y.shape};
    std::vector<float> scratch(fast->scratch_floats(attributes, in_shapes, out_shapes, 1)), out(y.numbers.size());
    const std::array<const float*, 2> in{x.numbers.data(), w.numbers.data()};
    const std::array<float*, 1> outs{out.data()};
    fast->run(attributes, Operands<float>{in_shapes, out_shapes, in, outs}, {scratch});
    EXPECT_EQ(out, y.numbers) << name_of("conv2d", g);
  }
}

}  // namespace
}  // namespace chainrule::test
