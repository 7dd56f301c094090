// The lesson's drawing from made-up data: all panels, all sizes, with nothing, with a LeNet, an MLP, NaN everywhere.
#include <limits>

#include "tests/web/widgets/null_frame.h"
#include "web/lessons/lenet_mnist_view.h"

namespace chainrule {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

/// A network's worth of numbers that nobody computed.
struct Fake {
  std::vector<std::vector<float>> store;
  std::vector<StageView> stages;
  std::vector<LayerView> layers;
  std::vector<float> x, y;
  ConfusionMatrix confusion{10};
  std::vector<std::uint8_t> digit = std::vector<std::uint8_t>(784, 90);
  std::vector<MistakeView> mistakes;
  std::vector<float> drawing = std::vector<float>(280 * 280, 0.5f), drawing_input = std::vector<float>(784, 0.5f);
  LenetMnistViewState state;
  LenetMnistView view;

  NamedTensor tensor(std::string_view name, Shape shape, float value) {
    store.emplace_back(static_cast<std::size_t>(shape.size()), value);
    return {name, shape, store.back()};
  }
  void stage(StageView::Kind kind, std::string_view title, Shape shape, float value) {
    StageView one;
    one.kind = kind, one.title = title, one.caption = "a layer", one.values = tensor(title, shape, value), one.parameters = 520;
    stages.push_back(one);
  }
  void layer(std::string_view title, Shape shape, float value) {
    layers.push_back({title, tensor(title, shape, value), tensor(title, shape, -value), tensor(title, shape, value)});
  }

  explicit Fake(bool convolutional, float value) {
    store.reserve(64);
    using Kind = StageView::Kind;
    stage(Kind::kImage, "input", Shape{1, 1, 28, 28}, value);
    if (convolutional) {
      stage(Kind::kMaps, "conv1", Shape{1, 20, 24, 24}, value);
      stage(Kind::kMaps, "pool1", Shape{1, 20, 12, 12}, value);
      stage(Kind::kMaps, "conv2", Shape{1, 50, 8, 8}, value);
      stage(Kind::kMaps, "pool2", Shape{1, 50, 4, 4}, value);
      layer("conv1", Shape{20, 1, 5, 5}, value);
      layer("conv2", Shape{50, 20, 5, 5}, value);
      layer("fc1", Shape{500, 800}, value);
    } else {
      layer("fc1", Shape{128, 784}, value);
    }
    stage(Kind::kUnits, "fc1", Shape{1, convolutional ? 500 : 128}, value);
    stage(Kind::kScores, "fc2", Shape{1, 10}, value);
    stage(Kind::kProbabilities, "softmax", Shape{1, 10}, value);
    for (int i = 0; i < 300; ++i) x.push_back(static_cast<float>(i) * 32), y.push_back(value);
    for (int i = 0; i < 100; ++i) confusion.add(i % 10, i % 9), mistakes.push_back({i, digit, i % 10, i % 9, 0.5f, 0.1f});
    view.state = &state;
    view.network_name = "LeNet of deck 002", view.parameter_count = 431080, view.batch_size = 32;
    view.step = 7, view.images_seen = 224, view.train_count = 2000, view.test_count = 10000;
    view.stages = stages, view.layers = layers;
    view.digit_label = 4, view.digit_loss = tensor("digit/loss", Shape{1}, value);
    view.batch_images = tensor("x", Shape{32, 1, 28, 28}, value), view.batch_loss = tensor("loss", Shape{1}, value);
    view.train_loss = view.train_loss_smooth = view.train_accuracy = {x, y, {}, {}};
    view.test_accuracy = view.full_test_accuracy = {x, y, y, y};
    view.confusion = view.confusion_full = &confusion;
    view.mistakes = mistakes;
    view.drawing = drawing, view.drawing_input = drawing_input, view.drawing_empty = false;
  }
};

class LenetMnistDrawing : public NullFrame {
 protected:
  struct Out {
    std::vector<Action> actions;
    std::optional<ElementRef> explain;
    std::optional<std::int64_t> seek;
    std::optional<std::string> file;
  };

