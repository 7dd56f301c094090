#include "web/lessons/tape/tape_view.h"

#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/widgets/controls.h"

namespace chainrule {
namespace {

std::string_view phase_words(Phase phase) {
  switch (phase) {
    case Phase::kForward: return "forward";
    case Phase::kLoss: return "error";
    case Phase::kBackward: return "backward";
    case Phase::kUpdate: return "update";
  }
  return "";
}

std::vector<ElementRef> lit_of(const TapeLesson& lesson, const DrawContext& context) {
  if (context.open_explanation != nullptr && context.open_explanation->element.step == lesson.step()) {
    std::vector<ElementRef> lit = context.open_explanation->operands;
    lit.push_back(context.open_explanation->element);
    return lit;
  }
  if (lesson.written() == 0) return {};
  const TapeEntry& entry = lesson.model().tape()[static_cast<std::size_t>(lesson.written() - 1)];
  const Result<Explanation> explained = lesson.explain({lesson.model().program().info(entry.tensor).name, entry.index, lesson.step()});
  return explained.ok() ? explained.value().operands : std::vector<ElementRef>();
}

// The sample that the present number belongs to; numbers of weights belong to all.
int sample_of(const TapeLesson& lesson) {
  const NetModel& model = lesson.model();
  if (lesson.written() == 0 || model.spec().samples == 1) return 0;
  const TapeEntry& entry = model.tape()[static_cast<std::size_t>(lesson.written() - 1)];
  const TensorInfo& info = model.program().info(entry.tensor);
  const bool of_weights = info.before != kNoTensor || info.name.find(".w") != std::string::npos || info.name.find(".b") != std::string::npos;
  if (of_weights || info.shape.size() % model.spec().samples != 0 || info.shape.size() == 1) return 0;
  return static_cast<int>(entry.index / (info.shape.size() / model.spec().samples));
}

// Title, how far the tape is, the error.
float draw_head(const TapeScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face strong = face_of(theme, TextSize::kHeading, Weight::kStrong);
  const Face small = face_of(theme, TextSize::kCaption);
  const NetSpec& spec = scene.model().spec();
  std::string title = std::to_string(spec.inputs);
  for (const int units : spec.units) title += "–" + std::to_string(units);
  const TapeEntry* present = scene.present();
  const std::string where = "Update " + grouped_text(scene.lesson.update() + 1) + ", number " + grouped_text(scene.lesson.written()) + " of " +
                            grouped_text(scene.lesson.length()) + (present != nullptr ? ": " + std::string(phase_words(present->phase)) : "") +
                            (spec.samples > 1 ? ". Sample " + std::to_string(scene.sample + 1) + " of " + std::to_string(spec.samples) : "");
  put_text(list, strong, {box.min, {box.max.x, box.min.y + strong.size}}, {0, 0}, theme.colors.text, "Network " + title);
  put_text(list, small, {{box.min.x, box.min.y + strong.size}, {box.max.x, box.min.y + strong.size + small.size}}, {0, 0}, theme.colors.text_muted, where);
  mirror_text("where", box, where);
  return strong.size + small.size + scene.unit();
}

}  // namespace

const TapeEntry* TapeScene::present() const {
  return lesson.written() == 0 ? nullptr : &model().tape()[static_cast<std::size_t>(lesson.written() - 1)];
}

bool TapeScene::is_present(TensorId tensor, std::int64_t index) const {
  const TapeEntry* entry = present();
  return entry != nullptr && entry->tensor == tensor && entry->index == index;
}

bool TapeScene::is_lit(TensorId tensor, std::int64_t index) const {
  const std::string& name = model().program().info(tensor).name;
  return std::ranges::any_of(lit, [&](const ElementRef& ref) { return ref.index == index && ref.tensor == name; });
}

std::string TapeScene::symbol(TensorId tensor, std::int64_t index) const {
  return tape_symbol(model(), tensor, index, lesson.setup().fixed).text();
}

void TapeScene::explain(TensorId tensor, std::int64_t index) const { context.explain_request = lesson.reference(tensor, index); }

float draw_tape_card(const TapeScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const float pad = 2 * scene.unit();
  const TapeEntry* present = scene.present();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face body = face_of(theme, TextSize::kBody);
  const float width = box.width() - 2 * pad;
  if (present == nullptr) {
    const std::string_view text = "Press Step: the numbers are written down one by one, forward, then back, then the update. Space plays.";
    const float height = put_wrapped(nullptr, body, {}, width, 0, text) + 2 * pad;
    card(theme, {box.min, {box.max.x, box.min.y + height}});
    put_wrapped(&list, body, {box.min.x + pad, box.min.y + pad}, width, theme.colors.text_muted, text);
    return height;
  }
  const TapeEquation equation = tape_equation(theme, scene.lesson, *present, scene.digits);
  const TextSize size = box.width() > 60 * scene.unit() ? TextSize::kHeading : TextSize::kBody;
  const float tall = maths_height(theme, equation.items, width, size);
  const float height = tall + body.size + 2 * pad + 0.75f * scene.unit();
  card(theme, {box.min, {box.max.x, box.min.y + height}});
  const std::string kind = tape_kind(scene.model(), present->tensor);
  put_text(list, face_of(theme, TextSize::kBody, Weight::kStrong), {box.min.x + pad, box.min.y + pad * 0.75f}, theme.colors.text_muted, kind);
  ImGui::SetCursorScreenPos({box.min.x + pad, box.min.y + pad + body.size + 0.5f * scene.unit()});
  const MathsHit hit = draw_maths(theme, "equation", equation.items, width, size);
  if (hit.clicked) scene.context.explain_request = equation.operands[static_cast<std::size_t>(*hit.clicked)];
  return height;
}

void draw_tape_list(const TapeScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  ImDrawList& outer = *ImGui::GetWindowDrawList();
  card(theme, box);
  const float pad = 1.5f * scene.unit();
  const float head = section_title(theme, {box.min.x + pad, box.min.y + pad}, box.width() - 2 * pad, "The tape") + 0.5f * scene.unit();
  static_cast<void>(outer);
  ImGui::SetCursorScreenPos({box.min.x + pad, box.min.y + pad + head});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  if (ImGui::BeginChild("tape", {box.width() - 1.5f * pad, box.height() - head - 2 * pad})) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Face figures = face_of(theme, TextSize::kCaption, Weight::kNumber), words = face_of(theme, TextSize::kCaption);
    const float row = std::max(figures.size + scene.unit(), theme.touch ? 5.5f * scene.unit() : 0.0f);
    const std::int64_t start = scene.lesson.update() * scene.lesson.length();
    const std::span<const TapeEntry> tape = scene.model().tape();
    const float width = ImGui::GetContentRegionAvail().x;
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(tape.size()), row);
    while (clipper.Step()) {
      for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
        const TapeEntry& entry = tape[static_cast<std::size_t>(i)];
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const Rect line{at, {at.x + width, at.y + row}};
        const bool written = i < scene.lesson.written(), present = i + 1 == scene.lesson.written();
        const std::string symbol = scene.symbol(entry.tensor, entry.index);
        const std::string value = written || scene.all
                                      ? tape_number(scene.model().buffers()[entry.tensor][static_cast<std::size_t>(entry.index)], scene.digits) : "";
        const Press press = press_area(theme, std::to_string(i).c_str(), line, {.name = "Go to " + symbol + (value.empty() ? "" : " " + value)});
        if (present) list.AddRectFilled(line.min, line.max, theme.colors.pressed, 0.5f * theme.unit);
        else if (press.hovered) list.AddRectFilled(line.min, line.max, theme.colors.hover, 0.5f * theme.unit);
        const Rect inner = line.shrunk(0.75f * scene.unit(), 0);
        put_text(list, words, inner, {0, 0.5f}, written ? theme.colors.text : theme.colors.text_muted, symbol);
        put_text(list, figures, inner, {1, 0.5f}, written ? tape_color(theme, scene.model(), entry.tensor) : theme.colors.text_muted, value);
        if (press.pressed) scene.context.seek_request = start + i + 1;
        ImGui::SetCursorScreenPos({at.x, at.y + row});
      }
    }
    // The present line stays in sight.
    if (scene.context.playing || ImGui::IsWindowAppearing() || ImGui::GetStateStorage()->GetInt(ImGui::GetID("shown")) != static_cast<int>(scene.lesson.step())) {
      const float y = row * static_cast<float>(std::max<std::int64_t>(scene.lesson.written() - 1, 0));
      const float visible = ImGui::GetWindowHeight();
      if (y < ImGui::GetScrollY() || y + row > ImGui::GetScrollY() + visible) ImGui::SetScrollY(std::max(y - visible / 2, 0.0f));
      ImGui::GetStateStorage()->SetInt(ImGui::GetID("shown"), static_cast<int>(scene.lesson.step()));
    }
    ImGui::Dummy({1, 1});
  }
  ImGui::EndChild();
  ImGui::PopStyleVar();
}

