#include "web/app/toasts.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "web/app/motion.h"
#include "web/platform/platform.h"
#include "web/widgets/controls.h"
#include "web/text/tr.h"

namespace chainrule {
namespace {

constexpr std::size_t kMostToasts = 4;
constexpr double kComingSeconds = 0.16;

struct KindLook {
  Icon icon;
  ImU32 color;
};

KindLook look_of(const Palette& colors, ToastKind kind) {
  switch (kind) {
    case ToastKind::kGood: return {Icon::kCheck, colors.good};
    case ToastKind::kWarning: return {Icon::kWarning, colors.warning};
    case ToastKind::kError: return {Icon::kError, colors.bad};
    case ToastKind::kInfo: break;
  }
  return {Icon::kInfo, colors.accent};
}

double reading_seconds(std::string_view sentence) { return 3.0 + 0.06 * static_cast<double>(sentence.size()); }

}  // namespace

void Toasts::add(ToastKind kind, std::string sentence, double now) {
  const double until = now + reading_seconds(sentence);
  for (Toast& toast : toasts_) {
    if (toast.sentence == sentence && toast.key.empty()) {
      toast.until = until;
      return;
    }
  }
  if (toasts_.size() >= kMostToasts) {
    const auto oldest = std::find_if(toasts_.begin(), toasts_.end(), [](const Toast& toast) { return toast.key.empty(); });
    if (oldest != toasts_.end()) toasts_.erase(oldest);
  }
  platform::announce(tr_sentence(sentence));
  toasts_.push_back({.kind = kind, .sentence = std::move(sentence), .until = until});
}

void Toasts::set_progress(const std::string& key, std::string sentence, float progress) {
  for (Toast& toast : toasts_) {
    if (toast.key == key) {
      toast.sentence = std::move(sentence);
      toast.progress = progress;
      return;
    }
  }
  toasts_.push_back({.kind = ToastKind::kInfo, .sentence = std::move(sentence), .key = key, .progress = progress});
}

void Toasts::end_progress(const std::string& key) {
  std::erase_if(toasts_, [&](const Toast& toast) { return toast.key == key; });
}

bool Toasts::moving(double now) const {
  return std::any_of(toasts_.begin(), toasts_.end(), [&](const Toast& toast) { return now - toast.since < kComingSeconds; });
}

double Toasts::next_change(double now) const {
  double next = 0.0;
  for (const Toast& toast : toasts_) {
    if (toast.until <= 0.0) continue;
    const double left = std::max(toast.until - now, 0.01);
    next = next == 0.0 ? left : std::min(next, left);
  }
  return next;
}

// One message; `pressed` tells whether its button was. Returns its height.
float Toasts::draw_one(const Theme& theme, const Toast& toast, float width, bool& pressed) {
  const float unit = theme.unit;
  const float target = target_size(theme);
  const KindLook look = look_of(theme.colors, toast.kind);
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const float line = theme.face(TextSize::kBody)->FontSize;
  const float button = toast.key.empty() ? target : 12 * unit;
  const float words = width - 8.5f * unit - button;
  draw_icon(*ImGui::GetWindowDrawList(), look.icon, {start.x + 1.5f * unit, start.y + target / 2}, 2.2f * unit, look.color);
  ImGui::SetCursorScreenPos({start.x + 4 * unit, start.y + (target - line) / 2});
  ImGui::BeginGroup();
  text_block(theme.face(TextSize::kBody), theme.colors.text, toast.sentence, words);
  if (toast.progress >= 0.0f) {
    const ImVec2 bar = ImGui::GetCursorScreenPos();
    const float done = words * std::min(toast.progress, 1.0f);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(bar, {bar.x + words, bar.y + 0.5f * unit}, theme.colors.field, unit);
    list.AddRectFilled(bar, {bar.x + done, bar.y + 0.5f * unit}, theme.colors.accent, unit);
    ImGui::Dummy({words, unit});
  }
  ImGui::EndGroup();
  ImGui::SameLine();
  ImGui::SetCursorScreenPos({start.x + width - 3 * unit - button, start.y});
  pressed = toast.key.empty() ? icon_button(theme, "Close message", Icon::kClose, "")
                              : text_button(theme, "Cancel", ButtonLook::kQuiet, button);
  return ImGui::GetWindowHeight();
}

std::string Toasts::draw(const Theme& theme, Area canvas, double now) {
  std::erase_if(toasts_, [&](const Toast& toast) { return toast.until > 0.0 && toast.until <= now; });
  const float unit = theme.unit;
  const float width = std::min(canvas.size.x - 4 * unit, 52 * unit);
  float bottom = canvas.at.y + canvas.size.y - 2 * unit;
  std::size_t hit = toasts_.size();
  ImGui::PushStyleColor(ImGuiCol_WindowBg, theme.colors.surface_raised);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(1.5f * unit, unit));
  for (std::size_t i = toasts_.size(); i-- > 0;) {
    Toast& toast = toasts_[i];
    if (toast.since == 0.0) toast.since = platform::prefers_reduced_motion() ? now - kComingSeconds : now;
    // It rises into its place, so that the eye sees where it came from.
    const float here = ease_out((now - toast.since) / kComingSeconds);
    const float rise = std::round(2 * unit * (1.0f - here));
    ImGui::PushStyleVar(ImGuiStyleVar_Alpha, here);
    ImGui::SetNextWindowPos({canvas.at.x + canvas.size.x / 2, bottom + rise}, ImGuiCond_Always, {0.5f, 1.0f});
    ImGui::SetNextWindowSize({width, 0});
    ImGui::Begin(("##toast" + std::to_string(i)).c_str(), nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoFocusOnAppearing);
    ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
    bool pressed = false;
    bottom -= draw_one(theme, toast, width, pressed) + unit;
    if (pressed) hit = i;
    ImGui::End();
    ImGui::PopStyleVar();
  }
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  if (hit == toasts_.size()) return "";
  if (!toasts_[hit].key.empty()) return toasts_[hit].key;
  toasts_.erase(toasts_.begin() + static_cast<std::ptrdiff_t>(hit));
  return "";
}

}  // namespace chainrule
