#include "web/lessons/approximate_note.h"

#include "web/widgets/controls.h"
#include "web/widgets/ink.h"

namespace chainrule {

float approximate_note(const Theme& theme, ImVec2 at, float width, const char* id, std::string_view text) {
  const float tall = put_wrapped(ImGui::GetWindowDrawList(), face_of(theme, TextSize::kCaption), at, width, theme.colors.warning, text);
  mirror_text(id, {at, {at.x + width, at.y + tall}}, std::string(text));
  return tall;
}

}  // namespace chainrule
