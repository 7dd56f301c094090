// The drawing of WrongLesson: the mistakes, both trainings, and the gradient check.
#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/app/draw_context.h"
#include "web/lessons/net/wrong_lesson.h"
#include "web/lessons/tape/net_mistakes.h"
#include "web/lessons/tape/tape_equation.h"
#include "web/widgets/controls.h"
#include "web/widgets/equation.h"
#include "web/widgets/plot.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

struct WrongScene {
  const WrongLesson& lesson;
  DrawContext& context;
  const Theme& theme;

  float unit() const { return theme.unit; }
  const NetModel& model() const { return lesson.model(WrongLesson::kChecked); }
};

// ------------------------------------------------------------------------------------------------------------ mistakes

/// Each mistake with its switch; of those that are made, the rule as it should be and as it is.
class MistakeCard {
 public:
  MistakeCard(const WrongScene& scene, const Rect& box) : scene_(scene), box_(box), pad_(2 * scene.unit()), width_(box.width() - 2 * pad_) {}

  float draw() {
    const Theme& theme = scene_.theme;
    const float title = face_of(theme, TextSize::kBody).size + scene_.unit();
    float height = 2 * pad_ + title;
    for (int m = 0; m < kNetMistakes; ++m) height += height_of(static_cast<NetMistake>(m));
    card(theme, {box_.min, {box_.max.x, box_.min.y + height}});
    section_title(theme, {box_.min.x + pad_, box_.min.y + pad_}, width_, "Mistakes to make");
    float y = box_.min.y + pad_ + title;
    for (int m = 0; m < kNetMistakes; ++m) {
      draw_one(static_cast<NetMistake>(m), y);
      y += height_of(static_cast<NetMistake>(m));
    }
    return height;
  }

 private:
  bool made(NetMistake mistake) const { return scene_.model().spec().has(mistake); }
  float switch_height() const { return control_height(scene_.theme); }
  Face words() const { return face_of(scene_.theme, TextSize::kCaption); }

  float rules(NetMistake mistake, ImDrawList* list, ImVec2 at) const {
    const Theme& theme = scene_.theme;
    const NetMistakeText& text = mistake_text(mistake);
    const float mark = 3.5f * scene_.unit(), width = width_ - mark;
    float y = at.y;
    const auto line = [&](const char* sign, ImU32 color, std::string_view rule) {
      if (list != nullptr) put_text(*list, face_of(theme, TextSize::kBody, Weight::kStrong), {at.x + 0.5f * scene_.unit(), y}, color, sign);
      y += draw_formula(theme, list, {at.x + mark, y}, width, theme.colors.text, rule) + 0.25f * scene_.unit();
    };
    line("✓", theme.colors.good, text.right);
    line("✗", theme.colors.bad, text.wrong);
    y += put_wrapped(list, words(), {at.x + mark, y}, width, theme.colors.text_muted, text.why);
    return y - at.y + 0.75f * scene_.unit();
  }

  float height_of(NetMistake mistake) const { return switch_height() + (made(mistake) ? rules(mistake, nullptr, {}) : 0.0f); }

  void draw_one(NetMistake mistake, float y) const {
    const Theme& theme = scene_.theme;
    const NetMistakeText& text = mistake_text(mistake);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    bool on = made(mistake);
    ImGui::SetCursorScreenPos({box_.min.x + pad_, y});
    if (toggle(theme, std::string(text.name).c_str(), on, text.why)) scene_.context.actions.push_back(Action::set(std::string(text.param), on ? 1.0 : 0.0));
    put_text(list, face_of(theme, TextSize::kBody, made(mistake) ? Weight::kStrong : Weight::kText),
             {{box_.min.x + pad_ + 6.5f * scene_.unit(), y}, {box_.max.x - pad_, y + switch_height()}}, {0, 0.5f}, theme.colors.text, text.name);
    if (!made(mistake)) return;
    rules(mistake, &list, {box_.min.x + pad_, y + switch_height()});
    mirror_text(("rules " + std::string(text.param)).c_str(), {{box_.min.x + pad_, y}, {box_.max.x - pad_, y + height_of(mistake)}},
                "✓ " + std::string(text.right) + "\n✗ " + std::string(text.wrong));
  }

