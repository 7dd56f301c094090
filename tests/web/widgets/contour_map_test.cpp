#include "web/widgets/contour_map.h"

#include <cmath>
#include <string>

#include "tests/web/widgets/null_frame.h"
#include "web/widgets/plot_export.h"
#include "web/widgets/twin.h"

namespace chainrule {
namespace {

constexpr ImVec2 kSize{600, 400};

class ContourMapTest : public NullFrame {
 protected:
  ContourMapTest() {
    for (int j = 0; j < 41; ++j)
      for (int i = 0; i < 41; ++i) values.push_back(static_cast<float>(i * i + j * j));
    values[500] = std::nanf("");
    scene.grid = {{-2, 2, -2, 2}, 41, 41, values, 7};
    options.title = "Loss", options.x_label = "w0", options.y_label = "w1", options.value_label = "loss";
    options.home = {-2, 2, -2, 2};
  }

  ContourHit draw() {
    DrawContext context{.theme = theme, .textures = textures, .size = kSize, .actions = actions, .explain_request = explain, .seek_request = seek, .file_request = file, .save_request = &save};
    return draw_contour_map(context, "map", kSize, scene, options, state);
  }
  /// Where a place of the plane is, found by what the map says of the middle of the window.
  ImVec2 pixel(PlanePoint p) {
    const auto at = [&](ImVec2 mouse) {
      ContourHit hit;
      ImGui::GetIO().AddMousePosEvent(mouse.x, mouse.y);
      for (int i = 0; i < 2; ++i) frame(kSize, [&] { hit = draw(); });
      EXPECT_TRUE(hit.pointed.has_value());
      return hit.pointed.value_or(PlanePoint{});
    };
    const PlanePoint a = at({200, 150}), b = at({300, 250});
    return {200.0f + static_cast<float>((p.x - a.x) / (b.x - a.x)) * 100.0f, 150.0f + static_cast<float>((p.y - a.y) / (b.y - a.y)) * 100.0f};
  }

