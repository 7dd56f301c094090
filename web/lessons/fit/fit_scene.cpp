#include "web/lessons/fit/fit_scene.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {

float draw_head(const FitScene& scene, ImVec2 at, float width, const std::string& text) {
  const Face body = face_of(scene.theme, TextSize::kBody);
  const float height = put_wrapped(ImGui::GetWindowDrawList(), body, at, width, scene.theme.colors.text, text);
  mirror_text("head", {at, {at.x + width, at.y + height}}, text);
  return height;
}

float draw_numbers(const FitScene& scene, const char* id, ImVec2 at, float width, std::string_view title, const std::vector<FitNumber>& numbers) {
  const float head = section_title(scene.theme, at, width, title);
  std::vector<NumberItem> items;
  const Explanation* open = scene.context.open_explanation;
  for (const FitNumber& number : numbers) {
    NumberItem item{.label = number.label, .value = scene.lesson.values(number.tensor)[static_cast<std::size_t>(number.index)], .color = number.color};
    const auto is = [&](const ElementRef& ref) { return ref.tensor == number.tensor && ref.index == number.index && ref.step == scene.lesson.step(); };
    item.lit = open != nullptr && (is(open->element) || std::ranges::any_of(open->operands, is));
    items.push_back(std::move(item));
  }
  ImGui::SetCursorScreenPos({at.x, at.y + head});
  const NumberListHit hit = draw_number_list(scene.theme, id, title, width, items);
  if (hit.pressed) {
    const FitNumber& number = numbers[static_cast<std::size_t>(*hit.pressed)];
    scene.context.explain_request = ElementRef{number.tensor, number.index, scene.lesson.step()};
  }
  return head + hit.height;
}

float draw_rate(const FitScene& scene, ImVec2 at, float width, std::string_view limit_text) {
  const Theme& theme = scene.theme;
  const Palette& colors = theme.colors;
  const Face caption = face_of(theme, TextSize::kCaption), number = face_of(theme, TextSize::kBody, Weight::kNumber);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ParamSpec& spec = *find_param(scene.lesson.params(), "lr");
  double lr = scene.lesson.param("lr");
  const float limit = scene.lesson.values("lr.limit")[0], best = scene.lesson.values("lr.best")[0];
  const bool stable = lr < static_cast<double>(limit);
  const std::string text = value_text(static_cast<float>(lr), 4);
  const float head = section_title(theme, at, width, "Learning rate", stable ? "stable" : "too large: the steps grow");
  put_text(list, number, {at, {at.x + width, at.y + number.size}}, {1.0f, 0.0f}, stable ? colors.text : colors.bad, text);
  const float margin = 1.25f * theme.unit, left = at.x + margin, right = at.x + width - margin;
  const auto x_of = [&](double rate) {
    const double share = std::log(rate / spec.minimum) / std::log(spec.maximum / spec.minimum);
    return left + static_cast<float>(std::clamp(share, 0.0, 1.0)) * (right - left);
  };
  const float top = at.y + head;
  if (limit > 0.0f && std::isfinite(limit)) {
    // Hatched where steps grow; a flag at the limit, another at the best rate.
    const float x = x_of(limit);
    list.PushClipRect({x, top}, {at.x + width, top + 1.5f * theme.unit}, true);
    for (float from = x - 2 * theme.unit; from < at.x + width; from += 0.75f * theme.unit)
      list.AddLine({from, top + 1.5f * theme.unit}, {from + 1.5f * theme.unit, top}, with_alpha(colors.bad, 0.7f));
    list.PopClipRect();
    list.AddLine({x, top}, {x, top + 2.0f * theme.unit}, colors.bad, 2.0f);
    const float b = x_of(best);
    list.AddTriangleFilled({b - 0.7f * theme.unit, top}, {b + 0.7f * theme.unit, top}, {b, top + 1.3f * theme.unit}, colors.good);
  }
  ImGui::SetCursorScreenPos({at.x, top + 1.5f * theme.unit});
  if (slider(theme, "Learning rate", lr, spec.minimum, spec.maximum, true, width, text, spec.help)) scene.context.actions.push_back(Action::set("lr", lr));
  float y = top + 1.75f * theme.unit + control_height(theme);
  y += put_wrapped(&list, caption, {at.x, y}, width, colors.text_muted, limit_text);
  return y - at.y + 0.5f * theme.unit;
}

}  // namespace chainrule
