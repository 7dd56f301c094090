// Part "Quiz": one unit with 25 weights. What does it detect?
#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/lessons/inside/inside_view.h"
#include "web/lessons/kernel/sheet_view.h"
#include "web/widgets/controls.h"

namespace chainrule {
namespace {

std::vector<float> paint_all(std::span<const float> values) {
  std::vector<float> stroke;
  for (std::size_t i = 0; i < values.size(); ++i) stroke.insert(stroke.end(), {static_cast<float>(i), values[i]});
  return stroke;
}

/// The questions: one unit after the other. Returns the height used.
float draw_questions(const InsideScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const UnitQuiz& quiz = scene.lesson.quiz();
  const float u = scene.unit(), height = control_height(theme);
  const auto units = quiz_units();
  const int unit = quiz.unit(), count = static_cast<int>(units.size());
  float x = box.min.x, y = box.min.y;
  const auto ask = [&](int next) {
    scene.set("unit", next);
    scene.set("answer", 0);
  };
  const float arrow = text_button_width(theme, "‹");
  ImGui::SetCursorScreenPos({x, y});
  if (text_button(theme, "‹", ButtonLook::kQuiet, arrow, unit > 0, "Previous unit")) ask(unit - 1);
  ImGui::SetCursorScreenPos({x + arrow + 0.5f * u, y});
  if (text_button(theme, "›", ButtonLook::kQuiet, arrow, unit + 1 < count, "Next unit")) ask(unit + 1);
  const std::string title = "Unit " + std::to_string(unit + 1) + " of " + std::to_string(count) + ": what does it detect?";
  const Face heading = face_of(theme, TextSize::kHeading, Weight::kStrong);
  const Rect words{{x + 2.0f * arrow + 2.0f * u, y}, {box.max.x, y + height}};
  put_text(scene.ink(), heading, words, {0, 0.5f}, theme.colors.text, title);
  mirror_text("question", words, title);
  y += height + u;
  const std::optional<int> answer = quiz.answer();
  for (int i = 0; i < count; ++i) {
    const std::string label = (answer == i ? (i == unit ? "✓ " : "✗ ") : "") + std::string(units[static_cast<std::size_t>(i)].answer);
    const float wide = std::min(text_button_width(theme, label), box.width());
    if (x + wide > box.max.x + 0.5f && x > box.min.x) x = box.min.x, y += height + 0.75f * u;
    ImGui::SetCursorScreenPos({x, y});
    if (text_button(theme, (label + "###answer" + std::to_string(i)).c_str(), answer == i ? ButtonLook::kChosen : ButtonLook::kQuiet, wide)) scene.set("answer", i + 1);
    x += wide + u;
  }
  y += height + u;
  if (answer) {
    const bool right = *answer == unit;
    const std::string verdict = right ? "✓ Right. " + std::string(units[static_cast<std::size_t>(unit)].why)
                                      : "✗ Not quite. Paint that picture into the input and look at the sum: which weights does its ink meet?";
    const float high = put_wrapped(&scene.ink(), face_of(theme, TextSize::kBody), {box.min.x, y}, box.width(), right ? theme.colors.good : theme.colors.bad, verdict);
    mirror_text("verdict", {{box.min.x, y}, {box.max.x, y + high}}, verdict);
    y += high + u;
  }
  return y - box.min.y;
}

/// Pictures to put in: each answer's, an empty one, a dark one.
float draw_inputs(const InsideScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const float u = scene.unit(), height = control_height(theme);
  const auto units = quiz_units();
  float x = box.min.x, y = box.min.y;
  const auto put = [&](const std::string& label, const std::vector<float>& pixels) {
    const float wide = std::min(text_button_width(theme, label), box.width());
    if (x + wide > box.max.x + 0.5f && x > box.min.x) x = box.min.x, y += height + 0.75f * u;
    ImGui::SetCursorScreenPos({x, y});
    if (text_button(theme, label.c_str(), ButtonLook::kQuiet, wide)) scene.context.actions.push_back(SheetLesson::paint("x", paint_all(pixels)));
    x += wide + u;
  };
  const Face caption = face_of(theme, TextSize::kCaption);
  put_text(scene.ink(), caption, {{x, y}, {box.max.x, y + caption.size + 2.0f}}, {0, 0}, theme.colors.text_muted, "Put into the input, or paint there:");
  y += caption.size + 0.75f * u;
  for (std::size_t i = 0; i < units.size(); ++i) put("input " + std::string(units[i].name), UnitQuiz::best_input(static_cast<int>(i)));
  put("all dark", std::vector<float>(UnitQuiz::kSide * UnitQuiz::kSide, 1.0f));
  put("empty", std::vector<float>(UnitQuiz::kSide * UnitQuiz::kSide, 0.0f));
  return y + height - box.min.y;
}

}  // namespace

float draw_inside_quiz(const InsideScene& scene, const Rect& box) {
  const UnitQuiz& quiz = scene.lesson.quiz();
  const float u = scene.unit();
  float y = box.min.y + draw_questions(scene, box) + u;
  SheetView view(quiz, scene.context, true);
  constexpr int kSide = UnitQuiz::kSide;
  view.add("x", "Input, pixels 1…25", kSide, kSide).scale = {ColorMap::kInk, 0.0f, 1.0f};
  SheetGrid& weights = view.add("w", quiz.is_asked() ? "Weights 1…25" : "Your weights", kSide, kSide);
  weights.scale = {ColorMap::kDiverging, -2.0f, 2.0f};
  for (int i = 0; i < kSide * kSide; i += i == 0 ? 4 : 5) weights.notes.push_back({{i / kSide, i % kSide}, std::to_string(i + 1)});
  view.add("p", "Products", kSide, kSide).scale = {ColorMap::kDiverging, -2.0f, 2.0f};
  view.add("s", "Sum", 1, 1);
  view.add("b", "Bias", 1, 1);
  view.add("z", "With bias", 1, 1);
  view.add("a", "Output", 1, 1).scale = {ColorMap::kSequential, 0.0f, 1.0f};
  SheetPage page{.head = "Paint with the brush: ink into the input, other weights into the unit. A step shows one product, then the sum, the bias, the activation.",
                 .hint = "Press Step: product by product. Point at a number to see what it is made of.",
                 .brush = static_cast<float>(quiz.param("brush"))};
  page.place = [&](const SheetArea& area) {
    constexpr std::string_view kSigns[] = {"·", "=", "Σ", "+", "=", "→"};
    const float rows = place_in_rows(view, {area.at, area.width, std::min(area.height, 44.0f * u)}, {.signs = kSigns, .may = 0b000101u, .least = 4.5f * u, .most = 7.5f * u});
    const std::string& chosen = quiz.selection().tensor;
    view.draw_typing({area.at.x, area.at.y + rows + 0.5f * u}, area.width, chosen.empty() ? "x" : chosen, "brush");
    const float used = rows + 0.5f * u + control_height(scene.theme) + u;
    return used + draw_inputs(scene, {{area.at.x, area.at.y + used}, {area.at.x + area.width, area.at.y + used}});
  };
  page.light = [&] {
    if (const auto from = view.pointed_input()) {
      const std::string_view outputs[] = {quiz.sheet().program().info(from->tensor).name == "b" ? "z" : "p"};
      view.light_fed(*from, outputs);
    } else if (view.focus()) {
      view.light_focus();
    }
  };
  ImGui::SetCursorScreenPos({box.min.x, y});
  draw_sheet_page(view, {box.width(), box.max.y - y}, page);
  return ImGui::GetCursorScreenPos().y - box.min.y;
}

}  // namespace chainrule
