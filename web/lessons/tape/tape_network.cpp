// The network: units as cards with their numbers, weights along the lines.
#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/lessons/tape/tape_view.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

struct UnitRow {
  const char* label;
  TensorId tensor;
};

struct Column {
  std::vector<Rect> cards;
};

class NetworkDrawing {
 public:
  NetworkDrawing(const TapeScene& scene, const Rect& box)
      : scene_(scene), model_(scene.model()), spec_(model_.spec()), box_(box), list_(*ImGui::GetWindowDrawList()) {
    caption_ = face_of(scene.theme, TextSize::kCaption);
    number_ = face_of(scene.theme, TextSize::kCaption, Weight::kNumber);
    place();
  }

  void draw() {
    for (int layer = 0; layer < spec_.layers(); ++layer) draw_lines(layer);
    // Labels that have no room between the cards lie over them.
    for (int layer = 0; layer < spec_.layers() && !is_cramped(); ++layer) draw_weights(layer);
    for (int i = 0; i < spec_.inputs; ++i) draw_input(i);
    for (int layer = 0; layer < spec_.layers(); ++layer)
      for (int unit = 0; unit < units(layer); ++unit) draw_unit(layer, unit);
    draw_end();
    for (int layer = 0; layer < spec_.layers() && is_cramped(); ++layer) draw_weights(layer);
    if (!left_out_) return;
    const std::string legend = "In each unit, from above: net, out, ∂E/∂out, slope, ∂E/∂net.";
    put_text(list_, caption_, {{box_.min.x, box_.max.y - caption_.size}, box_.max}, {0, 0}, scene_.theme.colors.text_muted, legend);
  }

 private:
  int units(int layer) const { return spec_.units[static_cast<std::size_t>(layer)]; }
  /// The element of a tensor [samples, width] that belongs to the sample that is shown.
  std::int64_t of_sample(int place, int width) const { return static_cast<std::int64_t>(scene_.sample) * width + place; }
  TensorId find(int layer, const char* part) const { return model_.program().find(spec_.layer_name(layer) + part); }
  bool is_cramped() const { return card_of(1, 0).min.x - card_of(0, 0).max.x < 10.0f * scene_.unit(); }
  float row_height() const { return number_.size + 0.5f * scene_.unit(); }

  void place() {
    const int columns = spec_.layers() + 2;
    const float card = std::clamp(box_.width() / (static_cast<float>(columns) * 1.8f), 9.0f * scene_.unit(), 19.0f * scene_.unit());
    const float gap = columns > 1 ? (box_.width() - card * static_cast<float>(columns)) / static_cast<float>(columns - 1) : 0.0f;
    const auto column = [&](int number, int count, float height) {
      Column made;
      const float x = box_.min.x + static_cast<float>(number) * (card + gap);
      const float room = box_.height() / static_cast<float>(count);
      const float tall = std::min(height, room - 0.5f * scene_.unit());
      for (int i = 0; i < count; ++i) {
        const float y = box_.min.y + room * (static_cast<float>(i) + 0.5f) - tall / 2;
        made.cards.push_back({{x, y}, {x + card, y + tall}});
      }
      columns_.push_back(std::move(made));
    };
    column(0, spec_.inputs, 2 * row_height() + scene_.unit());
    for (int layer = 0; layer < spec_.layers(); ++layer) column(layer + 1, units(layer), 6.0f * row_height() + scene_.unit());
    column(columns - 1, 1, (2.0f + static_cast<float>(targets())) * row_height() + 2 * scene_.unit());
  }

  int targets() const { return spec_.loss == NetLoss::kCrossEntropy ? 1 : spec_.units.back(); }
  const Rect& card_of(int column, int unit) const { return columns_[static_cast<std::size_t>(column)].cards[static_cast<std::size_t>(unit)]; }

  void put_card(const Rect& card, bool lit, bool present) {
    const Theme& theme = scene_.theme;
    list_.AddRectFilled(card.min, card.max, theme.colors.surface, theme.unit);
    list_.AddRect(card.min, card.max, present ? theme.colors.accent : lit ? theme.colors.highlight : theme.colors.outline, theme.unit, 0,
                  present || lit ? 2.0f : 1.0f);
  }

  void put_name(const Rect& card, std::string_view name) {
    const Face strong = face_of(scene_.theme, TextSize::kBody, Weight::kStrong);
    put_text(list_, strong, {{card.min.x + scene_.unit(), card.min.y}, {card.max.x, card.min.y + row_height() + 0.5f * scene_.unit()}}, {0, 0.5f},
             scene_.theme.colors.text, name);
  }

  void draw_input(int i) {
    const Rect& card = card_of(0, i);
    const std::int64_t index = of_sample(i, spec_.inputs);
    put_card(card, scene_.is_lit(model_.x(), index), false);
    put_name(card, "x" + std::to_string(i + 1));
    const float y = card.min.y + row_height() + 0.5f * scene_.unit();
    draw_tape_number(scene_, {model_.x(), index}, {{card.min.x + 0.5f * scene_.unit(), y}, {card.max.x - 0.5f * scene_.unit(), y + row_height()}}, "");
  }

