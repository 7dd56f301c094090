// The parts of the page around the lesson: what they show comes in, what people asked for goes out.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "web/app/embed.h"
#include "web/app/layout.h"
#include "web/app/theme.h"
#include "web/lesson_kit/lesson.h"

namespace chainrule {

// Each part is a window of Dear ImGui at a fixed place. `floating`: over the others; `card`: with round corners, too.
void begin_part(const Theme& theme, const char* name, Area area, ImU32 color, ImVec2 padding, bool floating = false,
                bool card = false);
void end_part();
/// A hairline along an edge of a part, to its very ends.
void part_line(const Theme& theme, ImVec2 from, ImVec2 to);

struct PageChoices {
  bool toggle_contents = false, toggle_side = false, toggle_theme = false, show_keys = false, full_screen = false;
  bool undo = false, redo = false, share = false, toggle_presentation = false, smaller = false, larger = false;
  int scale_steps = 0;
};
struct HeaderView {
  const LessonInfo* lesson = nullptr;
  bool side_open = false;
  bool can_undo = false, can_redo = false;
  const Embed* embed = nullptr;
  bool of_lesson = true;  // else there is nothing to share or to present, and no panel
};
/// Where there is no room for all buttons, the rest is in a menu.
PageChoices draw_header(const Theme& theme, const Layout& layout, const HeaderView& view);

struct TransportView {
  bool playing = false, can_run = false;
  std::int64_t step = 0, last_step = 0;
  std::string_view phase;                // the part of a step that is marked; "": none
  std::span<const std::string_view> phases;  // all of them
  std::string status;                    // "" or what is under way
  std::optional<float> progress;         // of a seek, 0 to 1
  int speed = 0;                         // index into kSpeeds
  std::function<double(std::int64_t)> seconds_to;  // how long it takes to get to a step
  const Embed* embed = nullptr;
  bool shows(std::string_view control) const { return embed == nullptr || !embed->hides(control); }
};
struct TransportChoices {
  bool play = false, step = false, phase = false, back = false, leave_presentation = false;
  bool reset = false, new_weights = false, cancel = false;
  std::optional<std::int64_t> seek;
  std::optional<int> speed;
};
struct Speed {
  const char* label;
  const char* short_label;  // on phones
  double steps_per_second;  // 0: as many as fit
};
inline constexpr Speed kSpeeds[] = {
    {"1 step/s", "1/s", 1}, {"4 steps/s", "4/s", 4}, {"20 steps/s", "20/s", 20}, {"Full speed", "max", 0}};
TransportChoices draw_transport(const Theme& theme, const Layout& layout, const TransportView& view);

/// The params of a lesson as controls, but for those that are hidden; what people set goes to `actions`.
void draw_settings(const Theme& theme, const Lesson& lesson, const Embed& embed, float width, std::vector<Action>& actions);

}  // namespace chainrule
