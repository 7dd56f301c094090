#include "web/lessons/lenet_mnist_view.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/text.h"
#include "web/lessons/approximate_note.h"
#include "web/lessons/lenet_mnist_view_parts.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

struct Fact {
  std::string_view label;
  std::string value;
  std::string_view tensor;  // empty: not clickable
};

/// Labels above, numbers below; those that a tensor holds can be clicked.
void draw_facts(const DigitScene& scene, Rect box) {
  const LenetMnistView& view = scene.view;
  const Theme& theme = scene.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face caption = face_of(theme, TextSize::kCaption), number = face_of(theme, TextSize::kHeading, Weight::kNumber);
  std::vector<Fact> facts{{"step", grouped_text(view.step), {}},
                          {"digits seen", grouped_text(view.images_seen), {}},
                          {"epoch", fixed_text(view.epoch, view.epoch < 10 ? 2 : 1), {}}};
  // What is not known yet keeps its place.
  const bool lost = view.batch_loss.present(), counted = view.confusion != nullptr && view.confusion->accuracy();
  facts.push_back({"mini-batch loss", lost ? value_text(view.batch_loss.data[0], 4) : "–",
                   lost ? std::string_view(view.batch_loss.name) : std::string_view()});
  facts.push_back({"test accuracy", counted ? percent_text(*view.confusion->accuracy(), 1) : "–", {}});
  float x = box.max.x;
  for (std::size_t i = facts.size(); i-- > 0;) {
    const Fact& fact = facts[i];
    const float wide = std::max(text_width(caption, fact.label), text_width(number, fact.value));
    x -= wide;
    if (x < box.min.x) return;
    const Rect cell{{x, box.min.y}, {x + wide, box.max.y}};
    put_text(list, caption, cell.min, theme.colors.text_muted, fact.label);
    put_text(list, number, {cell.min.x, cell.min.y + caption.size}, theme.colors.text, fact.value);
    if (!fact.tensor.empty()) {
      const Press press = press_area(theme, std::string(fact.label).c_str(), cell,
                                     {.name = std::string(fact.label) + " " + fact.value, .help = "Where the number comes from"});
      if (press.pressed) scene.explain(fact.tensor, 0);
      if (press.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      const float line = cell.min.y + caption.size + number.size;
      list.AddLine({x, line}, {x + wide, line}, with_alpha(theme.colors.accent, press.hovered ? 1.0f : 0.45f));
    }
    if (fact.tensor.empty()) mirror_text(std::string(fact.label).c_str(), cell, std::string(fact.label) + " " + fact.value);
    x -= scene.unit() * 3.0f;
  }
  const float room = x - box.min.x;
  if (room < 120.0f) return;
  const Face strong = face_of(theme, TextSize::kHeading, Weight::kStrong);
  put_text(list, strong, {box.min, {box.min.x + room, box.min.y + strong.size}}, {0.0f, 0.0f}, theme.colors.text, view.network_name);
  const std::string learned = grouped_text(view.parameter_count) + " learned numbers · mini-batches of " + std::to_string(view.batch_size);
  const float below = box.min.y + strong.size;
  put_text(list, caption, {{box.min.x, below}, {box.min.x + room, below + caption.size}}, {0.0f, 0.0f}, theme.colors.text_muted, learned);
}

float facts_height(const Theme& theme) {
  return face_of(theme, TextSize::kCaption).size + face_of(theme, TextSize::kHeading).size + 3.0f;
}

/// The sentence on what went wrong, if anything did. Returns the height used.
float draw_banner(const DigitScene& scene, ImVec2 at, float width) {
  const std::string_view text = !scene.view.divergence.empty() ? scene.view.divergence : scene.view.data_error;
  if (text.empty()) return 0.0f;
  const Theme& theme = scene.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face face = face_of(theme, TextSize::kBody);
  const float pad = theme.unit, inner = width - 3.0f * pad;
  const float height = put_wrapped(nullptr, face, at, inner, 0, text) + 2.0f * pad;
  list.AddRectFilled(at, {at.x + width, at.y + height}, with_alpha(theme.colors.bad, 0.12f), pad);
  list.AddRectFilled(at, {at.x + pad * 0.5f, at.y + height}, theme.colors.bad, pad * 0.25f);
  put_wrapped(&list, face, {at.x + 2.0f * pad, at.y + pad}, inner, theme.colors.text, text);
  mirror_text("banner", {at, {at.x + width, at.y + height}}, std::string(text));
  return height + pad;
}

using Panel = LenetMnistViewState::Panel;

/// On a phone all stations, then the unit that was pressed.
float draw_narrow_stages(const DigitScene& scene, Rect box) {
  const float stages = draw_digit_flow(scene, box) + 2.0f * scene.unit();
  return stages + draw_unit_part(scene, {{box.min.x, box.min.y + stages}, box.max});
}

float draw_panel(const DigitScene& scene, Rect box) {
  switch (scene.state.panel) {
    case Panel::kCurves: return draw_curves_panel(scene, box);
    case Panel::kKernels: return draw_kernels_panel(scene, box);
    case Panel::kStage: return scene.narrow ? draw_narrow_stages(scene, box) : draw_stage_panel(scene, box);
    case Panel::kMistakes: return draw_mistakes_panel(scene, box);
    case Panel::kDraw: return draw_drawing_panel(scene, box);
    case Panel::kData: break;
  }
  return draw_data_panel(scene, box);
}

/// On a phone the network is a tab among the others, and large enough to need no close-up.
void draw_tabs(const DigitScene& scene, ImVec2 at, float width) {
  constexpr std::array<std::string_view, 6> kWide{"Learning", "Weights", "Close-up", "Mistakes", "Draw a digit", "Data"};
  constexpr std::array<std::string_view, 6> kNarrow{"Learning", "Weights", "Network", "Mistakes", "Draw", "Data"};
  int choice = static_cast<int>(scene.state.panel);
  ImGui::SetCursorScreenPos(at);
  if (tabs(scene.theme, "Views", scene.narrow ? kNarrow : kWide, choice, width)) scene.state.panel = static_cast<Panel>(choice);
}

/// Everything below each other; the flow and the panel share what height there is.
void draw_canvas(const DigitScene& scene, ImVec2 size) {
  // The page leaves a margin around the canvas; only focus rings need a little more.
  const float u = scene.unit(), margin = 0.5f * u;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float left = origin.x + margin, width = size.x - 2.0f * margin;
  float y = origin.y + 0.5f * u;
  const float top = y;
  draw_facts(scene, {{left, y}, {left + width, y + facts_height(scene.theme)}});
  y += facts_height(scene.theme) + u;
  if (scene.view.approximate) y += approximate_note(scene.theme, {left, y}, width, "approximate-weights", kApproximateWeights) + u;
  y += draw_banner(scene, {left, y}, width);
  const float tabs_height = control_height(scene.theme) + u * 1.5f;
  if (!scene.narrow) {
    const float rest = size.y - (y - top) - 1.5f * u - tabs_height;
    y += draw_digit_flow(scene, {{left, y}, {left + width, y + digit_flow_height(scene, rest * 0.5f)}}) + u;
  }
  draw_tabs(scene, {left, y}, width);
  y += tabs_height;
  const float panel = std::max(origin.y + size.y - y - 0.5f * u, 22.0f * u);
  ImGui::PushID("panel");
  y += draw_panel(scene, {{left, y}, {left + width, y + panel}});
  ImGui::PopID();
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({size.x, y + 0.5f * u - origin.y});
}

void draw_waiting(const DigitScene& scene, ImVec2 size) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const std::string_view text = scene.view.data_status.empty() ? "Loading digits …" : scene.view.data_status;
  put_text(list, face_of(scene.theme, TextSize::kHeading), {at, {at.x + size.x, at.y + size.y * 0.8f}}, {0.5f, 0.5f},
           scene.theme.colors.text_muted, text);
  const float u = scene.unit();
  draw_banner(scene, {at.x + 2.0f * u, at.y + 2.0f * u}, size.x - 4.0f * u);
}

}  // namespace