  const WrongScene& scene_;
  Rect box_;
  float pad_, width_;
};

// ----------------------------------------------------------------------------------------------------------- trainings

struct Curve {
  std::vector<float> x;
  std::span<const float> y;
};

Curve curve_of(const StepTrace& trace) {
  Curve curve{{}, trace.values()};
  for (std::size_t i = 0; i < curve.y.size(); ++i) curve.x.push_back(static_cast<float>(static_cast<std::int64_t>(i) * trace.stride()));
  return curve;
}

/// "E = 0.1372", to be clicked.
void draw_error(const WrongScene& scene, const Rect& box, std::size_t network, const char* label) {
  const Theme& theme = scene.theme;
  const NetModel& model = scene.lesson.model(network);
  const TensorId error = model.program().loss;
  const std::string text = value_text(model.buffers()[error][0], 4);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Press press = press_area(theme, label, box, {.name = std::string(label) + ": E = " + text});
  const Face words = face_of(theme, TextSize::kCaption), figures = face_of(theme, TextSize::kHeading, Weight::kNumber);
  put_text(list, words, {box.min, {box.max.x, box.min.y + words.size}}, {0, 0}, theme.colors.text_muted, label);
  put_text(list, figures, {{box.min.x, box.min.y + words.size}, box.max}, {0, 0.5f},
           press.hovered ? theme.colors.accent : theme.colors.series[network == WrongLesson::kChecked ? 1 : 0], "E = " + text);
  if (press.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  if (press.pressed) scene.context.explain_request = scene.lesson.reference(network, error, 0);
}

void draw_trainings(const WrongScene& scene, const Rect& box) {
  const float pad = 1.5f * scene.unit(), head = 5.5f * scene.unit();
  card(scene.theme, box);
  const Rect inner = box.shrunk(pad, pad);
  const float half = inner.width() / 2;
  draw_error(scene, {inner.min, {inner.min.x + half, inner.min.y + head}}, WrongLesson::kChecked, "with the mistakes");
  draw_error(scene, {{inner.min.x + half, inner.min.y}, {inner.max.x, inner.min.y + head}}, WrongLesson::kRight, "with the right gradients");
  const Curve wrong = curve_of(scene.lesson.losses(WrongLesson::kChecked)), right = curve_of(scene.lesson.losses(WrongLesson::kRight));
  const PlotSeries series[] = {{.label = "right", .x = right.x, .y = right.y, .color = 0, .dash = 0},
                               {.label = "with mistakes", .x = wrong.x, .y = wrong.y, .color = 1, .dash = 1}};
  PlotOptions options;
  options.title = "Both trainings from the same weights";
  options.x_label = "updates";
  options.y_label = "error E";
  options.y_low = 0.0;
  options.save = scene.context.save_request;
  ImGui::SetCursorScreenPos({inner.min.x, inner.min.y + head + 0.5f * scene.unit()});
  draw_plot(scene.theme, "errors", {inner.width(), inner.max.y - inner.min.y - head - 0.5f * scene.unit()}, series, {}, options);
}

// ----------------------------------------------------------------------------------------------------- gradient check

/// "w1,2[3]": the weight of layer 3 to its first unit from the second one below; "b1[3]": that unit's bias.
std::string weight_name(const NetModel& model, const CheckedGradient& check) {
  const TapeSymbol::Letter letter = tape_symbol(model, check.weight, check.index, false).letter;
  const std::string place = letter.base == "b" ? std::to_string(check.index + 1) : letter.sub;
  return letter.base + place + "[" + std::to_string(check.layer + 1) + "]";
}

/// What the check has found, in a sentence.
std::string verdict_of(const WrongScene& scene, std::span<const CheckedGradient> checks) {
  const auto wrong = std::ranges::find_if(checks, [](const CheckedGradient& check) { return !check.right; });
  const std::string count = std::to_string(checks.size());
  if (wrong == checks.end()) return "✓ All " + count + " gradients agree with the measured slopes.";
  const std::string name = weight_name(scene.model(), *wrong);
  const auto off = std::ranges::count_if(checks, [](const CheckedGradient& check) { return !check.right; });
  const std::string found = "✗ " + std::to_string(off) + " of " + count + " gradients are wrong. ";
  if (wrong->layer + 1 == scene.model().spec().layers())
    return found + "Coming from the output, the first is that of " + name + ": look for the mistake in the last layer.";
  return found + "Coming from the output, the first is that of " + name + ": layer " + std::to_string(wrong->layer + 2) + " is right, so look between it and layer " +
         std::to_string(wrong->layer + 1) + ".";
}

class CheckTable {
 public:
  CheckTable(const WrongScene& scene, const Rect& box) : scene_(scene), box_(box), checks_(check_gradients(scene.model())) {
    pad_ = 2 * scene.unit();
    const Face caption = face_of(scene.theme, TextSize::kCaption);
    row_ = std::max(caption.size + 0.6f * scene.unit(), scene.theme.touch ? 4.0f * scene.unit() : 0.0f);
  }

  float draw() {
    const Theme& theme = scene_.theme;
    const float width = box_.width() - 2 * pad_;
    const Face strong = face_of(theme, TextSize::kBody, Weight::kStrong), caption = face_of(theme, TextSize::kCaption);
    const std::string verdict = verdict_of(scene_, checks_);
    constexpr std::string_view kHow = "measured = (E(w + h) − E(w − h)) / 2h in double, h = 0.00001";
    const float title = strong.size + scene_.unit();
    const float told = put_wrapped(nullptr, strong, {}, width, 0, verdict), how = put_wrapped(nullptr, caption, {}, width, 0, kHow);
    // How the slope of one weight is measured: of the one that was pressed last.
    ImGuiStorage* storage = ImGui::GetStateStorage();
    const ImGuiID kept = ImGui::GetID("measured");
    const CheckedGradient& chosen = checks_[static_cast<std::size_t>(std::clamp(storage->GetInt(kept), 0, static_cast<int>(checks_.size()) - 1))];
    const std::vector<MathsItem> measured = measured_equation(theme, scene_.model(), chosen.weight, chosen.index, false);
    const float tall = maths_height(theme, measured, width, TextSize::kBody) + scene_.unit();
    const float height = 2 * pad_ + title + told + how + tall + 2 * scene_.unit() + row_ * static_cast<float>(checks_.size() + 1);
    card(theme, {box_.min, {box_.max.x, box_.min.y + height}});
    ImDrawList& list = *ImGui::GetWindowDrawList();
    float y = box_.min.y + pad_;
    section_title(theme, {box_.min.x + pad_, y}, width, "Gradient check");
    y += title;
    const bool right = std::ranges::all_of(checks_, &CheckedGradient::right);
    put_wrapped(&list, strong, {box_.min.x + pad_, y}, width, right ? theme.colors.good : theme.colors.bad, verdict);
    mirror_text("verdict", {{box_.min.x + pad_, y}, {box_.max.x - pad_, y + told}}, verdict);
    y += told + 0.5f * scene_.unit();
    put_wrapped(&list, caption, {box_.min.x + pad_, y}, width, theme.colors.text_muted, kHow);
    y += how + scene_.unit();
    put_maths(theme, list, measured, {box_.min.x + pad_, y}, width, TextSize::kBody);
    mirror_text("how measured", {{box_.min.x + pad_, y}, {box_.max.x - pad_, y + tall}}, maths_line(measured));
    y += tall;
    const std::string_view head[] = {"weight", "computed", "measured", "relative", ""};
    for (int column = 0; column < kColumns; ++column) put_cell(column, y, head[column], theme.colors.text_muted, false);
    list.AddLine({box_.min.x + pad_, y + row_}, {box_.max.x - pad_, y + row_}, theme.colors.outline);
    y += row_;
    for (std::size_t i = 0; i < checks_.size(); ++i, y += row_)
      if (draw_row(i, y)) storage->SetInt(kept, static_cast<int>(i));
    return height;
  }

 private:
  static constexpr int kColumns = 5;
  static constexpr float kEnds[kColumns + 1] = {0.0f, 0.19f, 0.47f, 0.73f, 0.92f, 1.0f};

  Rect cell(int column, float y) const {
    const float width = box_.width() - 2 * pad_, left = box_.min.x + pad_;
    return {{left + kEnds[column] * width, y}, {left + kEnds[column + 1] * width, y + row_}};
  }
  void put_cell(int column, float y, std::string_view text, ImU32 color, bool figures) const {
    const Face face = face_of(scene_.theme, TextSize::kCaption, figures ? Weight::kNumber : Weight::kText);
    put_text(*ImGui::GetWindowDrawList(), face, cell(column, y).shrunk(0.4f * scene_.unit(), 0), {column == 0 ? 0.0f : 1.0f, 0.5f}, color, text);
  }

  /// True when it was pressed.
  bool draw_row(std::size_t number, float y) const {
    const Theme& theme = scene_.theme;
    const CheckedGradient& check = checks_[number];
    const int digits = box_.width() > 60 * scene_.unit() ? 6 : 4;
    const std::string name = weight_name(scene_.model(), check);
    const std::string computed = with_minus_signs(significant_text(check.computed, digits)), measured = with_minus_signs(significant_text(check.measured, digits));
    const std::string off = check.relative < 1e-6 ? "< 1e−6" : with_minus_signs(significant_text(check.relative, 2));
    const Rect line{{box_.min.x + pad_, y}, {box_.max.x - pad_, y + row_}};
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const std::string read = name + ": " + computed + ", measured " + measured + (check.right ? ", right" : ", wrong");
    const Press press = press_area(theme, ("check " + std::to_string(number)).c_str(), line, {.name = read, .help = "Where the gradient comes from, and how its slope is measured"});
    if (!check.right) list.AddRectFilled(line.min, line.max, with_alpha(theme.colors.bad, 0.10f));
    if (press.hovered) list.AddRectFilled(line.min, line.max, theme.colors.hover);
    if (press.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    put_cell(0, y, name, theme.colors.series[2], false);
    put_cell(1, y, computed, press.hovered ? theme.colors.accent : theme.colors.series[1], true);
    put_cell(2, y, measured, theme.colors.text, true);
    put_cell(3, y, off, check.right ? theme.colors.text_muted : theme.colors.bad, true);
    put_cell(4, y, check.right ? "✓" : "✗", check.right ? theme.colors.good : theme.colors.bad, false);
    if (press.pressed) scene_.context.explain_request = scene_.lesson.reference(WrongLesson::kChecked, check.gradient, check.index);
    return press.pressed;
  }

  const WrongScene& scene_;
  Rect box_;
  std::vector<CheckedGradient> checks_;
  float pad_ = 0.0f, row_ = 0.0f;
};

}  // namespace

void WrongLesson::draw(DrawContext& context) const {
  const Theme& theme = context.theme;
  const float unit = theme.unit, gap = 1.5f * unit;
  const WrongScene scene{*this, context, theme};
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (size.x < 30 * unit || size.y < 10 * unit) return;
  const float right = origin.x + size.x;
  float y = origin.y;
  if (size.x > 84 * unit) {
    const float middle = origin.x + 0.46f * (size.x - gap);
    const float table = CheckTable(scene, {{middle + gap, y}, {right, y}}).draw();
    const float curves = std::clamp(0.42f * size.y, 36 * unit, 60 * unit);
    draw_trainings(scene, {{origin.x, y}, {middle, y + curves}});
    y += curves + gap;
    y += MistakeCard(scene, {{origin.x, y}, {middle, y}}).draw();
    y = std::max(y, origin.y + table);
  } else {
    y += MistakeCard(scene, {{origin.x, y}, {right, y}}).draw() + gap;
    draw_trainings(scene, {{origin.x, y}, {right, y + 36 * unit}});
    y += 36 * unit + gap;
    y += CheckTable(scene, {{origin.x, y}, {right, y}}).draw();
  }
  ImGui::SetCursorScreenPos({origin.x, y - 1});
  ImGui::Dummy({1, 1});
}

}  // namespace chainrule
