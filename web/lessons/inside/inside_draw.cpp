#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/trace/derivation.h"
#include "web/lesson_kit/run_file.h"
#include "web/lessons/digit_stages.h"
#include "web/lessons/inside/inside_view.h"
#include "web/widgets/controls.h"

namespace chainrule {

InsideDigit::InsideDigit(const InsideScene& scene, const UnitProbe& probe, const std::string& prefix)
    : scene_{view_, scene.context, scene.theme, scene.lesson.view_state(), scene.narrow} {
  const InsideLenet& lesson = scene.lesson;
  stages_ = stages_of({probe.program(), probe.buffers(), probe.x(), probe.logits(), probe.probabilities(), prefix, prefix}, texts_);
  view_.state = &lesson.view_state();
  view_.step = lesson.step();
  view_.stages = stages_;
  view_.digit_version = lesson.version();
  view_.source = lesson.param("show") == 1 ? DigitSource::kDrawn : DigitSource::kTest;
  view_.digit_index = lesson.shown().index;
  view_.digit_label = lesson.shown().label;
  view_.test_count = lesson.test_digits().count;
  view_.batch_size = 0;
  view_.sight = [&probe, prefix, model = prefix == "digit/" || prefix == "cnn/" ? DigitModel::kLenet : lesson.weights_model()](std::string_view tensor, std::int64_t index) {
    return sight_in(model, probe.program(), tensor.substr(prefix.size()), index);
  };
  view_.drawing = lesson.canvas().coverage();
  view_.drawing_side = StrokeCanvas::kSide;
  view_.drawing_version = lesson.canvas_version();
  view_.drawing_empty = lesson.canvas().empty();
}

float draw_inside_picture(const InsideScene& scene, ImVec2 at, float side, const InsidePicture& picture) {
  constexpr int kSide = 28;
  const Theme& theme = scene.theme;
  const Face caption = face_of(theme, TextSize::kCaption);
  const float scale = std::max(std::floor(side / kSide), 1.0f);
  put_text(scene.ink(), caption, {at, {at.x + side, at.y + caption.size + 2.0f}}, {0, 0}, theme.colors.text_muted, picture.caption);
  at.y += caption.size + 0.5f * theme.unit;
  MosaicData data;
  const std::string key = "inside/" + picture.tensor + picture.caption;
  data.key = key;
  data.values = picture.values;
  Hasher hasher;
  hasher.add(data.values);
  data.version = hasher.value();
  data.count = 1, data.height = kSide, data.width = kSide;
  data.scale = picture.signed_values ? diverging_scale(data.values) : ColorScale{ColorMap::kInk, 0.0f, 1.0f};
  data.name = picture.tensor;
  data.shape = picture.shape;
  data.first = picture.first;
  data.one = "picture";
  ImGui::SetCursorScreenPos(at);
  const MosaicHit hit = draw_mosaic(theme, scene.context.textures, key.c_str(), data, {1, 1, scale}, 0.0f);
  if (hit.clicked && picture.explains) scene.explain(picture.tensor, *hit.clicked);
  float used = caption.size + 0.5f * theme.unit + kSide * scale;
  if (picture.legend)
    used += 0.5f * theme.unit + draw_color_legend(theme, {at.x, at.y + kSide * scale + 0.5f * theme.unit}, kSide * scale, data.scale, "");
  return used;
}

float draw_inside_pad(const InsideScene& scene, const InsideDigit& digit, ImVec2 at, float side) {
  if (digit.view().source != DigitSource::kDrawn) return 0.0f;
  const Face caption = face_of(scene.theme, TextSize::kCaption);
  put_text(scene.ink(), caption, at, scene.theme.colors.text_muted, "Your digit");
  draw_digit_pad(digit.scene(), {at.x, at.y + caption.size + 0.5f * scene.unit()}, side);
  const float below = at.y + caption.size + side + scene.unit();
  ImGui::SetCursorScreenPos({at.x, below});
  if (text_button(scene.theme, "Clear", ButtonLook::kQuiet, 0.0f, !digit.view().drawing_empty)) digit.scene().command(digit_command::kClear);
  return below + control_height(scene.theme) - at.y;
}

InsideLines& InsideLines::number(const std::string& tensor, std::int64_t index, std::optional<float> shown) {
  const float value = shown ? *shown : probe_.buffers()[probe_.program().find(tensor)][static_cast<std::size_t>(index)];
  lines_.back().push_back(maths_number(number_text(value, 4), static_cast<std::int32_t>(targets_.size()), tensor));
  targets_.push_back({prefix_ + tensor, index, scene_.lesson.step()});
  return *this;
}

float InsideLines::draw(const Rect& box) const {
  const float pad = 1.5f * scene_.unit(), width = box.width() - 2 * pad;
  float high = 2 * pad;
  for (const auto& items : lines_) high += maths_height(scene_.theme, items, width, TextSize::kHeading);
  card(scene_.theme, {box.min, {box.max.x, box.min.y + high}});
  float y = box.min.y + pad;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    ImGui::SetCursorScreenPos({box.min.x + pad, y});
    const MathsHit hit = draw_maths(scene_.theme, ("line" + std::to_string(i)).c_str(), lines_[i], width, TextSize::kHeading);
    if (hit.clicked && *hit.clicked >= 0) scene_.context.explain_request = targets_[static_cast<std::size_t>(*hit.clicked)];
    y += maths_height(scene_.theme, lines_[i], width, TextSize::kHeading);
  }
  return high;
}

