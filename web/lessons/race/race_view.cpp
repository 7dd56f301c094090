// Where everything stands, and the settings.
#include "web/lessons/race/race_view.h"

#include <algorithm>
#include <cmath>

#include "web/text/tr.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {

int race_dash(int racer) {
  constexpr int kDashes[kRacerCount] = {0, 1, 2, 3, 1, 2};
  return kDashes[racer];
}

bool number_button(const Theme& theme, const std::string& id, const Rect& box, ImVec2 align, std::string_view text, std::string name, ImU32 color,
                   Weight weight) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Press press = press_area(theme, id.c_str(), box, {.name = std::move(name), .help = "Shows how it was computed."});
  if (press.hovered) list.AddRectFilled(box.min, box.max, theme.colors.hover, 0.5f * theme.unit);
  const Face face = face_of(theme, TextSize::kBody, weight);
  const float width = plain_width(face, text);
  put_plain(list, face, {box.min.x + (box.width() - width) * align.x, box.center().y - 0.5f * face.size}, color, text);
  return press.pressed;
}

namespace {

/// The formula; what is typed and refused stays, with the reason below.
float draw_formula(const RaceScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  RaceView& view = scene.lesson.view();
  const std::string formula = scene.lesson.formula();
  if (view.instead_of != formula) view.error.clear();
  const std::string shown = view.error.empty() ? formula : view.typed;
  const Face caption = face_of(theme, TextSize::kCaption);
  put_text(*ImGui::GetWindowDrawList(), caption, box.min, theme.colors.text_muted, "f(x, y) =");
  ImGui::SetCursorScreenPos({box.min.x, box.min.y + caption.size + 0.5f * theme.unit});
  const auto typed = text_field(theme, "f(x, y)", shown, box.width(),
                                "A formula of x and y: + - * / ^, parentheses, numbers, pi, e, sin cos tan exp log sqrt abs tanh pow min max.");
  if (typed) {
    const Result<Expression> read = parse_expression(*typed);
    view.typed = *typed;
    view.error = read.ok() ? "" : read.error_message();
    view.instead_of = formula;
    if (!read.ok()) say_place(view.error);
    if (read.ok() && *typed != formula) {
      if (scene.lesson.surface() != SurfaceKind::kOwn) scene.act(Action::command("surface", static_cast<double>(SurfaceKind::kOwn)));
      scene.act(Action::command("function", 0.0, {}, *typed));
      view.map.zoom.reset();
    }
  }
  float height = caption.size + 0.5f * theme.unit + control_height(theme);
  if (!view.error.empty()) {
    const ImVec2 at{box.min.x, box.min.y + height + 0.5f * theme.unit};
    put_plain(*ImGui::GetWindowDrawList(), caption, at, theme.colors.bad, "✗");
    const float used = put_wrapped(ImGui::GetWindowDrawList(), caption, {at.x + 2 * theme.unit, at.y}, box.width() - 2 * theme.unit, theme.colors.bad, view.error);
    mirror_text("formula-error", {at, {box.max.x, at.y + used}}, view.error);
    height += used + 0.5f * theme.unit;
  }
  return height;
}

template <class Draw>
float labelled(const RaceScene& scene, ImVec2 at, std::string_view label, Draw draw) {
  const Face caption = face_of(scene.theme, TextSize::kCaption);
  put_text(*ImGui::GetWindowDrawList(), caption, at, scene.theme.colors.text_muted, label);
  ImGui::SetCursorScreenPos({at.x, at.y + caption.size + 0.5f * scene.unit()});
  draw();
  return caption.size + 0.5f * scene.unit() + control_height(scene.theme);
}

}  // namespace

float draw_race_controls(const RaceScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const float u = theme.unit, gap = 1.5f * u;
  const RaceLesson& lesson = scene.lesson;
  const bool one_row = box.width() > 84 * u;
  const std::vector<std::string_view> surfaces(kSurfaceNames.begin(), kSurfaceNames.end());
  constexpr std::string_view kLooks[] = {"both", "map", "surface"};
  const float surface_width = one_row ? 18 * u : 0.5f * (box.width() - gap);
  const float look_width = one_row ? std::min(segments_width(theme, kLooks), 26 * u) : box.width() - surface_width - gap;
  const float log_width = std::max(8 * u, text_width(face_of(theme, TextSize::kCaption), "Logarithmic") + 0.5f * u);
  float y = box.min.y;
  const float row = labelled(scene, {box.min.x, y}, "Surface", [&] {
    int kind = static_cast<int>(lesson.surface());
    if (choice(theme, "Surface", surfaces, kind, surface_width, "What the optimizers descend. Starts over.")) {
      scene.act(Action::command("surface", kind));
      lesson.view().error.clear();
      lesson.view().map.zoom.reset();
    }
  });
  const float look_x = one_row ? box.max.x - look_width - log_width - gap : box.min.x + surface_width + gap;
  labelled(scene, {look_x, y}, "View", [&] {
    int look = static_cast<int>(lesson.param("look"));
    if (segments(theme, "View", kLooks, look, look_width)) scene.act(Action::set("look", look));
  });
  float log_y = y, formula_x = box.min.x + surface_width + gap, formula_right = look_x - gap;
  if (!one_row) {
    log_y = y + row + gap;
    formula_x = box.min.x;
    formula_right = box.max.x - log_width - gap;
  }
  labelled(scene, {box.max.x - log_width, log_y}, "Logarithmic", [&] {
    bool on = lesson.param("log") != 0;
    if (toggle(theme, "Logarithmic", on, "Levels, colours and heights by their logarithm.")) scene.act(Action::set("log", on ? 1 : 0));
  });
  const float formula = draw_formula(scene, {{formula_x, log_y}, {formula_right, log_y + row}});
  return (one_row ? 0.0f : row + gap) + std::max(row, formula);
}

void RaceLesson::draw(DrawContext& context) const {
  const Theme& theme = context.theme;
  const float u = theme.unit, gap = 1.5f * u;
  const RaceScene scene{*this, context, theme};
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (size.x < 30 * u || size.y < 10 * u || racers_.empty()) return;
  const float right = origin.x + size.x;
  float y = origin.y + draw_race_controls(scene, {origin, {right, origin.y + size.y}}) + gap;
  const bool wide = size.x > 84 * u;
  const bool both = params_["look"] == 0;
  // What stands below has a height of its own; plots get what is left, and enough in any case.
  const float rows = (theme.touch ? 5.5f : 4.5f) * u * kRacerCount + 7 * u;
  const float least = (wide ? 38 : 44) * u * (wide || !both ? 1.0f : 2.0f);
  const float plots = std::max(least, wide ? origin.y + size.y - y - rows - gap : 0.0f);
  draw_race_plots(scene, {{origin.x, y}, {right, y + plots}});
  y += plots + gap;
  if (wide) {
    const float middle = origin.x + 0.5f * (size.x - gap);
    const float left_height = draw_racers(scene, {{origin.x, y}, {middle, y + rows}});
    float below = y + draw_race_numbers(scene, {{middle + gap, y}, {right, y + rows}}) + gap;
    below += draw_race_rate(scene, {{middle + gap, below}, {right, below}});
    y = std::max(y + left_height, below);
  } else {
    y += draw_racers(scene, {{origin.x, y}, {right, y}}) + gap;
    y += draw_race_numbers(scene, {{origin.x, y}, {right, y}}) + gap;
    y += draw_race_rate(scene, {{origin.x, y}, {right, y}});
  }
  ImGui::SetCursorScreenPos({origin.x, y - 1});
  ImGui::Dummy({1, 1});
}

}  // namespace chainrule
