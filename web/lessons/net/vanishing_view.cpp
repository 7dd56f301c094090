// Controls, bars, and where everything stands.
#include "web/lessons/net/vanishing_view.h"

#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/widgets/controls.h"
#include "web/widgets/grid_cursor.h"
#include "web/widgets/ticks.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

/// A column of bars: one number a layer, on a logarithmic axis of whole decades.
struct BarColumn {
  const char* id;
  std::string title;
  const char* part;  // of the tensors' names
  int color;
  bool hatched;  // told apart without colour: an outline
};

struct Decades {
  double low = 1e-3, high = 1.0;
  float share(double value) const {
    return static_cast<float>(std::clamp(std::log(value / low) / std::log(high / low), 0.0, 1.0));
  }
};

Decades decades_of(const VanishingScene& scene, const BarColumn& column) {
  double least = 1e300, most = 0.0;
  for (int layer = 0; layer < scene.lesson.depth(); ++layer) {
    const double size = static_cast<double>(scene.value(scene.lesson.find(layer, column.part)));
    if (!(size > 0.0) || !std::isfinite(size)) continue;
    least = std::min(least, size);
    most = std::max(most, size);
  }
  if (most == 0.0) return {};
  // Half a decade of air, so that the smallest bar is one; three decades at least.
  const double low = std::floor(std::log10(least) - 0.3), high = std::ceil(std::log10(most) + 1e-9);
  return {std::pow(10.0, low), std::pow(10.0, std::max(high, low + 3.0))};
}

class LayerBars {
 public:
  LayerBars(const VanishingScene& scene, const Rect& box)
      : scene_(scene), box_(box), list_(*ImGui::GetWindowDrawList()), caption_(face_of(scene.theme, TextSize::kCaption)),
        figures_(face_of(scene.theme, TextSize::kCaption, Weight::kNumber)) {}

  void draw() {
    const float unit = scene_.unit(), pad = 1.5f * unit;
    card(scene_.theme, box_);
    const Rect inner = box_.shrunk(pad, pad);
    const float title = section_title(scene_.theme, inner.min, inner.width(), "Layer by layer");
    label_width_ = text_width(caption_, "w30") + 2.0f * unit;
    const float head = 2.0f * caption_.size + 1.0f * unit;
    top_ = inner.min.y + title + head;
    row_ = (inner.max.y - top_) / static_cast<float>(depth());
    draw_labels(inner);
    const float half = (inner.width() - label_width_ - 2.0f * unit) / 2;
    const bool of_weights = scene_.lesson.param("bars") == 0;
    const float left = inner.min.x + label_width_;
    draw_column({{left, top_ - head}, {left + half, inner.max.y}},
                {"sizes", of_weights ? "mean |∂E/∂w|" : "mean |∂E/∂net|", of_weights ? ".w.grad.size" : ".net.grad.size", 1, false});
    draw_column({{inner.max.x - half, top_ - head}, inner.max},
                {"moved", "moved since the start", ".w.moved.size", 2, true});
  }

 private:
  int depth() const { return scene_.lesson.depth(); }
  Rect row(const Rect& box, int layer) const {
    const float y = top_ + row_ * static_cast<float>(layer);
    return {{box.min.x, y}, {box.max.x, y + row_}};
  }

  void draw_labels(const Rect& inner) {
    const Theme& theme = scene_.theme;
    for (int layer = 0; layer < depth(); ++layer) {
      const Rect whole = row(inner, layer);
      const Rect label{whole.min, {whole.min.x + label_width_, whole.max.y}};
      const bool chosen = layer == scene_.lesson.layer();
      if (chosen) list_.AddRectFilled(whole.min, whole.max, theme.colors.pressed, 0.5f * theme.unit);
      const std::string name = "w" + std::to_string(layer + 1);
      const Press press = press_area(theme, name.c_str(), label, {.name = "Look at " + name, .on = chosen});
      if (press.hovered) list_.AddRectFilled(label.min, label.max, theme.colors.hover, 0.5f * theme.unit);
      put_text(list_, chosen ? face_of(theme, TextSize::kCaption, Weight::kStrong) : caption_, label.shrunk(0.5f * theme.unit, 0), {0, 0.5f},
               chosen ? theme.colors.accent : theme.colors.text, name);
      if (chosen) put_text(list_, caption_, label.shrunk(0.75f * theme.unit, 0), {1, 0.5f}, theme.colors.accent, "›");
      if (press.pressed) scene_.context.actions.push_back(Action::set("layer", layer + 1));
    }
  }

