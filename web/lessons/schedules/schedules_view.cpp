#include "web/lessons/schedules/schedules_view.h"

#include <algorithm>

#include "engine/base/text.h"
#include "web/widgets/controls.h"
#include "web/widgets/plot.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr const char *kRatePlot = "rate plot", *kLossPlot = "loss plot";
constexpr std::string_view kLabels[] = {"A", "B", "C", "D", "E"};  // of kept runs

// ------------------------------------------------------------------------------------------------------------- numbers

/// Equations one below the other, in the width of `box`; returns the height.
float draw_equations(const SchedulesScene& scene, const std::vector<ScheduleEquation>& equations, const Rect& box) {
  float y = box.min.y;
  for (const ScheduleEquation& equation : equations) {
    ImGui::SetCursorScreenPos({box.min.x, y});
    const MathsHit hit = draw_maths(scene.theme, equation.id.c_str(), equation.items, box.width(), TextSize::kBody);
    if (hit.clicked) scene.context.explain_request = equation.elements[static_cast<std::size_t>(*hit.clicked)];
    y += hit.height + 0.5f * scene.unit();
  }
  return y - box.min.y;
}

float equations_height(const SchedulesScene& scene, const std::vector<ScheduleEquation>& equations, float width) {
  float height = 0.0f;
  for (const ScheduleEquation& equation : equations) height += maths_height(scene.theme, equation.items, width, TextSize::kBody) + 0.5f * scene.unit();
  return height;
}

/// A number that is watched, with its name above it; a click tells where it comes from.
void draw_watched(const SchedulesScene& scene, const Rect& box, std::string_view name, const char* tensor) {
  const Theme& theme = scene.theme;
  const Face small = face_of(theme, TextSize::kCaption), large = face_of(theme, TextSize::kHeading, Weight::kNumber);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const std::string text = value_text(scene.lesson.run().values(tensor)[0], 4);
  const Press press = press_area(theme, (std::string(tensor) + " number").c_str(), box, {.name = std::string(name) + " " + text, .help = "Shows how it was computed."});
  if (press.pressed) scene.context.explain_request = ElementRef{tensor, 0, scene.lesson.step()};
  put_text(list, small, {box.min, {box.max.x, box.min.y + small.size}}, {0, 0}, theme.colors.text_muted, name);
  put_text(list, large, {box.min.x, box.min.y + small.size + 0.25f * scene.unit()}, press.hovered ? theme.colors.accent : theme.colors.text, text);
  if (press.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
}

// -------------------------------------------------------------------------------------------------------------- curves

/// What the curves of a plot point to.
struct Curve {
  std::vector<float> x, y;
};

Curve over_steps(const StepTrace& trace) {
  Curve curve;
  curve.y.assign(trace.values().begin(), trace.values().end());
  for (std::size_t i = 0; i < curve.y.size(); ++i) curve.x.push_back(static_cast<float>(static_cast<std::int64_t>(i) * trace.stride()));
  return curve;
}

/// Of the plots of all runs: present run last, so that it lies on top.
struct Curves {
  std::vector<Curve> curves;
  std::vector<PlotSeries> series;

  explicit Curves(std::size_t most) {
    curves.reserve(most);  // series point into it
  }
  void add(Curve curve, std::string_view label, int color, int dash, PlotSeries::Style style = PlotSeries::Style::kLine) {
    const Curve& kept = curves.emplace_back(std::move(curve));
    series.push_back({.label = label, .x = kept.x, .y = kept.y, .color = color, .dash = dash, .style = style});
  }
};

int color_of(std::size_t run) { return static_cast<int>(run) + 1; }
int dash_of(std::size_t run) { return static_cast<int>(run) % 3 + 1; }

double last_step(const SchedulesScene& scene) {
  double last = std::max(scene.lesson.param("length"), static_cast<double>(scene.lesson.step()));
  for (const KeptRun& run : scene.lesson.runs()) last = std::max(last, static_cast<double>(run.steps));
  return last;
}

/// The run's name in the list and its line: what tells curves apart.
void draw_sample_line(const SchedulesScene& scene, ImVec2 at, float width, int color, int dash) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float unit = scene.unit(), ink[] = {1.0f, 1.0f, 0.3f, 1.75f}, gap[] = {0.0f, 0.6f, 0.45f, 0.75f};
  const ImVec2 ends[] = {at, {at.x + width, at.y}};
  dashed_line(list, ends, 2, scene.theme.colors.series[color], 2.0f, ink[dash] * unit, gap[dash] * unit);
}

}  // namespace