  void draw_unit(int layer, int unit) {
    const Rect& card = card_of(layer + 1, unit);
    const bool wide = card.width() > 17.0f * scene_.unit();
    const UnitRow rows[] = {{"net", find(layer, ".net")},
                            {"out", find(layer, ".out")},
                            {"p", layer + 1 == spec_.layers() ? model_.program().find("softmax.p") : kNoTensor},
                            {wide ? "∂E/∂out" : "∂out", find(layer, ".out.grad")},
                            {"slope", find(layer, ".slope")},
                            {wide ? "∂E/∂net" : "∂net", find(layer, ".net.grad")}};
    const std::int64_t index = of_sample(unit, units(layer));
    bool lit = false, present = false;
    for (const UnitRow& row : rows) {
      lit |= row.tensor != kNoTensor && scene_.is_lit(row.tensor, index);
      present |= row.tensor != kNoTensor && scene_.is_present(row.tensor, index);
    }
    put_card(card, lit, present);
    put_name(card, unit_name(spec_, layer, unit));
    float y = card.min.y + row_height() + 0.5f * scene_.unit();
    for (const UnitRow& row : rows) {
      if (row.tensor == kNoTensor) continue;
      if (y + row_height() > card.max.y + 1) return;  // a small card shows the first ones
      const float name = text_width(caption_, row.label), widest = text_width(number_, "−0.00000");
      left_out_ |= name + widest > card.width() - 2.0f * scene_.unit();
      draw_tape_number(scene_, {row.tensor, index}, {{card.min.x + 0.5f * scene_.unit(), y}, {card.max.x - 0.5f * scene_.unit(), y + row_height()}},
                       row.label);
      y += row_height();
    }
  }

  void draw_end() {
    const Rect& card = card_of(spec_.layers() + 1, 0);
    const TensorId error = model_.program().loss;
    put_card(card, scene_.is_lit(error, 0), scene_.is_present(error, 0));
    put_name(card, "error");
    float y = card.min.y + row_height() + 0.5f * scene_.unit();
    const auto row = [&](TensorId tensor, std::int64_t index, std::string_view label) {
      draw_tape_number(scene_, {tensor, index}, {{card.min.x + 0.5f * scene_.unit(), y}, {card.max.x - 0.5f * scene_.unit(), y + row_height()}}, label);
      y += row_height();
    };
    for (int t = 0; t < targets(); ++t) row(model_.target(), of_sample(t, targets()), targets() > 1 ? "t" + std::to_string(t + 1) : "target");
    row(error, 0, "E");
    for (int unit = 0; unit < units(spec_.layers() - 1); ++unit) {
      const Rect& from = card_of(spec_.layers(), unit);
      draw_connector(scene_.theme, list_, {from.max.x, from.center().y}, {card.min.x, card.center().y}, scene_.theme.colors.outline);
    }
  }

  struct Ends {
    ImVec2 from, to;
  };
  Ends ends_of(int layer, int to, int from) const {
    const Rect& source = card_of(layer, from);
    const Rect& target = card_of(layer + 1, to);
    return {{source.max.x, source.center().y}, {target.min.x, target.center().y}};
  }

  bool weight_is_lit(TensorId weights, std::int64_t index) const {
    const TensorId gradient = model_.program().gradient_of[static_cast<std::size_t>(weights)];
    const TensorId after = model_.program().info(weights).after;
    return scene_.is_lit(weights, index) || scene_.is_present(gradient, index) || scene_.is_present(after, index) || scene_.is_lit(gradient, index);
  }

  void draw_lines(int layer) {
    const TensorId weights = find(layer, ".w");
    const int inputs = spec_.inputs_of(layer);
    float largest = 1e-6f;
    for (const float w : model_.buffers()[weights]) largest = std::max(largest, std::abs(w));
    for (int to = 0; to < units(layer); ++to) {
      for (int from = 0; from < inputs; ++from) {
        const std::int64_t index = static_cast<std::int64_t>(to) * inputs + from;
        const float w = scene_.lesson.current(weights, index);
        const Ends ends = ends_of(layer, to, from);
        const bool lit = weight_is_lit(weights, index);
        const float width = 1.0f + 3.0f * std::min(std::abs(w) / largest, 1.0f);
        list_.AddLine(ends.from, ends.to, lit ? scene_.theme.colors.accent : with_alpha(diverging_color(scene_.theme, w, largest), 0.85f), lit ? width + 1.5f : width);
      }
    }
  }

