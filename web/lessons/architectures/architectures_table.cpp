// The table of layers: fields to edit, numbers to click, and what does not fit, on one line a layer or, on phones, on two.
#include <algorithm>

#include "engine/base/text.h"
#include "web/lessons/architectures/architectures_view.h"
#include "web/widgets/controls.h"

namespace chainrule {
namespace {

/// Columns, their widths in units, and whether a phone has them on the second line.
struct Column {
  const char* title;
  float width;
  bool second;
};
enum : std::size_t { kName, kMaps, kKernel, kStride, kPadding, kGroups, kOutput, kField, kJump, kParams, kWork, kRemove, kColumns };
constexpr Column kTable[kColumns] = {{"layer", 10, false},  {"maps", 8, false},      {"kernel", 6.5f, false}, {"stride", 6.5f, false},
                                     {"padding", 6.5f, false}, {"groups", 6.5f, false}, {"output", 13, true},    {"field", 6.5f, true},
                                     {"jump", 5.5f, true},   {"parameters", 12, true}, {"multiply-adds", 13.5f, true}, {"", 5.5f, false}};

constexpr const char* kKindWords[] = {"convolution", "max pooling", "subsampling", "dense"};

class LayerTable {
 public:
  LayerTable(const TableScene& scene, const Rect& box)
      : scene_(scene), theme_(scene.theme), box_(box), list_(*ImGui::GetWindowDrawList()), caption_(face_of(theme_, TextSize::kCaption)),
        body_(face_of(theme_, TextSize::kBody)), y_(box.min.y) {
    float total = 0.0f;
    for (const Column& column : kTable) total += column.width;
    narrow_ = box.width() < total * scene.unit();
    stretch_ = narrow_ ? 1.0f : std::min(box.width() / (total * scene.unit()), 1.35f);
    row_ = control_height(theme_);
  }

  float draw() {
    if (!narrow_) draw_titles();
    draw_picture();
    const std::size_t layers = scene_.model().spec().layers.size();
    for (std::size_t i = 0; i < layers; ++i) draw_layer(i);
    draw_totals();
    draw_buttons();
    return y_ - box_.min.y;
  }

 private:
  /// Where a cell of the present line is: on phones fields first, then results, each as wide as its share.
  Rect cell(std::size_t column) const {
    float x = box_.min.x, total = 0.0f;
    for (std::size_t c = 0; c < kColumns; ++c)
      if (!narrow_ || kTable[c].second == kTable[column].second) total += kTable[c].width;
    const float scale = narrow_ ? box_.width() / total : stretch_ * scene_.unit();
    for (std::size_t c = 0; c < column; ++c)
      if (!narrow_ || kTable[c].second == kTable[column].second) x += kTable[c].width * scale;
    const float line = narrow_ ? caption_.size + row_ : 0.0f;
    const float y = y_ + (narrow_ ? caption_.size + (kTable[column].second ? line : 0.0f) : 0.0f);
    return {{x, y}, {x + kTable[column].width * scale - 0.75f * scene_.unit(), y + row_}};
  }

  std::string_view title(std::size_t column) const {
    return column == kWork && scene_.lesson.param("count") != 0 ? "connections" : kTable[column].title;
  }

  void draw_titles() {
    for (std::size_t c = 0; c < kColumns; ++c) {
      const Rect at = cell(c);
      put_text(list_, caption_, {at.min, {at.max.x, at.min.y + caption_.size}}, {c >= kOutput ? 1.0f : 0.0f, 0}, theme_.colors.text_muted, title(c));
    }
    y_ += caption_.size + 0.5f * scene_.unit();
  }

  void put_title(std::size_t column) {
    if (!narrow_) return;
    const Rect at = cell(column);
    put_text(list_, caption_, {{at.min.x, at.min.y - caption_.size}, {at.max.x, at.min.y}}, {kTable[column].second ? 1.0f : 0.0f, 0}, theme_.colors.text_muted,
             title(column));
  }

  void end_row() { y_ += narrow_ ? 2 * (caption_.size + row_) + scene_.unit() : row_ + 0.5f * scene_.unit(); }

  void draw_picture() {
    const Rect name = cell(kName);
    put_text(list_, face_of(theme_, TextSize::kBody, Weight::kStrong), name, {0, 0.5f}, theme_.colors.text, "picture");
    field(kMaps, "maps of the picture", "input.maps", scene_.model().spec().maps, kInputMapsLimits);
    field(kKernel, "side of the picture", "input.side", scene_.model().spec().side, kSideLimits);
    const Rect at = cell(kStride);
    put_text(list_, caption_, {at.min, {box_.max.x, at.max.y}}, {0, 0.5f}, theme_.colors.text_muted, "pixels a side");
    y_ += narrow_ ? caption_.size + row_ + scene_.unit() : row_ + 0.5f * scene_.unit();
  }