  void draw_view(const LenetMnistView& view, ImVec2 size, Out& out, const Explanation* open = nullptr) {
    DrawContext context{theme, textures, size, size.x < 760, false, out.actions, out.explain, out.seek, open, out.file, "", 0.0f};
    ImGui::SetCursorScreenPos({0, 0});
    draw_lenet_mnist(view, context);
  }
};

TEST_F(LenetMnistDrawing, DrawsEveryPanelAtEverySize) {
  for (const bool convolutional : {true, false}) {
    for (const float value : {0.25f, kNaN}) {
      Fake fake(convolutional, value);
      for (const ImVec2 size : {ImVec2{10, 10}, ImVec2{300, 200}, ImVec2{390, 700}, ImVec2{800, 500}, ImVec2{952, 576}, ImVec2{2400, 1400}}) {
        for (int panel = 0; panel <= static_cast<int>(LenetMnistViewState::Panel::kData); ++panel) {
          fake.state.panel = static_cast<LenetMnistViewState::Panel>(panel);
          for (std::size_t layer = 0; layer < fake.layers.size(); ++layer) {
            fake.state.layer = static_cast<int>(layer);
            fake.state.stage = static_cast<int>(layer) * 2;
            Out out;
            frame(size, [&] { draw_view(fake.view, size, out); });
            EXPECT_TRUE(out.actions.empty());
            EXPECT_FALSE(out.explain);
          }
        }
      }
    }
  }
}

TEST_F(LenetMnistDrawing, SaysThatItWaitsWithoutANetwork) {
  LenetMnistView view;
  LenetMnistViewState state;
  view.state = &state;
  Out out;
  frame({952, 576}, [&] { draw_view(view, {952, 576}, out); });
  EXPECT_GT(vertices(), 20);
}

TEST_F(LenetMnistDrawing, DrawsWithNothingMeasuredYet) {
  Fake fake(true, 0.5f);
  LenetMnistView& view = fake.view;
  view.confusion = view.confusion_full = nullptr;
  view.mistakes = {}, view.batch_images = {}, view.batch_loss = {}, view.digit_loss = {};
  view.train_loss = view.train_loss_smooth = view.train_accuracy = view.test_accuracy = view.full_test_accuracy = {};
  view.drawing = view.drawing_input = {};
  view.drawing_empty = true;
  for (LayerView& layer : fake.layers) layer.gradient = layer.update = {};
  for (int panel = 0; panel <= static_cast<int>(LenetMnistViewState::Panel::kData); ++panel) {
    fake.state.panel = static_cast<LenetMnistViewState::Panel>(panel);
    fake.state.face = LenetMnistViewState::KernelFace::kGradient;
    Out out;
    frame({952, 576}, [&] { draw_view(view, {952, 576}, out); });
  }
}

TEST_F(LenetMnistDrawing, ClickOnTheInputAsksForItsPixel) {
  Fake fake(true, 0.5f);
  Out out;
  const auto draw = [&] { draw_view(fake.view, {952, 576}, out); };
  // The input's picture is at the left of the card; somewhere in its middle.
  for (int y = 100; y < 260 && !out.explain; y += 12) click({952, 576}, {60, static_cast<float>(y)}, draw);
  ASSERT_TRUE(out.explain);
  EXPECT_EQ(out.explain->tensor, "input");
  EXPECT_EQ(out.explain->step, 7);
  EXPECT_LT(out.explain->index, 784);
}

TEST_F(LenetMnistDrawing, LightsTheOperandsOfTheOpenDerivation) {
  Fake fake(true, 0.5f);
  Explanation open;
  open.element = {"conv1", 0, 7};
  for (int row = 0; row < 5; ++row)
    for (int column = 0; column < 5; ++column) open.operands.push_back({"input", row * 28 + column, 7});
  Out out;
  frame({952, 576}, [&] { draw_view(fake.view, {952, 576}, out); });
  const int plain = vertices();
  frame({952, 576}, [&] { draw_view(fake.view, {952, 576}, out, &open); });
  EXPECT_GT(vertices(), plain);
}

}  // namespace
}  // namespace chainrule