float draw_rate_card(const SchedulesScene& scene, const Rect& box) {
  const float unit = scene.unit(), pad = 1.5f * unit, width = box.width() - 2 * pad;
  const std::vector<ScheduleEquation> equations = rate_equations(scene);
  const float numbers = face_of(scene.theme, TextSize::kCaption).size + face_of(scene.theme, TextSize::kHeading).size + unit;
  const float title = face_of(scene.theme, TextSize::kBody).size + 1.5f * unit;
  const float height = 2 * pad + title + numbers + equations_height(scene, equations, width);
  card(scene.theme, {box.min, {box.max.x, box.min.y + height}});
  const Rect inner = Rect{box.min, {box.max.x, box.min.y + height}}.shrunk(pad, pad);
  section_title(scene.theme, inner.min, width, "Update " + grouped_text(scene.lesson.step() + 1));
  const float third = width / 3, y = inner.min.y + title;
  const auto cell = [&](int i) { return Rect{{inner.min.x + third * static_cast<float>(i), y}, {inner.min.x + third * static_cast<float>(i + 1), y + numbers}}; };
  draw_watched(scene, cell(0), "rate η", "lr");
  draw_watched(scene, cell(1), "loss of all points", "all.loss");
  draw_watched(scene, cell(2), "loss of the batch", "loss");
  draw_equations(scene, equations, {{inner.min.x, y + numbers}, inner.max});
  return height;
}

float draw_weight_card(const SchedulesScene& scene, const Rect& box) {
  const float unit = scene.unit(), pad = 1.5f * unit, width = box.width() - 2 * pad;
  const std::vector<ScheduleEquation> equations = weight_equations(scene);
  const float title = face_of(scene.theme, TextSize::kBody).size + 1.5f * unit;
  const float height = 2 * pad + title + equations_height(scene, equations, width);
  card(scene.theme, {box.min, {box.max.x, box.min.y + height}});
  const Rect inner = Rect{box.min, {box.max.x, box.min.y + height}}.shrunk(pad, pad);
  section_title(scene.theme, inner.min, width, "What it does to one weight", shown_weight());
  draw_equations(scene, equations, {{inner.min.x, inner.min.y + title}, inner.max});
  return height;
}

float draw_run_list(const SchedulesScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const float unit = scene.unit(), pad = 1.5f * unit, width = box.width() - 2 * pad, row = std::max(target_size(theme), 4 * unit);
  const std::span<const KeptRun> runs = scene.lesson.runs();
  const float title = face_of(theme, TextSize::kBody).size + 1.5f * unit;
  const float height = 2 * pad + title + row * static_cast<float>(runs.size() + 1) + unit + control_height(theme);
  card(theme, {box.min, {box.max.x, box.min.y + height}});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face face = face_of(theme, TextSize::kBody), figures = face_of(theme, TextSize::kBody, Weight::kNumber);
  float y = box.min.y + pad;
  const float left = box.min.x + pad, right = left + width, sample = 4 * unit, remove = target_size(theme);
  section_title(theme, {left, y}, width, "Runs", "loss at the end");
  y += title;
  const float number = text_width(figures, "0.00000");
  const auto line = [&](std::string_view label, std::string_view name, std::string_view loss, int color, int dash, const char* id) {
    draw_sample_line(scene, {left, y + row / 2}, sample, color, dash);
    const float letter = 2 * unit;
    put_text(list, face_of(theme, TextSize::kBody, Weight::kStrong), {{left + sample + unit, y}, {left + sample + unit + letter, y + row}}, {0, 0.5f},
             theme.colors.series[color], label);
    const Rect words{{left + sample + unit + (label.empty() ? 0.0f : letter), y}, {right - remove - number - unit, y + row}};
    put_text(list, face, words, {0, 0.5f}, theme.colors.text, name);
    put_text(list, figures, {{words.max.x, y}, {right - remove - 0.5f * unit, y + row}}, {1, 0.5f}, theme.colors.text, loss);
    mirror_text(id, {{left, y}, {right - remove, y + row}}, std::string(label) + (label.empty() ? "" : ": ") + std::string(name) + ", " + std::string(loss));
    y += row;
  };
  line("", scene.lesson.run_name(), value_text(scene.lesson.run().values("all.loss")[0], 3), 0, 0, "this run");
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const KeptRun& run = runs[i];
    const float top = y;
    const std::span<const float> losses = run.curves.loss.values();
    const std::string id = "run " + std::string(kLabels[i]);
    line(kLabels[i], run.name, !run.complete ? "…" : value_text(losses.back(), 3), color_of(i), dash_of(i), id.c_str());
    ImGui::SetCursorScreenPos({right - remove, top + (row - target_size(theme)) / 2});
    const std::string label = "Remove run " + std::string(kLabels[i]);
    if (icon_button(theme, label.c_str(), Icon::kClose, "Its curves go; undo brings them back."))
      scene.context.actions.push_back(Action::command(std::string(schedule_command::kRemove), static_cast<double>(i)));
  }
  ImGui::SetCursorScreenPos({left, y + unit});
  const std::string recipe = scene.lesson.recipe();
  const bool fits = runs.size() < SchedulesLesson::kMostRuns && scene.lesson.step() > 0 && std::ranges::count(runs, recipe, &KeptRun::recipe) == 0;
  if (text_button(theme, "Keep this run", ButtonLook::kFilled, 0.0f, fits))
    scene.context.actions.push_back(Action::command(std::string(schedule_command::kKeep), 0.0, {}, recipe));
  return height;
}

