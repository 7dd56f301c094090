// The drawing of SchedulesLesson: equations, curves, and the list of runs.
#pragma once

#include <string>
#include <vector>

#include "web/app/draw_context.h"
#include "web/lessons/schedules/schedules.h"
#include "web/widgets/maths.h"

namespace chainrule {

struct SchedulesScene {
  const SchedulesLesson& lesson;
  DrawContext& context;
  const Theme& theme;

  float unit() const { return theme.unit; }
  const Program& program() const { return lesson.run().program(); }
  float value(TensorId tensor, std::int64_t index = 0) const { return lesson.run().buffers()[tensor][static_cast<std::size_t>(index)]; }
};

/// An equation whose numbers are elements of tensors: by the ids of its items.
struct ScheduleEquation {
  std::string id;
  std::vector<MathsItem> items;
  std::vector<ElementRef> elements;
};

/// How `tensor`'s element comes to be, with the numbers of the present step. What the update makes, written with a ′, is no
/// number of this step yet: it has an equation of its own, and nothing to click.
ScheduleEquation schedule_equation(const SchedulesScene& scene, TensorId tensor, std::int64_t index);
/// Those of the rate, the rate first.
std::vector<ScheduleEquation> rate_equations(const SchedulesScene& scene);
/// All that the update does to one weight.
std::vector<ScheduleEquation> weight_equations(const SchedulesScene& scene);
/// "o.w[0,0]": that weight.
std::string shown_weight();

/// Each draws into the width of `box` and returns the height used.
float draw_rate_card(const SchedulesScene& scene, const Rect& box);
float draw_weight_card(const SchedulesScene& scene, const Rect& box);
float draw_run_list(const SchedulesScene& scene, const Rect& box);
/// Fill `box`.
void draw_rate_plot(const SchedulesScene& scene, const Rect& box);
void draw_loss_plot(const SchedulesScene& scene, const Rect& box);

}  // namespace chainrule