void DigitScene::explain(std::string_view tensor, std::int64_t index) const {
  if (!tensor.empty()) context.explain_request = ElementRef{std::string(tensor), index, view.step};
}

void DigitScene::command(const char* name, double number, std::vector<float> data) const {
  context.actions.push_back(Action::command(name, number, std::move(data)));
}

std::vector<std::int64_t> DigitScene::lit(std::string_view tensor) const {
  std::vector<std::int64_t> indices;
  if (context.open_explanation == nullptr || tensor.empty()) return indices;
  const Explanation& open = *context.open_explanation;
  if (open.element.tensor == tensor) indices.push_back(open.element.index);
  for (const ElementRef& operand : open.operands)
    if (operand.tensor == tensor) indices.push_back(operand.index);
  return indices;
}

void draw_lenet_mnist(const LenetMnistView& view, DrawContext& context) {
  CHECK(view.state != nullptr, "the view has no state");
  const ImVec2 size = context.size;
  if (size.x < 80.0f || size.y < 40.0f) return;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0.0f, 0.0f});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0.0f, 0.0f});
  if (ImGui::BeginChild("lenet", size, ImGuiChildFlags_None, ImGuiWindowFlags_NoBackground)) {
    // A scroll bar takes its width from the content, so that nothing hides below it.
    const float width = std::min(size.x, ImGui::GetContentRegionAvail().x);
    const DigitScene scene{view, context, context.theme, *view.state, context.narrow || width < 85.0f * context.theme.unit};
    if (view.stages.empty())
      draw_waiting(scene, {width, size.y});
    else
      draw_canvas(scene, {width, size.y});
  }
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
}

}  // namespace chainrule