void draw_rate_plot(const SchedulesScene& scene, const Rect& box) {
  const SchedulesLesson& lesson = scene.lesson;
  Curves curves(SchedulesLesson::kMostRuns + 3);
  for (std::size_t i = 0; i < lesson.runs().size(); ++i) curves.add(over_steps(lesson.runs()[i].curves.rate), kLabels[i], color_of(i), dash_of(i));
  Curve ahead;
  for (std::size_t i = 0; i < lesson.rates_ahead().size(); ++i) {
    ahead.x.push_back(static_cast<float>(lesson.step() + 1 + static_cast<std::int64_t>(i)));
    ahead.y.push_back(lesson.rates_ahead()[i]);
  }
  curves.add(std::move(ahead), "", 0, 0, PlotSeries::Style::kFaintLine);
  curves.add(over_steps(lesson.curves().rate), "", 0, 0);
  curves.add({{static_cast<float>(lesson.step())}, {lesson.run().values("lr")[0]}}, "this run", 0, 0, PlotSeries::Style::kDots);
  PlotOptions options;
  options.title = "Learning rate";
  options.x_label = "step";
  options.y_label = "rate η";
  options.save = scene.context.save_request;
  options.log_y = lesson.param("log-rate") != 0;
  options.x_low = 0.0;
  options.x_high = last_step(scene);
  if (!options.log_y) options.y_low = 0.0;
  if (lesson.param("across") == 0) options.same_x = kLossPlot;
  ImGui::SetCursorScreenPos(box.min);
  draw_plot(scene.theme, kRatePlot, {box.width(), box.height()}, curves.series, {}, options);
}

void draw_loss_plot(const SchedulesScene& scene, const Rect& box) {
  const SchedulesLesson& lesson = scene.lesson;
  const bool over_rate = lesson.param("across") != 0;
  Curves curves(SchedulesLesson::kMostRuns + 2);
  const auto curve_of = [&](const RunCurves& run) {
    Curve curve = over_steps(run.loss);
    if (!over_rate) return curve;
    const std::span<const float> rates = run.rate.values();
    curve.x.assign(rates.begin(), rates.end());
    return curve;
  };
  for (std::size_t i = 0; i < lesson.runs().size(); ++i) curves.add(curve_of(lesson.runs()[i].curves), kLabels[i], color_of(i), dash_of(i));
  Curve own = curve_of(lesson.curves());
  const Curve dot = own.x.empty() ? Curve{} : Curve{{own.x.back()}, {own.y.back()}};
  curves.add(std::move(own), "", 0, 0);
  curves.add(dot, "this run", 0, 0, PlotSeries::Style::kDots);
  PlotOptions options;
  options.title = "Loss of all 200 points";
  options.x_label = over_rate ? "rate η" : "step";
  options.y_label = "mean cross-entropy";
  options.log_x = over_rate;
  options.save = scene.context.save_request;
  options.log_y = lesson.param("log-loss") != 0;
  if (!over_rate) {
    options.x_low = 0.0;
    options.x_high = last_step(scene);
    options.same_x = kRatePlot;
  }
  ImGui::SetCursorScreenPos(box.min);
  draw_plot(scene.theme, kLossPlot, {box.width(), box.height()}, curves.series, {}, options);
}

void SchedulesLesson::draw(DrawContext& context) const {
  const Theme& theme = context.theme;
  const float unit = theme.unit, gap = 1.5f * unit;
  const SchedulesScene scene{*this, context, theme};
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (size.x < 30 * unit || size.y < 10 * unit || !run_.begun()) return;
  const float right = origin.x + size.x;
  float y = origin.y;
  if (size.x > 84 * unit) {
    const float middle = origin.x + 0.58f * (size.x - gap);
    const Rect column{{middle + gap, y}, {right, y}};
    float below = y;
    for (const auto part : {draw_rate_card, draw_run_list, draw_weight_card}) below += part(scene, {{column.min.x, below}, {right, below}}) + gap;
    const float bottom = std::max(origin.y + size.y, origin.y + 60 * unit), split = y + 0.42f * (bottom - y - gap);
    draw_rate_plot(scene, {{origin.x, y}, {middle, split}});
    draw_loss_plot(scene, {{origin.x, split + gap}, {middle, bottom}});
    y = std::max(bottom, below - gap);
  } else {
    y += draw_rate_card(scene, {{origin.x, y}, {right, y}}) + gap;
    const float edge = right - 1.5f * unit;  // room for half of the last tick's number
    draw_rate_plot(scene, {{origin.x, y}, {edge, y + 30 * unit}});
    y += 30 * unit + gap;
    draw_loss_plot(scene, {{origin.x, y}, {edge, y + 34 * unit}});
    y += 34 * unit + gap;
    y += draw_run_list(scene, {{origin.x, y}, {right, y}}) + gap;
    y += draw_weight_card(scene, {{origin.x, y}, {right, y}});
  }
  ImGui::SetCursorScreenPos({origin.x, y - 1});
  ImGui::Dummy({1, 1});
}

}  // namespace chainrule
