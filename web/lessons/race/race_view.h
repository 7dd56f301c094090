// The drawing of RaceLesson: settings, map and surface of one function, the racers, and the numbers of one of them.
#pragma once

#include <string>

#include "web/app/draw_context.h"
#include "web/lessons/race/race_lesson.h"
#include "web/widgets/ink.h"

namespace chainrule {

struct RaceScene {
  const RaceLesson& lesson;
  DrawContext& context;
  const Theme& theme;

  float unit() const { return theme.unit; }
  int chosen() const { return static_cast<int>(lesson.param("numbers")); }
  const Racer& racer(int i) const { return lesson.racers()[static_cast<std::size_t>(i)]; }
  ImU32 color(int i) const { return theme.colors.series[i]; }
  void act(Action action) const { context.actions.push_back(std::move(action)); }
  void explain(int i, TensorId tensor) const { context.explain_request = lesson.reference(i, tensor); }
};

/// Curves are told apart by these dashes too.
int race_dash(int racer);
/// A number that opens its derivation when it is pressed. Returns whether it was.
bool number_button(const Theme& theme, const std::string& id, const Rect& box, ImVec2 align, std::string_view text, std::string name, ImU32 color,
                   Weight weight = Weight::kNumber);

/// Each draws into the width of `box` and returns the height used.
float draw_race_controls(const RaceScene& scene, const Rect& box);
float draw_racers(const RaceScene& scene, const Rect& box);
float draw_race_numbers(const RaceScene& scene, const Rect& box);
float draw_race_rate(const RaceScene& scene, const Rect& box);
/// Fills `box`: the map, the surface, or both.
void draw_race_plots(const RaceScene& scene, const Rect& box);

}  // namespace chainrule