  void field(std::size_t column, const std::string& name, const std::string& tensor, int value, LayerLimits limits) {
    const Rect at = cell(column);
    if (narrow_ && tensor != "input.side") put_title(column);
    ImGui::SetCursorScreenPos(at.min);
    const NumberField spec{static_cast<double>(limits.low), static_cast<double>(limits.high), true};
    const auto typed = number_field(theme_, name.c_str(), std::to_string(value), at.width(), spec);
    if (!typed) return;
    const Result<float> number = parse_float(*typed);
    if (!number.ok()) refuse(number.error_message());
    else if (number.value() != static_cast<float>(value)) scene_.context.actions.push_back(Action::edit(tensor, 0, number.value()));
  }

  void number(std::size_t column, TensorId id, std::string_view text, const std::string& name) {
    put_title(column);
    if (id == kNoTensor) {
      put_text(list_, caption_, cell(column), {1, 0.5f}, theme_.colors.text_muted, "–");
      return;
    }
    draw_count(scene_, id, cell(column), text, name);
  }

  void draw_layer(std::size_t i) {
    const LayerSpec layer = scene_.model().spec().layers[i];
    const bool computed = i < scene_.model().layers().size();
    ImGui::PushID(static_cast<int>(i));
    draw_name(i, layer);
    for (std::size_t f = 0; f < std::size(kLayerFieldNames); ++f) {
      const auto which = static_cast<LayerField>(f);
      const std::string what(kLayerFieldNames[f]);
      LayerSpec copy = layer;
      if (has_field(layer, which))
        field(kMaps + f, what + " of " + layer.name, layer.name + "." + what, value_of(copy, which), limits_of(which));
    }
    if (computed) draw_results(i, layer);
    const Rect at = cell(kRemove);
    ImGui::SetCursorScreenPos({at.min.x, at.min.y - (target_size(theme_) - row_) / 2});
    if (icon_button(theme_, ("Remove " + layer.name).c_str(), Icon::kClose, "")) scene_.context.actions.push_back(Action::command(architecture_command::kRemove, static_cast<double>(i)));
    ImGui::PopID();
    end_row();
    draw_problem(i);
    y_ += draw_slide_notes(scene_, static_cast<int>(i), {{box_.min.x + 0.5f * scene_.unit(), y_}, box_.max});
  }

  void draw_name(std::size_t i, const LayerSpec& layer) {
    Rect at = cell(kName);
    const auto unit = scene_.lesson.unit();
    const bool seen = unit && unit->layer == static_cast<int>(i), present = scene_.lesson.present() == static_cast<int>(i);
    const Rect line{{box_.min.x - 0.5f * scene_.unit(), y_ - 0.25f * scene_.unit()},
                    {box_.max.x, y_ + (narrow_ ? 2 * (caption_.size + row_) + 0.5f * scene_.unit() : row_ + 0.25f * scene_.unit())}};
    if (present) list_.AddRectFilled(line.min, line.max, theme_.colors.pressed, 0.5f * scene_.unit());
    const std::string words = kKindWords[static_cast<std::size_t>(layer.kind)];
    const Press press = press_area(theme_, "name", at, {.name = layer.name + ", " + words, .help = "Puts its unit under the microscope.", .on = seen});
    if (press.pressed) scene_.context.actions.push_back(Action::set("layer", static_cast<double>(i) + 1));
    if (seen) list_.AddRectFilled({line.min.x, at.min.y}, {line.min.x + 0.4f * scene_.unit(), at.max.y}, theme_.colors.accent);
    const float half = at.center().y;
    const float left = at.min.x + 0.5f * scene_.unit();
    put_text(list_, face_of(theme_, TextSize::kBody, Weight::kStrong), {{left, half - body_.size}, {at.max.x, half}}, {0, 1}, press.hovered ? theme_.colors.accent : theme_.colors.text,
             layer.name);
    put_text(list_, caption_, {{left, half}, {at.max.x, half + caption_.size}}, {0, 0}, theme_.colors.text_muted, words);
  }

  void draw_results(std::size_t i, const LayerSpec& layer) {
    const Architecture& a = scene_.model();
    const LayerTensors& t = a.layers()[i];
    const auto text = [&](TensorId id) { return id == kNoTensor ? std::string() : count_text(a, id); };
    const std::string side = text(t.output), maps = text(t.maps);
    number(kOutput, t.output, side + "×" + side + "×" + maps, "output of " + layer.name);
    number(kField, t.field, text(t.field), "receptive field of " + layer.name);
    number(kJump, t.jump, text(t.jump), "jump of " + layer.name);
    number(kParams, t.params, text(t.params), "parameters of " + layer.name);
    const TensorId work = scene_.lesson.param("count") != 0 ? t.links : t.macs;
    number(kWork, work, text(work), std::string(title(kWork)) + " of " + layer.name);
  }

