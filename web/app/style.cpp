// How Dear ImGui's own widgets look: every colour and distance comes from the theme.
#include "web/app/theme.h"

namespace chainrule {
namespace {

void apply_distances(const Theme& theme, ImGuiStyle& style) {
  const float unit = theme.unit;
  style.WindowPadding = {2 * unit, 2 * unit};
  style.WindowRounding = 1.5f * unit;
  style.ChildRounding = 1.25f * unit;
  style.PopupRounding = 1.25f * unit;
  style.FrameRounding = unit;
  style.GrabRounding = unit;
  style.ScrollbarRounding = unit;
  style.TabRounding = unit;
  style.WindowBorderSize = 1.0f;
  style.ChildBorderSize = 0.0f;
  style.PopupBorderSize = 1.0f;
  style.FrameBorderSize = 0.0f;
  style.FramePadding = {1.5f * unit, 1.25f * unit};
  style.ItemSpacing = {unit, unit};
  style.ItemInnerSpacing = {unit, 0.5f * unit};
  style.CellPadding = {unit, 0.5f * unit};
  style.IndentSpacing = 2 * unit;
  style.ScrollbarSize = 1.25f * unit;
  style.GrabMinSize = 2.5f * unit;
  style.WindowMinSize = {4 * unit, 4 * unit};
  style.DisplaySafeAreaPadding = {unit, unit};
  style.HoverStationaryDelay = 0.12f;
  style.HoverDelayShort = 0.12f;
  style.HoverDelayNormal = 0.35f;
  style.CircleTessellationMaxError = 0.15f;
  style.CurveTessellationTol = 0.8f;
}

}  // namespace

void apply_style(const Theme& theme) {
  ImGuiStyle style;
  apply_distances(theme, style);
  const Palette& colors = theme.colors;
  const auto set = [&](ImGuiCol slot, ImU32 color) { style.Colors[slot] = ImGui::ColorConvertU32ToFloat4(color); };
  for (ImVec4& color : style.Colors) color = ImGui::ColorConvertU32ToFloat4(colors.accent);
  set(ImGuiCol_Text, colors.text);
  set(ImGuiCol_TextDisabled, colors.text_muted);
  set(ImGuiCol_WindowBg, colors.page);
  set(ImGuiCol_ChildBg, 0);
  set(ImGuiCol_PopupBg, colors.surface_raised);
  set(ImGuiCol_Border, colors.outline);
  set(ImGuiCol_BorderShadow, 0);
  set(ImGuiCol_FrameBg, colors.field);
  set(ImGuiCol_FrameBgHovered, mix_color(colors.field, colors.accent, 0.10f));
  set(ImGuiCol_FrameBgActive, mix_color(colors.field, colors.accent, 0.16f));
  set(ImGuiCol_ScrollbarBg, 0);
  set(ImGuiCol_ScrollbarGrab, with_alpha(colors.text_muted, 0.35f));
  set(ImGuiCol_ScrollbarGrabHovered, with_alpha(colors.text_muted, 0.6f));
  set(ImGuiCol_ScrollbarGrabActive, with_alpha(colors.text_muted, 0.8f));
  set(ImGuiCol_CheckMark, colors.accent);
  set(ImGuiCol_SliderGrab, colors.accent);
  set(ImGuiCol_SliderGrabActive, mix_color(colors.accent, colors.text, 0.2f));
  set(ImGuiCol_Button, colors.field);
  set(ImGuiCol_ButtonHovered, mix_color(colors.field, colors.accent, 0.14f));
  set(ImGuiCol_ButtonActive, mix_color(colors.field, colors.accent, 0.24f));
  set(ImGuiCol_Header, colors.pressed);
  set(ImGuiCol_HeaderHovered, colors.hover);
  set(ImGuiCol_HeaderActive, colors.pressed);
  set(ImGuiCol_Separator, colors.outline);
  set(ImGuiCol_TextSelectedBg, with_alpha(colors.accent, 0.35f));
  set(ImGuiCol_NavHighlight, colors.focus);
  set(ImGuiCol_ModalWindowDimBg, colors.scrim);
  set(ImGuiCol_TableHeaderBg, colors.field);
  set(ImGuiCol_TableBorderStrong, colors.outline);
  set(ImGuiCol_TableBorderLight, colors.outline);
  set(ImGuiCol_TableRowBg, 0);
  set(ImGuiCol_TableRowBgAlt, colors.hover);
  ImGui::GetStyle() = style;
}

}  // namespace chainrule