  void draw_axis(const Rect& box, const Rect& track, const Decades& decades, std::string_view title) {
    const Theme& theme = scene_.theme;
    put_text(list_, caption_, {box.min, {box.max.x, box.min.y + caption_.size}}, {0, 0}, theme.colors.text, title);
    const int between = static_cast<int>(std::lround(std::log10(decades.high / decades.low)));
    const auto text_of = [&](double at) {
      const int exponent = static_cast<int>(std::lround(std::log10(at)));
      return exponent == 0 ? std::string("1") : with_minus_signs("1e" + std::to_string(exponent));
    };
    // As many labels as have room beside each other.
    const float room = 1.25f * text_width(caption_, text_of(decades.low)) + 1.25f * theme.unit;
    const int every = std::max(1, static_cast<int>(std::ceil(static_cast<float>(between) * room / std::max(track.width(), 1.0f))));
    for (int decade = 0; decade <= between; ++decade) {
      const double at = decades.low * std::pow(10.0, decade);
      const float x = track.min.x + decades.share(at) * track.width();
      const bool labelled = decade % every == 0;
      if (!labelled && between > 12) continue;
      list_.AddLine({x, top_}, {x, box.max.y}, with_alpha(theme.colors.outline, labelled ? 1.0f : 0.5f));
      if (!labelled) continue;
      const std::string text = text_of(at);
      const float wide = text_width(caption_, text), left = std::clamp(x - wide / 2, box.min.x - 0.5f * theme.unit, box.max.x - wide);
      put_text(list_, caption_, {left, box.min.y + caption_.size + 0.4f * theme.unit}, theme.colors.text_muted, text);
    }
  }

  void draw_column(const Rect& box, const BarColumn& column) {
    const Theme& theme = scene_.theme;
    const Decades decades = decades_of(scene_, column);
    const bool numbers = row_ >= caption_.size * 0.95f;
    const float number_width = numbers ? text_width(figures_, "1.2e−29") : 0.0f;
    const Rect track{{box.min.x, top_}, {box.max.x - number_width, box.max.y}};
    draw_axis(box, track, decades, column.title);
    const GridGeometry grid{{box.min.x, top_}, {box.width(), row_}, {0, 0}, depth(), 1};
    const auto size_of = [&](int layer) { return scene_.value(scene_.lesson.find(layer, column.part)); };
    const GridWords words{.name = column.title + ", " + std::to_string(depth()) + " bars",
                          .place = [&](Cell cell, Cell) { return "w" + std::to_string(cell.row + 1) + ": " + value_text(size_of(cell.row), 5); },
                          .help = "Enter: where the number comes from"};
    const GridInput input = grid_input(theme, column.id, grid, words);
    const ImU32 color = theme.colors.series[column.color];
    for (int layer = 0; layer < depth(); ++layer) {
      const Rect line = grid.rect({layer, 0});
      const float size = size_of(layer);
      if (input.pointed && input.pointed->row == layer) list_.AddRectFilled(line.min, line.max, theme.colors.hover, 0.5f * theme.unit);
      const float inset = std::max(1.0f, 0.16f * row_);
      if (size > 0.0f && std::isfinite(size)) {
        const float end = std::max(track.min.x + decades.share(static_cast<double>(size)) * track.width(), track.min.x + 2.0f);
        if (column.hatched) {
          list_.AddRectFilled({track.min.x, line.min.y + inset}, {end, line.max.y - inset}, with_alpha(color, 0.25f));
          list_.AddRect({track.min.x, line.min.y + inset}, {end, line.max.y - inset}, color);
        } else {
          list_.AddRectFilled({track.min.x, line.min.y + inset}, {end, line.max.y - inset}, color);
        }
      }
      if (numbers)
        put_text(list_, figures_, {{track.max.x, line.min.y}, line.max}, {1, 0.5f}, std::isfinite(size) ? theme.colors.text : theme.colors.bad, value_text(size, 2));
    }
    if (input.pointed) value_tip(theme, value_text(size_of(input.pointed->row), 0), column.title + "\nw" + std::to_string(input.pointed->row + 1), input.anchor);
    if (input.clicked) scene_.explain(scene_.lesson.find(input.clicked->row, column.part));
  }

