// Every widget draws in a null frame at all sizes, with empty, broken, single and huge data, and reports clicks.
#include <cmath>
#include <limits>

#include "engine/trace/recorder.h"
#include "tests/web/widgets/null_frame.h"
#include "web/widgets/bars.h"
#include "web/widgets/confusion.h"
#include "web/widgets/controls.h"
#include "web/widgets/derivation_panel.h"
#include "web/widgets/draw_pad.h"
#include "web/widgets/equation.h"
#include "web/widgets/gallery.h"
#include "web/widgets/matrix_grid.h"
#include "web/widgets/plot.h"

namespace chainrule {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr ImVec2 kSizes[] = {{1, 1}, {60, 60}, {390, 200}, {1280, 720}, {3840, 2160}};

std::vector<float> ramp(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = std::sin(static_cast<float>(i));
  return values;
}

class Widgets : public NullFrame {};

TEST_F(Widgets, PlotDrawsAnything) {
  const std::vector<float> none, one{2.0f}, broken{kNaN, 1, std::numeric_limits<float>::infinity(), -3, 1e38f}, huge = ramp(200000);
  for (const auto* y : {&none, &one, &broken, &huge}) {
    for (const ImVec2 size : kSizes) {
      for (const bool logarithmic : {false, true}) {
        PlotOptions options;
        options.title = "title", options.x_label = "step", options.y_label = "loss", options.log_y = logarithmic;
        const PlotSeries series[] = {{"a", {}, *y, *y, *y, 0, 0, PlotSeries::Style::kLine}, {"b", {}, *y, {}, {}, 1, 2, PlotSeries::Style::kDots}};
        const PlotMark mark{0.5, "reference"};
        ImGui::GetIO().AddMousePosEvent(size.x / 2, size.y / 2);
        const auto draw = [&] { draw_plot(theme, "plot", size, series, {&mark, 1}, options); };
        frame(size, draw);
        frame(size, draw);
      }
    }
  }
}

TEST_F(Widgets, PlotOfALongSeriesDrawsNoMoreThanItsPixels) {
  const std::vector<float> huge = ramp(1000000);
  const PlotSeries series{"a", {}, huge, {}, {}};
  frame({800, 400}, [&] { draw_plot(theme, "plot", {800, 400}, {&series, 1}, {}, {}); });
  EXPECT_LT(vertices(), 20000);
}

TEST_F(Widgets, PlotsOfTheSameXMoveTogether) {
  const std::vector<float> values = ramp(1000);
  const PlotSeries series{"a", {}, values, {}, {}};
  const ImVec2 size{800, 300};
  PlotHit upper, lower;
  const auto draw = [&] {
    PlotOptions options;
    options.same_x = "lower";
    upper = draw_plot(theme, "upper", size, {&series, 1}, {}, options);
    ImGui::SetCursorScreenPos({0, 320});
    options.same_x = "upper";
    lower = draw_plot(theme, "lower", size, {&series, 1}, {}, options);
  };
  const auto at = [&](float x, float y, std::optional<bool> down = {}) {
    ImGui::GetIO().AddMousePosEvent(x, y);
    if (down) ImGui::GetIO().AddMouseButtonEvent(0, *down);
    for (int i = 0; i < 3; ++i) frame({800, 640}, draw);
  };
  at(300, 450);
  ASSERT_TRUE(lower.hovered);
  const double before = lower.x;
  at(300, 150);
  EXPECT_DOUBLE_EQ(upper.x, before);
  at(300, 150, true);
  at(400, 150);
  at(400, 150, false);
  const double moved = upper.x;
  EXPECT_NEAR(moved, before, 1.0) << "what was under the pointer stays there";
  at(400, 450);
  EXPECT_NEAR(lower.x, moved, 1e-3);
}

TEST_F(Widgets, MosaicReportsWhatWasClicked) {
  const std::vector<float> values = ramp(20 * 24 * 24);
  MosaicData data;
  data.key = "maps", data.values = values, data.count = 20, data.height = 24, data.width = 24;
  data.shape = Shape{1, 20, 24, 24}, data.name = "conv1.out", data.scale = diverging_scale(values);
  const std::vector<std::int64_t> lit{0, 1, 24, 25, 600};
  data.lit = lit;
  const MosaicLayout layout{5, 4, 2.0f};
  std::int64_t clicked = -1;
  // Map 7 (row 1, column 2), element (3, 4): the middle of its two-pixel cell.
  click({400, 400}, {2 * 50 + 4 * 2 + 1, 50 + 3 * 2 + 1}, [&] {
    const MosaicHit hit = draw_mosaic(theme, textures, "mosaic", data, layout, 2.0f);
    if (hit.clicked) clicked = *hit.clicked;
  });
  EXPECT_EQ(clicked, 7 * 576 + 3 * 24 + 4);
  EXPECT_EQ(textures.uploads.count("maps"), 1u);
}

TEST_F(Widgets, MosaicPaintsEachValueInItsMap) {
  const std::vector<float> values{0, 1, 2, 3, 4, 5, 6, kNaN};  // two maps of 2 x 2
  MosaicData data;
  data.key = "maps", data.values = values, data.count = 2, data.height = 2, data.width = 2;
  data.scale = {ColorMap::kDiverging, -6, 6};
  frame({100, 100}, [&] { draw_mosaic(theme, textures, "m", data, {2, 1, 4.0f}, 1.0f); });
  const auto& upload = textures.uploads.at("maps");
  const ColorTable table(theme, data.scale);
  ASSERT_EQ(upload.rgba.size(), 8u);
  const int columns = upload.width / 2;
  for (int map = 0; map < 2; ++map)
    for (int row = 0; row < 2; ++row)
      for (int column = 0; column < 2; ++column) {
        const int x = map % columns * 2 + column, y = map / columns * 2 + row;
        EXPECT_EQ(upload.rgba[static_cast<std::size_t>(y * upload.width + x)], table(values[static_cast<std::size_t>(map * 4 + row * 2 + column)]));
      }
}

TEST_F(Widgets, MosaicOfMissingValuesIsNothing) {
  MosaicData data;
  data.key = "none", data.count = 5, data.height = 4, data.width = 4;
  frame({100, 100}, [&] { EXPECT_FALSE(draw_mosaic(theme, textures, "m", data, {5, 1, 2}, 1).clicked); });
  EXPECT_TRUE(textures.uploads.empty());
}

TEST_F(Widgets, MatrixReportsWhatWasClickedWithDigitsAndWithout) {
  for (const int side : {5, 100}) {
    const std::vector<float> values = ramp(static_cast<std::size_t>(side * side));
    MatrixData data;
    data.key = "matrix", data.values = values, data.rows = side, data.columns = side, data.first = 50;
    data.scale = diverging_scale(values), data.name = "w";
    std::int64_t clicked = -1;
    ImVec2 used{};
    const auto draw = [&] {
      ImGui::SetCursorScreenPos({0, 0});
      const MatrixHit hit = draw_matrix(theme, textures, "matrix", {300, 300}, data);
      used = hit.used;
      if (hit.clicked) clicked = *hit.clicked;
    };
    frame({400, 400}, draw);
    const float cell = used.x / static_cast<float>(side);
    click({400, 400}, {cell * 2.4f, cell * 3.4f}, draw);
    EXPECT_EQ(clicked, 50 + 3 * side + 2) << side;
  }
}

TEST_F(Widgets, MatrixWritesItsNumbersWhereThereIsRoomForThem) {
  const std::vector<float> values = ramp(25);
  MatrixData data;
  data.key = "matrix", data.values = values, data.rows = 5, data.columns = 5, data.scale = diverging_scale(values);
  // 25 filled cells have 4 vertices each; numbers come on top. Square cells, then wide ones that are one line high.
  for (const ImVec2 size : {ImVec2{400, 400}, ImVec2{400, 90}}) {
    frame({500, 500}, [&] { draw_matrix(theme, textures, "matrix", size, data); });
    EXPECT_GT(vertices(), 25 * 4 * 4) << size.y;
  }
}

TEST_F(Widgets, MatrixDrawsAnything) {
  for (const ImVec2 size : kSizes) {
    for (const int rows : {0, 1, 5, 500}) {
      const std::vector<float> values(static_cast<std::size_t>(rows * 3), kNaN);
      MatrixData data;
      data.key = "matrix", data.values = values, data.rows = rows, data.columns = 3;
      frame(size, [&] { draw_matrix(theme, textures, "matrix", size, data); });
    }
  }
}

TEST_F(Widgets, BarsReportWhatWasClicked) {
  const std::vector<float> values{0.1f, 0.2f, kNaN, 0.7f, -1.0f, 0, 0, 0, 0, 0};
  BarsData data;
  data.values = values, data.percent = true, data.truth = 3, data.name = "softmax.p";
  std::int64_t clicked = -1;
  click({300, 200}, {150, 65}, [&] {
    if (const auto hit = draw_bars(theme, "bars", {300, 200}, data).clicked) clicked = *hit;
  });
  EXPECT_EQ(clicked, 3);
  for (const ImVec2 size : kSizes) frame(size, [&] { draw_bars(theme, "bars", size, data); });
  data.values = {};
  frame({100, 100}, [&] { draw_bars(theme, "bars", {100, 100}, data); });
}

TEST_F(Widgets, ConfusionReportsWhatWasClicked) {
  ConfusionMatrix matrix(10);
  for (int i = 0; i < 500; ++i) matrix.add(i % 10, i % 7 == 0 ? 9 : i % 10);
  std::optional<Cell> clicked;
  const auto draw = [&] {
    ImGui::SetCursorScreenPos({0, 0});
    if (const auto hit = draw_confusion(theme, "c", {500, 400}, &matrix, Cell{4, 9}).clicked) clicked = hit;
  };
  for (int y = 30; y < 380 && !clicked; y += 10) click({500, 400}, {200, static_cast<float>(y)}, draw);
  ASSERT_TRUE(clicked);
  EXPECT_GE(clicked->row, 0);
  EXPECT_LT(clicked->column, 10);
  const ConfusionMatrix empty(10);
  for (const ImVec2 size : kSizes) {
    frame(size, [&] { draw_confusion(theme, "c", size, &matrix, std::nullopt); });
    frame(size, [&] { draw_confusion(theme, "c", size, &empty, std::nullopt); });
    frame(size, [&] { draw_confusion(theme, "c", size, nullptr, std::nullopt); });
  }
}

TEST_F(Widgets, GalleryPagesAndReportsWhatWasClicked) {
  const std::vector<std::uint8_t> pixels(784, 128);
  std::vector<MistakeView> items;
  for (int i = 0; i < 100; ++i) items.push_back({i * 3, pixels, 4, 9, 0.8f, 0.1f});
  GalleryData data;
  data.key = "gallery", data.items = items;
  int first = 100000;  // left over from a longer list
  std::optional<int> clicked;
  click({400, 300}, {20, 20}, [&] {
    ImGui::SetCursorScreenPos({0, 0});
    if (const auto hit = draw_gallery(theme, textures, "g", {400, 300}, data, &first).clicked) clicked = hit;
  });
  const int page = gallery_page_size(theme, {400, 300});
  EXPECT_EQ(first % page, 0);
  EXPECT_LT(first, 100);
  EXPECT_EQ(clicked, first);
  for (const ImVec2 size : kSizes) frame(size, [&] { draw_gallery(theme, textures, "g", size, data, &first); });
  data.items = {};
  frame({400, 300}, [&] { draw_gallery(theme, textures, "g", {400, 300}, data, &first); });
}

TEST_F(Widgets, DrawPadReportsStrokes) {
  DrawPadState state;
  DrawPadData data;
  data.key = "pad";
  std::vector<float> points;
  int begun = 0;
  const auto draw = [&] {
    ImGui::SetCursorScreenPos({0, 0});
    const DrawPadInput input = draw_pad(theme, textures, "pad", 200, data, state);
    points.insert(points.end(), input.points.begin(), input.points.end());
    begun += input.begins;
  };
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(50, 100);
  frame({300, 300}, draw);
  frame({300, 300}, draw);
  io.AddMouseButtonEvent(0, true);
  frame({300, 300}, draw);
  io.AddMousePosEvent(150, 100);
  frame({300, 300}, draw);
  frame({300, 300}, draw);  // the pointer rests: no new point
  io.AddMouseButtonEvent(0, false);
  frame({300, 300}, draw);
  io.AddMousePosEvent(20, 20);
  frame({300, 300}, draw);
  EXPECT_EQ(begun, 1);
  EXPECT_EQ(points, (std::vector<float>{0.25f, 0.5f, 0.75f, 0.5f}));
  EXPECT_FALSE(state.drawing);
}

TEST_F(Widgets, TokensReportTheOperandThatWasClicked) {
  const std::vector<Token> tokens{{"= ", -1}, {"0.123", 0}, {" · ", -1}, {"0.456", 1}, {" + a few words that wrap", -1}};
  std::int32_t clicked = -1;
  const float before = ImGui::GetIO().Fonts->Fonts[0]->CalcTextSizeA(13, 1e9f, 0, "= 0.123 · ").x;
  click({300, 100}, {before + 6, 6}, [&] {
    ImGui::SetCursorScreenPos({0, 0});
    const TokenHit hit = draw_tokens(theme, "tokens", 300, tokens);
    if (hit.clicked >= 0) clicked = hit.clicked;
  });
  EXPECT_EQ(clicked, 1);
  float wide = 0, slim = 0;
  frame({300, 300}, [&] { wide = draw_tokens(theme, "tokens", 300, tokens).height; });
  frame({300, 300}, [&] { slim = draw_tokens(theme, "tokens", 60, tokens).height; });
  EXPECT_GT(slim, wide);
}

TEST_F(Widgets, FormulaWraps) {
  frame({400, 300}, [&] {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const char* text = "y[n,k,p,q] = Σ_c Σ_r Σ_s x[n,c,p+r,q+s] · w[k,c,r,s]";
    EXPECT_GT(draw_formula(theme, list, {0, 0}, 80, 0xFFFFFFFFu, text), draw_formula(theme, list, {0, 0}, 1000, 0xFFFFFFFFu, text));
    EXPECT_EQ(draw_formula(theme, list, {0, 0}, 80, 0xFFFFFFFFu, ""), 0.0f);
  });
}

TEST_F(Widgets, ControlsReportTheChoice) {
  int choice = 0;
  const std::string_view labels[] = {"one", "two", "three"};
  const float one = 3 * 8.0f;
  bool changed = false;
  click({400, 100}, {one * 2, 10}, [&] {
    ImGui::SetCursorScreenPos({0, 0});
    changed = segments(theme, "s", labels, choice, 400) || changed;
  });
  EXPECT_TRUE(changed);
  EXPECT_EQ(choice, 1);
  int presses = 0;
  click({400, 100}, {10, 10}, [&] {
    ImGui::SetCursorScreenPos({0, 0});
    presses += text_button(theme, "word", ButtonLook::kQuiet, 0.0f, false);
  });
  EXPECT_EQ(presses, 0);
}

/// A sum of `count` products, as a kernel records it.
Explanation sum_of_products(int count) {
  const std::vector<float> x = ramp(static_cast<std::size_t>(count)), w = ramp(static_cast<std::size_t>(count));
  WindowRecorder recorder(0, 0);
  Traced sum = recorder.constant(0.0f);
  for (int i = 0; i < count; ++i) {
    recorder.mark(i / 64, i % 64);
    sum += recorder.read(0, x.data(), i) * recorder.read(1, w.data(), i);
  }
  float out = 0.0f;
  recorder.write(0, &out, 0, sum);
  Explanation explanation;
  explanation.element = {"conv1.sum", 5, 3};
  explanation.shape = Shape{1, 20};
  explanation.op = "matmul";
  explanation.formula = "y[n,j] = Σ_i x[n,i] · w[j,i]";
  explanation.derivation = Derivation(recorder.take(), {"sample", "row", ""});
  explanation.value = explanation.derivation.value();
  for (const OperandRef& operand : explanation.derivation.operands()) explanation.operands.push_back({operand.slot == 0 ? "x" : "w", operand.index, 3});
  return explanation;
}

TEST_F(Widgets, DerivationPanelDrawsAnyNumberOfTerms) {
  for (const int count : {1, 2, 31, 33, 18432}) {
    const Explanation explanation = sum_of_products(count);
    DerivationPanelState state;
    std::optional<ElementRef> clicked;
    for (const ImVec2 size : kSizes) {
      for (const bool by_size : {false, true}) {
        state.by_size = by_size, state.full_digits = by_size;
        frame(size, [&] { draw_derivation_panel(theme, explanation, state, clicked); });
        frame(size, [&] { draw_derivation_panel(theme, explanation, state, clicked); });
      }
    }
    EXPECT_FALSE(clicked);
  }
}

TEST_F(Widgets, DerivationPanelOfALeafShowsItsSentence) {
  Explanation leaf;
  leaf.element = {"x", 3, 0};
  leaf.shape = Shape{1, 1, 28, 28};
  leaf.formula = "pixel of training digit 4711";
  leaf.value = kNaN;
  DerivationPanelState state;
  std::optional<ElementRef> clicked;
  frame({330, 500}, [&] { draw_derivation_panel(theme, leaf, state, clicked); });
  EXPECT_GT(vertices(), 100);
}

TEST_F(Widgets, DerivationPanelReportsTheOperandThatWasClicked) {
  const Explanation explanation = sum_of_products(3);
  DerivationPanelState state;
  std::optional<ElementRef> clicked;
  const auto draw = [&] { draw_derivation_panel(theme, explanation, state, clicked); };
  // The numbers put in stand below the formula.
  for (int y = 30; y < 110 && !clicked; y += 8)
    for (int x = 20; x < 200 && !clicked; x += 12) click({330, 500}, {static_cast<float>(x), static_cast<float>(y)}, draw);
  ASSERT_TRUE(clicked);
  EXPECT_TRUE(clicked->tensor == "x" || clicked->tensor == "w");
  EXPECT_EQ(clicked->step, 3);
}

}  // namespace
}  // namespace chainrule