  // Labels stand where lines to one unit are still apart; where there are many, only those that matter now.
  void draw_weights(int layer) {
    const TensorId weights = find(layer, ".w");
    const TensorId gradient = model_.program().gradient_of[static_cast<std::size_t>(weights)];
    const int inputs = spec_.inputs_of(layer);
    const float row = row_height();
    const bool crowded = static_cast<float>(inputs * units(layer)) * 2.2f * row > box_.height() * 1.6f;
    const bool cramped = is_cramped();
    for (int to = 0; to < units(layer); ++to) {
      for (int from = 0; from < inputs; ++from) {
        const std::int64_t index = static_cast<std::int64_t>(to) * inputs + from;
        if ((crowded || cramped) && !weight_is_lit(weights, index)) continue;
        const Ends ends = ends_of(layer, to, from);
        const bool graded = scene_.shows(gradient, index);
        const float height = row * (graded ? 2.0f : 1.0f);
        const std::string symbol = scene_.symbol(weights, index), slope = "∂";
        const auto wide_as = [&](std::string_view prefix, TensorId tensor) {
          return text_width(caption_, prefix) + text_width(number_, tape_number(scene_.lesson.current(tensor, index), scene_.digits)) + 2.0f * scene_.unit();
        };
        const float width = std::max(wide_as(symbol, weights), graded ? wide_as(slope, gradient) : 0.0f);
        // Near their origin lines that cross further on are apart; but the cards stay free.
        const float reach = std::max(ends.to.x - ends.from.x, 1.0f), half = (width / 2 + 4.0f) / reach;
        const float t = inputs > 1 && !cramped ? std::clamp(0.3f, std::min(half, 0.5f), std::max(1.0f - half, 0.5f)) : 0.5f;
        const ImVec2 at{ends.from.x + reach * t, ends.from.y + (ends.to.y - ends.from.y) * t};
        const Rect label{{at.x - width / 2, at.y - height / 2}, {at.x + width / 2, at.y + height / 2}};
        list_.AddRectFilled(label.min, label.max, with_alpha(scene_.theme.colors.page, 0.92f), 0.5f * scene_.unit());
        draw_tape_number(scene_, {weights, index}, {label.min, {label.max.x, label.min.y + row}}, symbol);
        if (graded) draw_tape_number(scene_, {gradient, index}, {{label.min.x, label.min.y + row}, label.max}, slope);
      }
    }
  }

  const TapeScene& scene_;
  const NetModel& model_;
  const NetSpec& spec_;
  Rect box_;
  ImDrawList& list_;
  Face caption_, number_;
  std::vector<Column> columns_;
  bool left_out_ = false;  // names of numbers that the cards are too narrow for
};

}  // namespace

void draw_tape_network(const TapeScene& scene, const Rect& box) { NetworkDrawing(scene, box).draw(); }

void draw_tape_number(const TapeScene& scene, const TapeNumber& number, const Rect& box, std::string_view prefix) {
  const Theme& theme = scene.theme;
  const NetModel& model = scene.model();
  const bool settable = std::ranges::count(model.settable(), number.tensor) > 0;
  const bool known = settable || scene.shows(number.tensor, number.index);
  const bool lit = scene.is_lit(number.tensor, number.index), present = scene.is_present(number.tensor, number.index);
  const float value = scene.lesson.current(number.tensor, number.index);
  const Face figures = face_of(theme, TextSize::kCaption, Weight::kNumber);
  const Face words = face_of(theme, TextSize::kCaption);
  const Rect inner = box.shrunk(0.4f * theme.unit, 0);
  std::string text = known ? tape_number(value, scene.digits) : "–";
  if (text_width(figures, text) > inner.width()) text = value_text(value, 2);
  const std::string symbol = scene.symbol(number.tensor, number.index);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (present) list.AddRectFilled(box.min, box.max, with_alpha(theme.colors.accent, 0.22f), 0.5f * theme.unit);
  if (lit && !present) list.AddRectFilled(box.min, box.max, with_alpha(theme.colors.highlight, 0.35f), 0.5f * theme.unit);
  ImGui::PushID(number.tensor);
  const Press press = press_area(theme, std::to_string(number.index).c_str(), box, {.name = symbol + (known ? " " + text : ", not yet written")}, known);
  ImGui::PopID();
  const ImU32 color = known ? tape_color(theme, model, number.tensor) : theme.colors.text_muted;
  const float room = inner.width() - text_width(figures, text) - 0.5f * theme.unit;
  if (text_width(words, prefix) <= room) put_text(list, words, inner, {0, 0.5f}, theme.colors.text_muted, prefix);
  put_text(list, figures, inner, {1, 0.5f}, press.hovered ? theme.colors.accent : color, text);
  if (press.hovered && known) {
    ImGui::SetMouseCursor(settable ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_Hand);
    value_tip(theme, symbol + " = " + tape_number(value, TapeDigits::kFull),
              tape_kind(model, number.tensor) + (settable ? "\nDrag sideways to change it" : ""));
  }
  const bool dragged = press.held && settable && number.tensor != model.target() && std::abs(ImGui::GetMouseDragDelta(0, 0.0f).x) > 4.0f;
  if (dragged && ImGui::GetIO().MouseDelta.x != 0.0f) {
    const float next = std::round((value + 0.01f * ImGui::GetIO().MouseDelta.x) * 100.0f) / 100.0f;
    scene.context.actions.push_back(Action::edit(model.program().info(number.tensor).name, number.index, next));
  }
  if (press.pressed && known && std::abs(ImGui::GetMouseDragDelta(0, 0.0f).x) <= 4.0f) scene.explain(number.tensor, number.index);
}

}  // namespace chainrule
