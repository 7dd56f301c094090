#include "web/lessons/kernel/channels_pooling.h"

#include <algorithm>

namespace chainrule {
namespace {

constexpr int kMostChannels = 3, kMostMaps = 4, kMostSize = 8, kMostKernel = 3;

std::string numbered(const char* name, int number) { return name + std::to_string(number + 1); }

std::vector<ParamSpec> make_params() {
  ParamTable table;
  const auto whole = [&](const char* name, const char* label, const char* help, int low, int high,
                         int initial) -> ParamSpec& {
    return table.number(name, label, help, ParamType::kInteger, low, high, initial);
  };
  whole("channels", "Channels in", "Pictures that come in: red, green and blue, or the maps of the layer below.", 1,
        kMostChannels, 3);
  whole("maps", "Maps out", "Each has a kernel for every channel, and one bias.", 1, kMostMaps, 2);
  whole("map", "Map shown", "Which of them is drawn.", 1, kMostMaps, 1).changes_model = false;
  whole("size", "Size of the picture", "Rows and columns.", 5, kMostSize, 6);
  whole("kernel", "Size of the kernel", "Rows and columns.", 1, kMostKernel, 3);
  table.choice("activation", "Activation", "What the sum and its bias go through.", kActivationNames,
               static_cast<double>(Activation::kRelu));
  whole("window", "Pooling window", "Rows and columns.", 2, 3, 2);
  whole("pool-stride", "Stride of the pooling", "How far its window moves.", 1, 3, 2);
  table.choice("show", "Outputs", "All at once, or as the window comes to them.", {"all", "as they come"}, 0)
      .changes_model = false;
  table.number("brush", "Brush", "What a stroke paints.", ParamType::kReal, -100, 100, 1).changes_model = false;
  return table.take();
}

std::vector<SheetStore> make_stores() {
  std::vector<SheetStore> stores;
  for (int c = 0; c < kMostChannels; ++c) stores.push_back({numbered("x", c), Shape{1, 1, kMostSize, kMostSize}});
  for (int c = 0; c < kMostChannels; ++c)
    stores.push_back({numbered("w", c), Shape{kMostMaps, 1, kMostKernel, kMostKernel}});
  stores.push_back({"b", Shape{kMostMaps}});
  return stores;
}

LessonInfo make_info() {
  return {.slug = "channels-pooling",
          .title = "Channels, bias, pooling",
          .summary = "One kernel for each channel, their sums added up, a bias, an activation, and what pooling keeps.",
          .topic = "Convolution",
          .decks = "000, 002",
          .is_read = true,
          .is_random = false};
}

}  // namespace

ChannelsPooling::ChannelsPooling() : SheetLesson(make_info(), make_params(), make_stores()) {}

SheetPlan ChannelsPooling::plan(const ParamValues& params) const {
  SheetPlan plan;
  const int C = params.whole("channels"), K = params.whole("maps"), size = params.whole("size"),
            side = params.whole("kernel");
  std::vector<TensorId> parts, shown;
  for (int c = 0; c < C; ++c) {
    const TensorId x = plan.input(numbered("x", c), Shape{1, 1, size, size});
    const TensorId w = plan.parameter(numbered("w", c), Shape{K, 1, side, side});
    parts.push_back(plan.apply(OpKind::kConv2d, {}, {x, w}, numbered("p", c)));
  }
  shown = parts;
  TensorId sum = parts[0];
  for (int c = 1; c < C; ++c) {
    sum = plan.apply(OpKind::kAdd, {}, {sum, parts[static_cast<std::size_t>(c)]}, c + 1 == C ? "s" : "s12");
    shown.push_back(sum);
  }
  const TensorId b = plan.parameter("b", Shape{K});
  const TensorId z = plan.apply(OpKind::kBias, {}, {sum, b}, "z");
  OpAttributes attributes;
  attributes.activation = static_cast<Activation>(params.whole("activation"));
  const TensorId a = plan.apply(OpKind::kActivate, attributes, {z}, "a");
  shown.insert(shown.end(), {z, a});
  const Shape map = plan.program.info(a).shape;
  const std::int64_t cells = std::int64_t{map[2]} * map[3];
  // One place after the other: its products, their sum, bias, activation. A map is a part.
  for (int k = 0; k < K; ++k) {
    for (std::int64_t i = 0; i < cells; ++i)
      for (const TensorId tensor : shown) plan.order.push_back({tensor, k * cells + i});
    plan.end_part();
  }
  attributes.window = std::min(params.whole("window"), map[2]);
  attributes.window_stride = params.whole("pool-stride");
  const TensorId largest = plan.apply(OpKind::kMaxPool, attributes, {a}, "max"),
                 mean = plan.apply(OpKind::kAveragePool, attributes, {a}, "mean");
  for (std::int64_t i = 0; i < plan.program.info(largest).shape.size(); ++i)
    plan.order.insert(plan.order.end(), {{largest, i}, {mean, i}});
  plan.end_part();
  return plan;
}

int ChannelsPooling::map() const {
  const int chosen = std::min(params_.whole("map"), maps()) - 1;
  const std::optional<SheetCell> cell = present();
  if (!cell) return chosen;
  const Shape& shape = sheet().program().info(cell->tensor).shape;
  return static_cast<int>(cell->index / (std::int64_t{shape[2]} * shape[3]));
}

// An upright bar, a lying bar and a slope; the first map looks for the upright bar, the second for what lies.
void ChannelsPooling::start(const ParamValues&, std::uint64_t, std::vector<std::vector<float>>& stores) const {
  for (int row = 0; row < kMostSize; ++row)
    for (int column = 0; column < kMostSize; ++column) {
      const auto at = static_cast<std::size_t>(row * kMostSize + column);
      stores[0][at] = column == 2 ? 3.0f : column == 3 ? 1.0f : 0.0f;
      stores[1][at] = row == 3 ? 2.0f : 0.0f;
      stores[2][at] = static_cast<float>((row + column) % 3);
    }
  for (int k = 0; k < kMostMaps; ++k)
    for (int r = 0; r < kMostKernel; ++r)
      for (int s = 0; s < kMostKernel; ++s) {
        const auto at = static_cast<std::size_t>((k * kMostKernel + r) * kMostKernel + s);
        const bool upright = k % 2 == 0;
        stores[3][at] = static_cast<float>(upright ? (s == 1 ? 1 : -(s == 0)) : (r == s));
        stores[4][at] = static_cast<float>(upright ? (r == s) - (r == 2 - s) : (r == 1 ? 2 : -1));
        stores[5][at] = static_cast<float>((r + s + k) % 3 - 1);
      }
  constexpr float kBiases[] = {-3, 1, 0, 2};
  std::ranges::copy(kBiases, stores[6].begin());
}

std::string ChannelsPooling::source_text(const std::string& tensor) const {
  return tensor[0] == 'x' ? "pixel, an example" : tensor[0] == 'b' ? "bias, an example" : "weight, an example";
}

std::unique_ptr<Lesson> make_channels_pooling() { return std::make_unique<ChannelsPooling>(); }

}  // namespace chainrule
