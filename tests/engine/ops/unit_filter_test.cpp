// Filtering pictures: the decks' numbers (N2, N3), every padding by hand, and filtering in place against a plain loop
// over one picture that is overwritten as it goes.
#include <gtest/gtest.h>

#include <cmath>

#include "engine/ops/filter.h"
#include "engine/trace/derivation.h"
#include "tests/engine/support/run_op.h"

namespace chainrule::test {
namespace {

using Numbers = std::vector<float>;

const Values<float> kDeck000{Shape{1, 1, 5, 5},
                             {3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1}};
const Values<float> kDeck000Kernel{Shape{3, 3}, {0, 1, 2, 2, 2, 0, 0, 1, 2}};
const Values<float> kDeck002{
    Shape{1, 1, 8, 8},
    {255, 128, 128, 240, 1,   128, 24,  255, 255, 128, 245, 240, 1,   128, 24,  255, 245, 128, 245, 240, 1,   128,
     128, 128, 24,  24,  24,  255, 255, 0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   245, 245, 128, 128,
     128, 128, 245, 245, 245, 245, 245, 240, 240, 240, 255, 240, 255, 240, 128, 240, 240, 128, 240, 255}};
const Values<float> kSmoothing{Shape{3, 3}, {1, 1, 1, 1, 4, 1, 1, 1, 1}};
const Values<float> kTwelve{Shape{1}, {12}};

Values<float> kernel3(Numbers numbers) { return {Shape{3, 3}, std::move(numbers)}; }

// N2: the slide's result, the flipped one, and the filter table on the same input.
TEST(FilterUnit, Deck000) {
  OpAttributes attributes;
  EXPECT_EQ(first_output(OpKind::kFilter, attributes, {kDeck000, kDeck000Kernel}),
            (Numbers{12, 12, 17, 10, 17, 19, 9, 6, 14}));
  const auto filtered = [&](Numbers w) {
    return first_output(OpKind::kFilter, attributes, {kDeck000, kernel3(std::move(w))});
  };
  EXPECT_EQ(filtered({0, 0, 0, 0, 1, 0, 0, 0, 0}), (Numbers{0, 1, 3, 1, 2, 2, 0, 0, 2}));
  EXPECT_EQ(filtered({0, 1, 0, 1, -4, 1, 0, 1, 0}), (Numbers{5, 3, -7, 1, -4, 2, 3, 4, -4}));
  EXPECT_EQ(filtered({-1, -1, -1, -1, 8, -1, -1, -1, -1}), (Numbers{-15, -6, 12, 0, 7, 2, -10, -7, 6}));
  EXPECT_EQ(filtered({0, -1, 0, -1, 5, -1, 0, -1, 0}), (Numbers{-5, -2, 10, 0, 6, 0, -3, -4, 6}));
  EXPECT_EQ(filtered({1, 1, 1, 1, 1, 1, 1, 1, 1}), (Numbers{15, 15, 15, 9, 11, 16, 10, 7, 12}));
  EXPECT_EQ(filtered({1, 2, 1, 2, 4, 2, 1, 2, 1}), (Numbers{20, 25, 29, 17, 21, 32, 13, 11, 22}));
  attributes.flip = true;
  EXPECT_EQ(first_output(OpKind::kFilter, attributes, {kDeck000, kDeck000Kernel}),
            (Numbers{18, 20, 19, 10, 9, 17, 11, 8, 14}));
}

// N3: integer sums are compared as sums, before they are divided by 12.
TEST(FilterUnit, Deck002OutOfPlace) {
  const Numbers sums{2141, 2457, 2061, 1110, 947,  1270, 1702, 2264, 2226, 1251, 1049, 1175,
                     762,  988,  1785, 1644, 512,  384,  690,  804,  918,  894,  756,  618,
                     2088, 1615, 1493, 1488, 1620, 2088, 2711, 2574, 2437, 2432, 2564, 2741};
  EXPECT_EQ(first_output(OpKind::kFilter, {}, {kDeck002, kSmoothing}), sums);
  OpAttributes divided;
  divided.divided = true;
  Numbers twelfths = sums;
  for (float& sum : twelfths) sum = sum / 12.0f;
  EXPECT_EQ(first_output(OpKind::kFilter, divided, {kDeck002, kSmoothing, kTwelve}), twelfths);
  divided.rounded = true;
  const Numbers rounded = first_output(OpKind::kFilter, divided, {kDeck002, kSmoothing, kTwelve});
  EXPECT_EQ(rounded[0], 178);
  EXPECT_EQ(rounded[1], 205) << "2457/12 = 204.75; the slide's 209 comes of filtering in place (E9)";
  EXPECT_EQ(rounded[3], 93) << "1110/12 = 92.5 goes up";
}

OpAttributes slide_in_place() {
  OpAttributes attributes;
  attributes.in_place = attributes.divided = attributes.rounded = true;
  return attributes;
}

// N3, E9: the slide's procedure. 209 = ⌊(2457 − 128 + 178)/12 + 0.5⌋; the picture's border stays.
TEST(FilterUnit, Deck002InPlace) {
  const Numbers y = first_output(OpKind::kFilter, slide_in_place(), {kDeck002, kSmoothing, kTwelve});
  ASSERT_EQ(y.size(), 64u);
  EXPECT_EQ(Numbers(y.begin(), y.begin() + 8), Numbers(kDeck002.numbers.begin(), kDeck002.numbers.begin() + 8));
  EXPECT_EQ(Numbers(y.begin() + 8, y.begin() + 16), (Numbers{255, 178, 209, 169, 87, 86, 102, 255}));
}

/// The procedure as a person does it: one picture, overwritten pixel by pixel.
template <class Next>
Numbers overwrite(Numbers picture, int H, int W, const Values<float>& w, float divisor, Next pixels) {
  const int R = w.shape[0], S = w.shape[1];
  for (const auto& [h, x] : pixels) {
    float sum = 0.0f;
    for (int r = 0; r < R; ++r)
      for (int s = 0; s < S; ++s)
        sum += picture[static_cast<std::size_t>((h + r - R / 2) * W + x + s - S / 2)] *
               w.numbers[static_cast<std::size_t>(r * S + s)];
    picture[static_cast<std::size_t>(h * W + x)] = std::floor(sum / divisor + 0.5f);
  }
  EXPECT_EQ(static_cast<int>(picture.size()), H * W);
  return picture;
}

// The whole picture, in each order: the order changes the result.
TEST(FilterUnit, InPlaceInEveryOrder) {
  std::vector<std::pair<int, int>> rows, columns;
  for (int h = 1; h < 7; ++h)
    for (int w = 1; w < 7; ++w) rows.push_back({h, w}), columns.push_back({w, h});
  OpAttributes attributes = slide_in_place();
  std::vector<Numbers> results;
  for (const auto& [scan, pixels] : {std::pair{Scan::kRows, rows},
                                     {Scan::kRowsBackward, {rows.rbegin(), rows.rend()}},
                                     {Scan::kColumns, columns},
                                     {Scan::kColumnsBackward, {columns.rbegin(), columns.rend()}}}) {
    attributes.scan = scan;
    results.push_back(first_output(OpKind::kFilter, attributes, {kDeck002, kSmoothing, kTwelve}));
    EXPECT_EQ(results.back(), overwrite(kDeck002.numbers, 8, 8, kSmoothing, 12.0f, pixels)) << static_cast<int>(scan);
  }
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t b = 0; b < a; ++b) EXPECT_NE(results[a], results[b]) << a << ", " << b;
}

// One row a b c = 1 2 4 and a kernel [1 10 100], padding 1:
//   zeros       0+10+200 = 210, 1+20+400 = 421, 2+40+0 = 42
//   mirrored    2+10+200 = 212, 421,            2+40+200 = 242
//   repeated    1+10+200 = 211, 421,            2+40+400 = 442
TEST(FilterUnit, PaddingsByHand) {
  const Values<float> x{Shape{1, 1, 3, 3}, {0, 0, 0, 1, 2, 4, 0, 0, 0}}, w{Shape{1, 3}, {1, 10, 100}};
  const auto row = [&](Padding padding) {
    OpAttributes attributes;
    attributes.pad = 1;
    attributes.padding = padding;
    const Numbers y = first_output(OpKind::kFilter, attributes, {x, w});
    EXPECT_EQ(y.size(), 15u) << "padding is on all sides: 5×3";
    return Numbers(y.begin() + 6, y.begin() + 9);
  };
  EXPECT_EQ(row(Padding::kZero), (Numbers{210, 421, 42}));
  EXPECT_EQ(row(Padding::kReflect), (Numbers{212, 421, 242}));
  EXPECT_EQ(row(Padding::kReplicate), (Numbers{211, 421, 442}));
}

// In place with mirrored padding the mirror shows the new pixels too: on 1 2 4, kernel [1 1 1], rows forward:
// ⌊2+1+2⌋ = 5, 5+2+4 = 11, 11+4+11 = 26 (the mirror of the last pixel is the new 11).
TEST(FilterUnit, InPlaceTheMirrorShowsNewPixels) {
  OpAttributes attributes;
  attributes.pad = 1;
  attributes.padding = Padding::kReflect;
  attributes.in_place = true;
  const Values<float> x{Shape{1, 1, 3, 3}, {0, 0, 0, 1, 2, 4, 0, 0, 0}}, w{Shape{3, 3}, {0, 0, 0, 1, 1, 1, 0, 0, 0}};
  const Numbers y = first_output(OpKind::kFilter, attributes, {x, w});
  EXPECT_EQ(Numbers(y.begin() + 3, y.begin() + 6), (Numbers{5, 11, 26}));
}

// The derivation of the slide's 209: its operands are the new 178 (of the output) and eight old pixels.
TEST(FilterUnit, InPlaceDerivationNamesTheNewPixel) {
  const OpAttributes attributes = slide_in_place();
  const auto y = run_op<float>(OpKind::kFilter, attributes, {kDeck002, kSmoothing, kTwelve})[0];
  const std::vector<Shape> in_shapes{kDeck002.shape, kSmoothing.shape, kTwelve.shape}, out_shapes{y.shape};
  const std::array<const float*, 3> in{kDeck002.numbers.data(), kSmoothing.numbers.data(), kTwelve.numbers.data()};
  Numbers out = y.numbers;
  const std::array<float*, 1> outs{out.data()};
  const Derivation derivation(op_info(OpKind::kFilter).trace(attributes, {in_shapes, out_shapes, in, outs}, 0, 10),
                              Filter::kTermAxes);
  EXPECT_EQ(derivation.value(), 209.0f);
  EXPECT_EQ(derivation.evaluate(), 209.0f);
  std::string text;
  for (const Token& token : derivation.substituted(0, 99)) text += token.text;
  EXPECT_EQ(text,
            "⌊(128 · 1 + 128 · 1 + 240 · 1 + 178 · 1 + 245 · 4 + 240 · 1 + 128 · 1 + 245 · 1 + 240 · 1) / 12 + 0.5⌋");
  int new_pixels = 0;
  for (std::size_t i = 0; i < derivation.operands().size(); ++i) {
    const OperandRef operand = derivation.operands()[i];
    if (operand.slot != 3) continue;
    ++new_pixels;
    EXPECT_EQ(operand.index, 9);
    EXPECT_EQ(derivation.operand_value(static_cast<std::int32_t>(i)), 178.0f);
  }
  EXPECT_EQ(new_pixels, 1);
}

TEST(FilterUnit, FormulaSaysWhatIsDone) {
  OpAttributes attributes;
  EXPECT_EQ(Filter::formula(attributes, 0), "y[n,c,p,q] = Σ_r Σ_s x[n,c,p+r,q+s] · w[r,s]");
  attributes.flip = attributes.divided = attributes.shifted = attributes.rounded = true;
  attributes.pad = 1;
  EXPECT_EQ(Filter::formula(attributes, 0),
            "y[n,c,p,q] = ⌊(Σ_r Σ_s x[n,c,p+r−1,q+s−1] · w[R−1−r,S−1−s]) / divisor + bias + 0.5⌋");
}

struct Trouble {
  int H, k, stride, pad, dilation;
  Padding padding;
  bool in_place;
  const char *why, *offer;
};

TEST(FilterProblem, SaysWhyAndOffersTheNearest) {
  using enum Padding;
  for (const Trouble& t : {
           Trouble{5, 3, 1, 0, 1, kZero, false, "", ""},
           Trouble{3, 7, 1, 0, 1, kZero, false,
                   "The window of 7×7 does not fit into the picture, which has 3×3 pixels with its padding.",
                   "padding 2"},
           Trouble{3, 7, 1, 1, 2, kZero, false,
                   "The window of 13×13 does not fit into the picture, which has 5×5 pixels with its padding.",
                   "padding 5"},
           Trouble{4, 3, 1, 4, 1, kReflect, false,
                   "Mirrored padding must be narrower than the picture: 4 pixels beside a picture of 4×4 are too many.",
                   "padding 3"},
           Trouble{8, 3, 2, 0, 1, kZero, true,
                   "In place every pixel gets its new value, so the window moves by 1 pixel, not by 2.", "stride 1"},
           Trouble{8, 3, 1, 2, 1, kZero, true,
                   "In place a window belongs to the pixel in its middle: with a padding of 2 the window of 3×3 would "
                   "have its "
                   "middle outside of the picture.",
                   "padding 1"},
       }) {
    OpAttributes attributes;
    attributes.stride = t.stride, attributes.pad = t.pad, attributes.dilation = t.dilation;
    attributes.padding = t.padding, attributes.in_place = t.in_place;
    const FilterProblem problem = filter_problem(attributes, Shape{1, 1, t.H, t.H}, Shape{t.k, t.k});
    EXPECT_EQ(problem.why, t.why);
    EXPECT_EQ(problem.offer, t.offer);
  }
}

// Every combination of the lesson's settings works, or has an offer that does and changes something.
TEST(FilterProblem, EveryOfferWorks) {
  int problems = 0;
  for (int size = 3; size <= 16; ++size)
    for (int k = 1; k <= 7; ++k)
      for (int stride = 1; stride <= 3; ++stride)
        for (int pad = 0; pad <= 6; ++pad)
          for (int dilation = 1; dilation <= 3; ++dilation)
            for (const Padding padding : {Padding::kZero, Padding::kReflect, Padding::kReplicate})
              for (const bool in_place : {false, true}) {
                OpAttributes a;
                a.stride = stride, a.pad = pad, a.dilation = dilation, a.padding = padding, a.in_place = in_place;
                const Shape x{1, 1, size, size}, w{k, k};
                const FilterProblem problem = filter_problem(a, x, w);
                ASSERT_EQ(problem.why.empty(), problem.nearest == a);
                if (problem.why.empty()) continue;
                ++problems;
                ASSERT_EQ(filter_problem(problem.nearest, x, w).why, "");
                ASSERT_FALSE(problem.offer.empty());
              }
  EXPECT_GT(problems, 1000);
}

}  // namespace
}  // namespace chainrule::test