float draw_inside_number(const InsideScene& scene, ImVec2 at, const char* label, const char* param, int most) {
  const Theme& theme = scene.theme;
  const Face body = face_of(theme, TextSize::kBody);
  const float words = text_width(body, label) + scene.unit(), field = 8.0f * scene.unit(), height = control_height(theme);
  put_text(scene.ink(), body, {at, {at.x + words + 1.0f, at.y + height}}, {0, 0.5f}, theme.colors.text_muted, label);
  ImGui::SetCursorScreenPos({at.x + words, at.y});
  const int now = std::min(static_cast<int>(scene.lesson.param(param)), most);
  if (const auto typed = number_field(theme, label, std::to_string(now), field, {0.0, static_cast<double>(most), true})) {
    const Result<long long> value = parse_integer(*typed);
    if (value.ok() && value.value() >= 0 && value.value() <= most)
      scene.set(param, static_cast<double>(value.value()));
    else
      refuse("\"" + *typed + "\" is not a whole number from 0 to " + std::to_string(most) + ".");
  }
  return words + field;
}

float draw_inside_choice(const InsideScene& scene, ImVec2 at, float width, const char* name, const char* param, std::span<const std::string_view> words) {
  int chosen = static_cast<int>(scene.lesson.param(param));
  ImGui::SetCursorScreenPos(at);
  if (segments(scene.theme, name, words, chosen, width)) scene.set(param, chosen);
  return std::min(segments_width(scene.theme, words), width);
}

namespace {

float draw_part(const InsideScene& scene, const Rect& box) {
  switch (scene.lesson.part()) {
    case InsidePart::kMaps: return draw_inside_maps(scene, box);
    case InsidePart::kDetects: return draw_inside_detects(scene, box);
    case InsidePart::kWeights: return draw_inside_weights(scene, box);
    case InsidePart::kQuiz: return draw_inside_quiz(scene, box);
    case InsidePart::kShift: break;
  }
  return draw_inside_shift(scene, box);
}

/// Whose weights they are, at the right end of a line; a file of one's own. Returns the height used.
float draw_weights_line(const InsideScene& scene, ImVec2 at, float width) {
  if (scene.lesson.part() == InsidePart::kQuiz) return 0.0f;
  constexpr std::array<std::string_view, 3> kNames{"Trained", "Untrained", "Yours"};
  const float u = scene.unit(), open = text_button_width(scene.theme, "Open a network …");
  int chosen = static_cast<int>(scene.lesson.param("weights"));
  ImGui::SetCursorScreenPos(at);
  const float wide = std::min(segments_width(scene.theme, kNames), width - open - u);
  if (segments(scene.theme, "Weights", kNames, chosen, wide)) scene.set("weights", chosen);
  ImGui::SetCursorScreenPos({at.x + wide + u, at.y});
  if (text_button(scene.theme, "Open a network …")) scene.context.file_request = kNetworkFile;
  const float left = at.x + wide + open + 3.0f * u, room = at.x + width - left;
  if (scene.lesson.part() == InsidePart::kWeights) {
    constexpr std::array<std::string_view, 2> kNetworks{"MLP", "No hidden layer"};
    const bool beside = room >= segments_width(scene.theme, kNetworks);
    const ImVec2 place = beside ? ImVec2{left, at.y} : ImVec2{at.x, at.y + control_height(scene.theme) + u};
    draw_inside_choice(scene, place, width, "Network", "network", kNetworks);
    return place.y + control_height(scene.theme) + u - at.y;
  }
  if (room > 20.0f * u && !scene.lesson.waits()) {
    put_text(scene.ink(), face_of(scene.theme, TextSize::kCaption), {{left, at.y}, {left + room, at.y + control_height(scene.theme)}}, {0, 0.5f},
             scene.theme.colors.text_muted, scene.lesson.network(DigitModel::kLenet).source);
  }
  return control_height(scene.theme) + u;
}

void draw_canvas(const InsideScene& scene, ImVec2 size) {
  const float u = scene.unit(), margin = 0.5f * u;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float left = origin.x + margin, width = size.x - 2.0f * margin;
  float y = origin.y + 0.5f * u;
  constexpr std::array<std::string_view, 5> kWide{"Feature maps", "What a unit detects", "Hidden units", "Quiz", "Shifted digits"};
  constexpr std::array<std::string_view, 5> kNarrow{"Maps", "Detects", "Hidden", "Quiz", "Shift"};
  int part = static_cast<int>(scene.lesson.part());
  ImGui::SetCursorScreenPos({left, y});
  if (tabs(scene.theme, "Parts", scene.narrow ? kNarrow : kWide, part, width)) scene.set("part", part);
  y += control_height(scene.theme) + 1.5f * u;
  y += draw_weights_line(scene, {left, y}, width);
  if (scene.lesson.waits()) {
    const float high = put_wrapped(&scene.ink(), face_of(scene.theme, TextSize::kHeading), {left, y}, width, scene.theme.colors.text_muted,
                                   "Loading digits and trained weights …");
    y += high;
  } else {
    ImGui::PushID(part);
    y += draw_part(scene, {{left, y}, {left + width, std::max(origin.y + size.y - 0.5f * u, y + 30.0f * u)}});
    ImGui::PopID();
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({size.x, y + 0.5f * u - origin.y});
}

}  // namespace

void InsideLenet::draw(DrawContext& context) const {
  const ImVec2 size = context.size;
  if (size.x < 80.0f || size.y < 40.0f) return;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0.0f, 0.0f});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0.0f, 0.0f});
  if (ImGui::BeginChild("inside", size, ImGuiChildFlags_None, ImGuiWindowFlags_NoBackground)) {
    // A scroll bar takes its width from the content, so that nothing hides below it.
    const float width = std::min(size.x, ImGui::GetContentRegionAvail().x);
    draw_canvas({*this, context, context.theme, context.narrow || width < 85.0f * context.theme.unit}, {width, size.y});
  }
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
}

}  // namespace chainrule
