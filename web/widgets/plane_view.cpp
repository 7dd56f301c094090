#include "web/widgets/plane_view.h"

#include <imgui_internal.h>

#include <cmath>

#include "web/widgets/controls.h"

namespace chainrule {
namespace {

constexpr double kWheelStep = 1.2, kKeyStep = 1.25, kPinchStep = 1.08;
constexpr float kTremble = 4.0f;  // pixels that a pressing hand may move

/// Do distances still count in floats, of which the values are?
bool is_wide_enough(double low, double high) {
  const double size = std::max(std::abs(low), std::abs(high));
  return std::isfinite(low) && std::isfinite(high) && high - low > size * 1e-5 && high - low > 1e-30 && size < 1e30;
}

/// The wheel scrolls the page where it can, until somebody has pressed the plane; it scrolls again when the pointer has left it.
bool takes_wheel(const Press& press) {
  ImGuiStorage* storage = ImGui::GetStateStorage();
  const ImGuiID key = ImGui::GetItemID() + 11u;
  if (press.held) storage->SetBool(key, true);
  if (!press.hovered && !press.held) storage->SetBool(key, false);
  return press.hovered && (storage->GetBool(key) || ImGui::GetCurrentWindow()->ScrollMax.y <= 0.0f);
}

}  // namespace

PlaneRange zoomed(const PlaneRange& range, PlanePoint about, double factor, bool along_x, bool along_y) {
  PlaneRange out = range;
  if (along_x) out.x_low = about.x + (range.x_low - about.x) * factor, out.x_high = about.x + (range.x_high - about.x) * factor;
  if (along_y) out.y_low = about.y + (range.y_low - about.y) * factor, out.y_high = about.y + (range.y_high - about.y) * factor;
  return is_wide_enough(out.x_low, out.x_high) && is_wide_enough(out.y_low, out.y_high) ? out : range;
}

PlaneRange moved(const PlaneRange& range, double dx, double dy) {
  const PlaneRange out{range.x_low + dx, range.x_high + dx, range.y_low + dy, range.y_high + dy};
  return is_wide_enough(out.x_low, out.x_high) && is_wide_enough(out.y_low, out.y_high) ? out : range;
}

PlaneRange with_equal_axes(const PlaneRange& range, double width, double height) {
  if (!(width > 0.0) || !(height > 0.0)) return range;
  const double scale = std::max(range.width() / width, range.height() / height);
  const PlanePoint center = range.center();
  return {center.x - 0.5 * scale * width, center.x + 0.5 * scale * width, center.y - 0.5 * scale * height, center.y + 0.5 * scale * height};
}

double zoom_by_person(const Press& press, bool inside) {
  const bool wheel = takes_wheel(press) && inside;
  if (wheel) ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
  double factor = wheel ? std::pow(kWheelStep, -static_cast<double>(ImGui::GetIO().MouseWheel)) : 1.0;
  for (const std::string& key : press.twin.keys) {
    if (key == "PageUp") factor /= kKeyStep;
    if (key == "PageDown") factor *= kKeyStep;
    if (key == "Pinch+") factor /= kPinchStep;
    if (key == "Pinch-") factor *= kPinchStep;
  }
  return factor;
}

std::optional<PlaneRange> moved_by_person(const Theme& theme, const Press& press, const PlaneMapping& mapping, const PlaneHands& hands) {
  const ImGuiIO& io = ImGui::GetIO();
  const ImVec2 mouse = io.MousePos;
  const bool inside = press.hovered && mapping.area.contains(mouse);
  PlaneRange range = mapping.range;
  if (inside && hands.drag && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) return std::nullopt;
  const bool by_keys = press.twin.focused && !press.hovered;
  if (const double factor = zoom_by_person(press, inside); factor != 1.0)
    range = zoomed(range, inside && !by_keys ? mapping.plane_point(mouse) : hands.about.value_or(range.center()), factor, hands.along_x, hands.along_y);
  const bool grips = press.held && hands.drag && (!theme.touch || hands.is_zoomed);
  // A finger that moves what it holds does not scroll the page: this cursor says so.
  if (grips && theme.touch) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
  if (grips && ImGui::IsMouseDragging(ImGuiMouseButton_Left, kTremble)) {
    if (!theme.touch) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
    const double dx = -static_cast<double>(io.MouseDelta.x) / std::max(mapping.area.width(), 1.0f) * range.width();
    const double dy = static_cast<double>(io.MouseDelta.y) / std::max(mapping.area.height(), 1.0f) * range.height();
    range = moved(range, hands.along_x ? dx : 0.0, hands.along_y ? dy : 0.0);
  }
  return range;
}

}  // namespace chainrule