  // What does not fit, in the words of the check; ⚠ says so without colour.
  void draw_problem(std::size_t i) {
    const LayerProblem& problem = scene_.model().problems()[i];
    if (problem.why.empty()) return;
    const Face face = body_;
    const std::string sign = problem.stops ? "✗ " : "⚠ ";
    const float left = box_.min.x + 3 * scene_.unit(), width = box_.max.x - left;
    const ImU32 color = problem.stops ? theme_.colors.bad : theme_.colors.warning;
    put_text(list_, face, {box_.min.x + 0.5f * scene_.unit(), y_}, color, sign);
    const float start = y_;
    y_ += put_wrapped(&list_, face, {left, y_}, width, color, problem.why);
    y_ += put_wrapped(&list_, face, {left, y_}, width, theme_.colors.text, problem.offer);
    mirror_text(("problem " + std::to_string(i)).c_str(), {{left, start}, {box_.max.x, y_}}, problem.why + " " + problem.offer);
    y_ += 0.75f * scene_.unit();
  }

  void draw_totals() {
    const Architecture& a = scene_.model();
    if (a.total_params() == kNoTensor) return;
    if (!narrow_) list_.AddLine({box_.min.x, y_ - 0.25f * scene_.unit()}, {cell(kWork).max.x, y_ - 0.25f * scene_.unit()}, theme_.colors.outline);
    const TensorId work = scene_.lesson.param("count") != 0 ? a.total_links() : a.total_macs();
    if (narrow_) y_ -= caption_.size + row_ - scene_.unit();
    const Rect name = cell(narrow_ ? kOutput : kName);
    put_text(list_, face_of(theme_, TextSize::kBody, Weight::kStrong), name, {narrow_ ? 0.0f : 0.0f, 0.5f}, theme_.colors.text, "together");
    number(kParams, a.total_params(), count_text(a, a.total_params()), "parameters together");
    number(kWork, work, count_text(a, work), std::string(title(kWork)) + " together");
    end_row();
  }

  void draw_buttons() {
    const auto unit = scene_.lesson.unit();
    const std::size_t layers = scene_.model().spec().layers.size();
    const double place = unit ? unit->layer + 1 : static_cast<double>(layers);
    const std::string after = place == 0 ? "Add a layer:" : "Add after " + scene_.model().spec().layers[static_cast<std::size_t>(place) - 1].name + ":";
    const bool room = layers < ArchitectureSpec::kMostLayers;
    float x = box_.min.x;
    y_ += 0.5f * scene_.unit();
    const auto put = [&](float width) {
      if (x > box_.min.x && x + width > box_.max.x) x = box_.min.x, y_ += row_ + 0.5f * scene_.unit();
      ImGui::SetCursorScreenPos({x, y_});
      x += width + scene_.unit();
    };
    const float words = text_width(body_, after);
    put_text(list_, body_, {{x, y_}, {x + words + 1, y_ + row_}}, {0, 0.5f}, theme_.colors.text_muted, after);
    x += words + scene_.unit();
    constexpr std::pair<const char*, std::size_t> kButtons[] = {{"Convolution", 0}, {"Max pooling", 1}, {"Dense layer", 3}};
    for (const auto& [label, kind] : kButtons) {
      put(text_button_width(theme_, label));
      if (text_button(theme_, label, ButtonLook::kQuiet, 0.0f, room))
        scene_.context.actions.push_back(Action::command(architecture_command::kInsert, place, {}, std::string(kLayerKindNames[kind])));
    }
    y_ += row_ + scene_.unit();
  }

  const TableScene& scene_;
  const Theme& theme_;
  Rect box_;
  ImDrawList& list_;
  Face caption_, body_;
  float y_, row_ = 0.0f, stretch_ = 1.0f;
  bool narrow_ = false;
};

}  // namespace

bool TableScene::is_lit(TensorId id) const {
  const Explanation* open = context.open_explanation;
  if (open == nullptr || open->element.step != lesson.step()) return false;
  const std::string& name = model().program().info(id).name;
  return open->element.tensor == name || std::ranges::any_of(open->operands, [&](const ElementRef& ref) { return ref.tensor == name; });
}

void draw_count(const TableScene& scene, TensorId id, const Rect& box, std::string_view text, const std::string& name) {
  const Theme& theme = scene.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face face = face_of(theme, TextSize::kCaption, Weight::kNumber);
  const std::string id_text = scene.model().program().info(id).name + "##count";
  const Press press = press_area(theme, id_text.c_str(), box, {.name = name + " " + std::string(text), .help = "Shows how it was computed."});
  if (scene.is_lit(id)) list.AddRectFilled(box.min, box.max, with_alpha(theme.colors.highlight, 0.35f), 0.5f * theme.unit);
  else if (press.hovered) list.AddRectFilled(box.min, box.max, theme.colors.hover, 0.5f * theme.unit);
  if (press.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  std::string shown(text);
  if (text_width(face, shown) > box.width() && shown.ends_with(" million")) shown = shown.substr(0, shown.size() - 8) + " M";
  put_text(list, face, box.shrunk(0.25f * theme.unit, 0), {1, 0.5f}, press.hovered ? theme.colors.accent : theme.colors.text, shown);
  if (press.pressed) scene.explain(id);
}

float draw_layer_table(const TableScene& scene, const Rect& box) { return LayerTable(scene, box).draw(); }

}  // namespace chainrule