void TapeLesson::draw(DrawContext& context) const {
  const Theme& theme = context.theme;
  const float unit = theme.unit;
  TapeScene scene{*this, context, theme, static_cast<TapeDigits>(static_cast<int>(param("digits"))), param("show") != 0, sample_of(*this),
                  lit_of(*this, context)};
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (size.x < 30 * unit || size.y < 10 * unit) return;
  const bool wide = size.x > 105 * unit;
  const float gap = 1.5f * unit, list_width = 30 * unit;
  const float width = wide ? size.x - list_width - gap : size.x;
  const float bottom = origin.y + size.y;
  float y = origin.y;
  const auto below = [&](float height) { y += height + gap; };
  const auto rest = [&] { return Rect{{origin.x, y}, {origin.x + width, bottom}}; };
  y += draw_head(scene, rest());
  below(draw_tape_card(scene, rest()));
  if (param("view") != 0) {
    below(draw_tape_algorithm(scene, rest()));
    below(draw_tape_matrices(scene, rest()));
  } else {
    const bool slide = setup_.slide && param("slide") != 0;
    const int most = std::max(*std::ranges::max_element(model_->spec().units), model_->spec().inputs);
    const float least = std::min(static_cast<float>(most) * 19.0f, 96.0f) * unit;
    // What comes below begins within sight.
    const float height = std::max(bottom - y - (slide || param("check") != 0 || !wide ? 12 * unit : 0.0f), least);
    draw_tape_network(scene, {{origin.x, y}, {origin.x + width, y + height}});
    below(height);
  }
  if (setup_.slide && param("slide") != 0) below(draw_slide_errors(scene, rest()));
  if (param("check") != 0) below(draw_gradient_check(scene, rest()));
  const float list = wide ? size.y : 45 * unit;
  const ImVec2 at = wide ? ImVec2{origin.x + width + gap, origin.y + ImGui::GetScrollY()} : ImVec2{origin.x, y};
  draw_tape_list(scene, {at, {at.x + (wide ? list_width : width), at.y + list}});
  if (!wide) below(list);
  ImGui::SetCursorScreenPos({origin.x, y - gap - 1});
  ImGui::Dummy({1, 1});
}

}  // namespace chainrule