  const VanishingScene& scene_;
  Rect box_;
  ImDrawList& list_;
  Face caption_, figures_;
  float label_width_ = 0.0f, top_ = 0.0f, row_ = 0.0f;
};

}  // namespace

void draw_layer_bars(const VanishingScene& scene, const Rect& box) { LayerBars(scene, box).draw(); }

float draw_vanishing_controls(const VanishingScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const VanishingLesson& lesson = scene.lesson;
  const float gap = 2 * scene.unit(), caption = face_of(theme, TextSize::kCaption).size + 0.25f * scene.unit();
  std::vector<const char*> names = {"depth", "w", "activation"};
  if (!lesson.all_alike()) names[1] = "weights";
  const float cell = (box.width() - gap * static_cast<float>(names.size() - 1)) / static_cast<float>(names.size());
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float x = box.min.x;
  for (const char* name : names) {
    const ParamSpec& spec = *find_param(lesson.params(), name);
    const double value = lesson.param(name);
    const bool is_choice = spec.type == ParamType::kChoice;
    const Rect head{{x, box.min.y}, {x + cell, box.min.y + caption}};
    put_text(list, face_of(theme, TextSize::kCaption), head, {0, 0}, theme.colors.text_muted, spec.label);
    ImGui::SetCursorScreenPos({x, box.min.y + caption});
    if (is_choice) {
      const std::vector<std::string_view> words(spec.choices.begin(), spec.choices.end());
      int chosen = static_cast<int>(value);
      if (choice(theme, spec.label.c_str(), words, chosen, cell, spec.help)) scene.context.actions.push_back(Action::set(name, chosen));
    } else {
      const std::string text = value_text(static_cast<float>(value), 3);
      put_text(list, face_of(theme, TextSize::kBody, Weight::kNumber), head, {1, 0}, theme.colors.text, text);
      double moved = value;
      if (slider(theme, spec.label.c_str(), moved, spec.minimum, spec.maximum, false, cell, text, spec.help)) {
        const double next = spec.type == ParamType::kInteger ? std::round(moved) : std::round(moved * 20.0) / 20.0;
        if (next != value) scene.context.actions.push_back(Action::set(name, next));
      }
    }
    x += cell + gap;
  }
  return caption + control_height(theme);
}

void VanishingLesson::draw(DrawContext& context) const {
  const Theme& theme = context.theme;
  const float unit = theme.unit, gap = 1.5f * unit;
  const VanishingScene scene{*this, context, theme};
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (size.x < 30 * unit || size.y < 10 * unit) return;
  const float right = origin.x + size.x;
  float y = origin.y + draw_vanishing_controls(scene, {origin, {right, origin.y + size.y}}) + gap;
  if (size.x > 84 * unit) {
    const float middle = origin.x + 0.5f * (size.x - gap);
    float below = y;
    below += draw_patience(scene, {{middle + gap, below}, {right, below}}) + gap;
    below += draw_product(scene, {{middle + gap, below}, {right, below}});
    const float bottom = std::max(origin.y + size.y, y + 10 * unit + static_cast<float>(depth()) * 1.7f * unit);
    draw_layer_bars(scene, {{origin.x, y}, {middle, bottom}});
    y = std::max(bottom, below);
  } else {
    y += draw_patience(scene, {{origin.x, y}, {right, y}}) + gap;
    const float bars = 10 * unit + static_cast<float>(depth()) * (depth() > 15 ? 2.0f : 2.6f) * unit;
    draw_layer_bars(scene, {{origin.x, y}, {right, y + bars}});
    y += bars + gap;
    y += draw_product(scene, {{origin.x, y}, {right, y}});
  }
  ImGui::SetCursorScreenPos({origin.x, y - 1});
  ImGui::Dummy({1, 1});
}

}  // namespace chainrule