  std::vector<float> values;
  ContourScene scene;
  ContourOptions options;
  ContourMapState state;
  std::vector<Action> actions;
  std::optional<ElementRef> explain;
  std::optional<std::int64_t> seek;
  std::optional<std::string> file;
  std::optional<Blob> save;
};

TEST_F(ContourMapTest, DrawsEverythingAtAnySize) {
  const std::vector<float> x{-1.5f, 0, 1, std::nanf("")}, y{1, 0.5f, 1e30f, 0};
  const ContourPath paths[] = {{.label = "SGD", .x = x, .y = y, .color = 1, .dash = 1, .end_text = "diverged at step 3"}, {.label = "Adam", .x = y, .y = x}};
  const ContourArrow arrow{{0, 0}, {1, 1}, "−gradient", 2};
  const ContourMark marks[] = {{{0, 0}, ContourMark::Shape::kStar, 2, "minimum"}, {{1, 1}, ContourMark::Shape::kTriangle}, {{1, 0}, ContourMark::Shape::kSquare, 1, "start", true}};
  const ContourCloud cloud{"gradients", x, y, 3, ContourMark::Shape::kCross};
  const ContourEllipse ellipse{{0, 0}, 1.0, 0.5, 0.5, 1.0, "1σ", 2, true};
  scene.paths = paths, scene.arrows = {&arrow, 1}, scene.marks = marks, scene.clouds = {&cloud, 1}, scene.ellipses = {&ellipse, 1};
  options.legend = 2;
  for (const ImVec2 size : {ImVec2{50, 50}, ImVec2{120, 90}, kSize, ImVec2{1900, 1000}}) {
    DrawContext context{.theme = theme, .textures = textures, .size = size, .actions = actions, .explain_request = explain, .seek_request = seek, .file_request = file};
    frame(size, [&] { draw_contour_map(context, "map", size, scene, options, state); });
  }
  EXPECT_EQ(textures.uploads.count("contour/map"), 1u);
}

TEST_F(ContourMapTest, IsWorkedOutOnceForAVersion) {
  for (int i = 0; i < 3; ++i) frame(kSize, [&] { draw(); });
  EXPECT_EQ(state.cache.picture_number, 1u);
  scene.grid.version = 8;
  for (int i = 0; i < 3; ++i) frame(kSize, [&] { draw(); });
  EXPECT_EQ(state.cache.picture_number, 2u);
}

TEST_F(ContourMapTest, TellsWhatWasClickedAndDragged) {
  const ContourMark mark{{1, 1}, ContourMark::Shape::kDot, 0, "start", true};
  scene.marks = {&mark, 1};
  const ImVec2 elsewhere = pixel({-1, 0.5}), at = pixel({1, 1}), to = pixel({0, -1});
  std::optional<PlanePoint> clicked;
  std::optional<ContourHit::Drag> dragged;
  const auto run = [&] {
    const ContourHit hit = draw();
    if (hit.clicked) clicked = hit.clicked;
    if (hit.dragged) dragged = hit.dragged;
  };
  click(kSize, elsewhere, run);
  ASSERT_TRUE(clicked.has_value());
  EXPECT_NEAR(clicked->x, -1.0, 0.02);
  EXPECT_NEAR(clicked->y, 0.5, 0.02);
  EXPECT_FALSE(dragged.has_value());
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(at.x, at.y);
  frame(kSize, run);
  io.AddMouseButtonEvent(0, true);
  frame(kSize, run);
  io.AddMousePosEvent(to.x, to.y);
  frame(kSize, run);
  ASSERT_TRUE(dragged.has_value());
  EXPECT_FALSE(dragged->done);
  EXPECT_NEAR(dragged->at.x, 0.0, 0.02);
  EXPECT_NEAR(dragged->at.y, -1.0, 0.02);
  io.AddMouseButtonEvent(0, false);
  frame(kSize, run);
  EXPECT_TRUE(dragged->done);
  EXPECT_FALSE(state.zoom.has_value());
}

TEST_F(ContourMapTest, MovesByDraggingAndComesBackByADoubleClick) {
  const ImVec2 at = pixel({0, 0}), to{at.x + 40, at.y};
  ImGuiIO& io = ImGui::GetIO();
  for (const bool down : {true, false}) {
    io.AddMousePosEvent(down ? at.x : to.x, at.y);
    frame(kSize, [&] { draw(); });
    if (!down) frame(kSize, [&] { draw(); });
    io.AddMouseButtonEvent(0, down);
    frame(kSize, [&] { draw(); });
  }
  ASSERT_TRUE(state.zoom.has_value());
  EXPECT_LT(state.zoom->x_low, -2.0);
  EXPECT_NEAR(state.zoom->width(), 4.0, 1e-9);
  for (int i = 0; i < 2; ++i) click(kSize, to, [&] { draw(); });
  EXPECT_FALSE(state.zoom.has_value());
}

TEST_F(ContourMapTest, KeysMoveTheCursorAndWhatItTakes) {
  Twin mirrored;
  set_twin(&mirrored);
  const ContourMark mark{{1, 1}, ContourMark::Shape::kDot, 0, "start", true};
  scene.marks = {&mark, 1};
  ContourHit hit;
  const auto run = [&] {
    mirrored.begin_frame();
    hit = draw();
  };
  frame(kSize, run);
  ImGuiID id = 0;
  for (const Twin::Placed& node : mirrored.nodes())
    if (node.node.role == TwinRole::kPlot) id = node.id;
  mirrored.receive(id, "focus", "visible");
  for (const char* key : {"Home", "Enter", "Ctrl+ArrowLeft"}) {
    mirrored.receive(id, "key", key);
    frame(kSize, run);
  }
  ASSERT_TRUE(hit.dragged.has_value());
  EXPECT_NEAR(hit.dragged->at.x, 0.6, 1e-6);
  EXPECT_FALSE(hit.dragged->done);
  mirrored.receive(id, "key", "Enter");
  frame(kSize, run);
  EXPECT_TRUE(hit.dragged && hit.dragged->done);
  mirrored.receive(id, "key", "PageUp");
  frame(kSize, run);
  ASSERT_TRUE(state.zoom.has_value());
  EXPECT_NEAR(state.zoom->width(), 4.0 / 1.25, 1e-9);
  set_twin(nullptr);
}

TEST(PlotExportTest, FilesAreNamedAndWritten) {
  EXPECT_EQ(file_stem("Loss over (w0, w1)"), "loss-over-w0-w1");
  EXPECT_EQ(file_stem("…"), "plot");
  CsvText csv;
  csv.row({"a,b", "say \"x\"", "1"});
  EXPECT_EQ(csv.take(), "\"a,b\",\"say \"\"x\"\"\",1\r\n");
}

}  // namespace
}  // namespace chainrule
