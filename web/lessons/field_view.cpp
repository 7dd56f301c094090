#include "web/lessons/field_view.h"

#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "web/widgets/controls.h"
#include "web/widgets/mosaic.h"

namespace chainrule {
namespace {

constexpr int kSide = 28;

/// The button is there where the sentence offers it, and where it leads back.
float draw_blind(DrawContext& context, const Rect& box, const FieldView& field) {
  const Theme& theme = context.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const bool blind = field.probe.is_blind();
  float y = box.min.y;
  if (blind) {
    const std::string_view text = !field.other || field.before
                                      ? "Nothing of this picture reaches the unit: its gradient is 0 everywhere."
                                      : "The unit's ReLU is off: it gives 0 whatever a pixel does a little, so the effective field is all 0.";
    const float high = put_wrapped(&list, face_of(theme, TextSize::kBody), {box.min.x, y}, box.width(), theme.colors.warning, text);
    mirror_text("blind", {{box.min.x, y}, {box.max.x, y + high}}, std::string(text));
    y += high + 0.5f * theme.unit;
  }
  if (!field.other || (!blind && !field.before)) return y - box.min.y;
  ImGui::SetCursorScreenPos({box.min.x, y});
  if (text_button(theme, field.before ? "Field after the activation" : "Show the field before the ReLU", ButtonLook::kQuiet))
    context.actions.push_back(*field.other);
  return y + control_height(theme) + 0.5f * theme.unit - box.min.y;
}

}  // namespace

void frame_sight(const Theme& theme, ImVec2 at, float scale, const Sight& sight) {
  const auto edge = [&](int pixel) { return scale * static_cast<float>(std::clamp(pixel, 0, kSide)); };
  ImGui::GetWindowDrawList()->AddRect({at.x + edge(sight.column), at.y + edge(sight.row)},
                                      {at.x + edge(sight.column + sight.columns), at.y + edge(sight.row + sight.rows)}, theme.colors.accent, 0, 0, 2.0f);
}

float draw_field(DrawContext& context, const Rect& box, const FieldView& field) {
  const Theme& theme = context.theme;
  const float unit = theme.unit, gap = 2 * unit;
  const Face caption = face_of(theme, TextSize::kCaption);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float side = std::min((box.width() - gap) / 2, 40 * unit), scale = std::max(std::floor(side / kSide), 1.0f);
  float x = box.min.x;
  for (const bool slope : {false, true}) {
    const TensorId id = slope ? field.probe.gradient() : field.probe.x();
    const std::string name = field.prefix + field.probe.program().info(id).name;
    put_text(list, caption, {{x, box.min.y}, {x + side, box.min.y + caption.size}}, {0, 0}, theme.colors.text_muted, slope ? "∂unit/∂pixel" : field.picture);
    MosaicData data;
    const std::string key = "field/" + name;
    data.key = key;
    data.values = field.probe.buffers()[id];
    Hasher hasher;
    hasher.add(data.values);
    data.version = hasher.value();
    data.count = 1, data.height = kSide, data.width = kSide;
    data.scale = slope ? diverging_scale(data.values) : ColorScale{ColorMap::kInk, 0.0f, 1.0f};
    data.name = name;
    data.shape = field.probe.program().info(id).shape;
    data.one = "picture";
    const ImVec2 at{x, box.min.y + caption.size + 0.25f * unit};
    ImGui::SetCursorScreenPos(at);
    const MosaicHit hit = draw_mosaic(theme, context.textures, name.c_str(), data, {1, 1, scale}, 0.0f);
    if (hit.clicked) context.explain_request = ElementRef{name, *hit.clicked, field.step};
    frame_sight(theme, at, scale, field.sight);
    if (slope) draw_color_legend(theme, {x, at.y + kSide * scale + 0.5f * unit}, kSide * scale, data.scale, "");
    x += side + gap;
  }
  float used = caption.size + 0.25f * unit + kSide * scale + 0.5f * unit + 2.5f * caption.size;
  used += put_wrapped(&list, caption, {box.min.x, box.min.y + used}, box.width(), theme.colors.text_muted, "Where it is blue, ink raises the unit; where it is orange, ink lowers it.") + unit;
  return used + draw_blind(context, {{box.min.x, box.min.y + used}, box.max}, field);
}

}  // namespace chainrule
