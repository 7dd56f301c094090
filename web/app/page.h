// The parts of the page around the lesson: what they show comes in, what people asked for goes out.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

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
  int scale_steps = 0;
};
PageChoices draw_header(const Theme& theme, const Layout& layout, const LessonInfo* lesson, bool side_open);

/// The table of contents; returns the slug that was chosen.
std::optional<std::string> draw_contents(const Theme& theme, const Layout& layout, std::span<const LessonInfo> lessons,
                                         std::string_view current, PageChoices& choices);

struct TransportView {
  bool playing = false, can_run = false;
  std::int64_t step = 0, last_step = 0;
  std::string status;                    // "" or what is under way
  std::optional<float> progress;         // of a seek, 0 to 1
  int speed = 0;                         // index into kSpeeds
};
struct TransportChoices {
  bool play = false, step = false, back = false, reset = false, new_weights = false, cancel = false;
  bool undo = false, redo = false;
  std::optional<std::int64_t> seek;
  std::optional<int> speed;
};
struct Speed {
  const char* label;
  double steps_per_second;  // 0: as many as fit
};
inline constexpr Speed kSpeeds[] = {{"1 step/s", 1}, {"4 steps/s", 4}, {"20 steps/s", 20}, {"Full speed", 0}};
TransportChoices draw_transport(const Theme& theme, const Layout& layout, const TransportView& view);

/// The params of a lesson as controls; what people set goes to `actions`.
void draw_settings(const Theme& theme, const Lesson& lesson, float width, std::vector<Action>& actions);

}  // namespace chainrule
