// The canvas of "Filters on pictures": the picture before and after, the kernel, and the nine products of one pixel.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/text.h"
#include "web/app/draw_context.h"
#include "web/lessons/filters/filters.h"
#include "web/lessons/filters/pictures.h"
#include "web/widgets/color_scale.h"
#include "web/widgets/controls.h"
#include "web/widgets/grid_cursor.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

struct FilterScene {
  const Filters& lesson;
  DrawContext& context;
  const Theme& theme;

  float unit() const { return theme.unit; }
  float value(std::string_view param) const { return static_cast<float>(lesson.param(param)); }
  std::size_t pixels() const { return static_cast<std::size_t>(lesson.width()) * static_cast<std::size_t>(lesson.height()); }
  void set(const char* param, double value) const { context.actions.push_back(Action::set(param, value)); }
};

std::uint8_t level(float value) {
  // NaN and what is below 0 are black.
  return value > 0.0f ? static_cast<std::uint8_t>(std::min(std::floor(value + 0.5f), 255.0f)) : std::uint8_t{0};
}

/// Red, green, blue of each pixel of x or y, cut off to 0 to 255.
std::vector<std::uint8_t> rgb_of(const FilterScene& scene, TensorId id) {
  const std::span<const float> values = scene.lesson.buffers()[id];
  const std::size_t pixels = scene.pixels(), next = scene.lesson.channels() == 3 ? pixels : 0;
  std::vector<std::uint8_t> rgb(pixels * 3);
  for (std::size_t i = 0; i < pixels; ++i)
    for (std::size_t c = 0; c < 3; ++c) rgb[i * 3 + c] = level(values[c * next + i]);
  return rgb;
}

bool is_signed(const FilterScene& scene, bool after) { return after && scene.lesson.param("show") != 0; }

std::span<const float> shown_channel(const FilterScene& scene) {
  return scene.lesson.buffers()[scene.lesson.y()].subspan(static_cast<std::size_t>(scene.lesson.spot().channel) * scene.pixels(), scene.pixels());
}

ImTextureID texture_of(const FilterScene& scene, bool after) {
  std::vector<std::uint32_t> rgba;
  const std::uint64_t version = scene.lesson.version() * 32 + static_cast<std::uint64_t>(scene.theme.mode == ThemeMode::kDark) * 8 +
                                static_cast<std::uint64_t>(is_signed(scene, after)) * 4 + static_cast<std::uint64_t>(scene.lesson.spot().channel);
  if (is_signed(scene, after)) {
    const std::span<const float> values = shown_channel(scene);
    const ColorTable table(scene.theme, diverging_scale(values));
    for (const float v : values) rgba.push_back(table(v));
  } else {
    const std::vector<std::uint8_t> rgb = rgb_of(scene, after ? scene.lesson.y() : scene.lesson.x());
    for (std::size_t i = 0; i < rgb.size(); i += 3) rgba.push_back(IM_COL32(rgb[i], rgb[i + 1], rgb[i + 2], 255));
  }
  return scene.context.textures.update(after ? "filters/after" : "filters/before", version, scene.lesson.width(), scene.lesson.height(), rgba);
}

/// Words that flow into lines; returns the height. `press` is asked for each button: true when it was pressed.
class Flow {
 public:
  Flow(const FilterScene& scene, const Rect& box) : scene_(scene), box_(box), at_(box.min) {}

  bool button(const char* label, ButtonLook look, bool enabled = true) {
    const float width = text_button_width(scene_.theme, label);
    if (at_.x > box_.min.x && at_.x + width > box_.max.x) at_ = {box_.min.x, at_.y + line()};
    ImGui::SetCursorScreenPos(at_);
    const bool pressed = text_button(scene_.theme, label, look, 0.0f, enabled);
    at_.x += width + 0.75f * scene_.unit();
    return pressed;
  }
  float height() const { return at_.y + line() - box_.min.y; }

 private:
  float line() const { return control_height(scene_.theme) + 0.75f * scene_.unit(); }
  const FilterScene& scene_;
  Rect box_;
  ImVec2 at_;
};

float draw_choices(const FilterScene& scene, const Rect& box) {
  Flow filters(scene, box);
  constexpr std::array kWords = {"Identity", "Edges 1", "Edges 2", "Edges 3", "Sharpen", "Box", "Gaussian", "Smoothing", "Vertical edges", "Own"};
  const int now = static_cast<int>(scene.lesson.param("filter"));
  for (std::size_t i = 0; i < kWords.size(); ++i)
    if (filters.button(kWords[i], static_cast<int>(i) == now ? ButtonLook::kChosen : ButtonLook::kQuiet)) scene.set("filter", static_cast<double>(i));
  return filters.height();
}

float draw_sources(const FilterScene& scene, const Rect& box) {
  Flow flow(scene, box);
  const bool camera = scene.lesson.param("picture") == kPictureCamera;
  if (flow.button("Open a picture …", ButtonLook::kQuiet)) scene.context.file_request = kPictureFile;
  if (flow.button("Camera", camera ? ButtonLook::kChosen : ButtonLook::kQuiet)) scene.context.file_request = kCameraOn;
  if (camera && flow.button("Stop the camera", ButtonLook::kQuiet)) scene.context.file_request = kCameraOff;
  if (flow.button("Draw", scene.lesson.param("picture") == kPictureDrawn ? ButtonLook::kChosen : ButtonLook::kQuiet)) scene.set("picture", kPictureDrawn);
  if (flow.button("Save as PNG", ButtonLook::kQuiet) && scene.context.save_request != nullptr) {
    const std::vector<std::uint8_t> png = write_png(rgb_of(scene, scene.lesson.y()), scene.lesson.width(), scene.lesson.height());
    *scene.context.save_request = Blob{"filtered.png", std::make_shared<const std::vector<std::uint8_t>>(png)};
  }
  return flow.height();
}

// The pixel that a click chooses is magnified; steps go on from there.
void choose_pixel(const FilterScene& scene, Cell cell) {
  const std::int64_t pixels = static_cast<std::int64_t>(scene.pixels()), width = scene.lesson.width();
  const std::int64_t at = ((cell.row * width + cell.column - scene.lesson.step()) % pixels + pixels) % pixels;
  scene.set("row", static_cast<double>(at / width));
  scene.set("column", static_cast<double>(at % width));
}

struct PictureBox {
  Rect box;
  float scale = 1.0f;
};

PictureBox fit(const FilterScene& scene, ImVec2 at, ImVec2 room) {
  const float w = static_cast<float>(scene.lesson.width()), h = static_cast<float>(scene.lesson.height());
  float scale = std::min(room.x / w, room.y / h);
  // Where a pixel is small, the picture fills its room instead of being even.
  if (scale >= 8.0f) scale = std::floor(scale);
  return {{at, {at.x + w * scale, at.y + h * scale}}, scale};
}

void mark_spot(const FilterScene& scene, const PictureBox& picture, int around) {
  const Filters::Spot spot = scene.lesson.spot();
  const auto x = [&](int c) { return picture.box.min.x + picture.scale * static_cast<float>(std::clamp(c, 0, scene.lesson.width())); };
  const auto y = [&](int r) { return picture.box.min.y + picture.scale * static_cast<float>(std::clamp(r, 0, scene.lesson.height())); };
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 from{x(spot.column - around) - 1, y(spot.row - around) - 1}, to{x(spot.column + around + 1) + 1, y(spot.row + around + 1) + 1};
  list.AddRect({from.x - 1, from.y - 1}, {to.x + 1, to.y + 1}, IM_COL32(0, 0, 0, 255), 0, 0, 1.0f);
  list.AddRect(from, to, IM_COL32(255, 255, 255, 255), 0, 0, 1.5f);
}

void pick(const FilterScene& scene, const char* id, const PictureBox& picture, const char* name, TensorId tensor) {
  const GridGeometry grid{picture.box.min, {picture.scale, picture.scale}, {0, 0}, scene.lesson.height(), scene.lesson.width()};
  const auto text = [&](Cell at) {
    std::string line = "row " + std::to_string(at.row) + ", column " + std::to_string(at.column) + ": ";
    for (int c = 0; c < scene.lesson.channels(); ++c)
      line += (c > 0 ? ", " : "") + value_text(scene.lesson.buffers()[tensor][static_cast<std::size_t>(c) * scene.pixels() + static_cast<std::size_t>(at.row * scene.lesson.width() + at.column)], 4);
    return line;
  };
  const GridInput input = grid_input(scene.theme, id, grid, {.name = name, .place = [&](Cell at, Cell) { return text(at); }, .help = "Magnifies the pixel."});
  if (input.pointed) value_tip(scene.theme, text(*input.pointed), "", input.anchor);
  if (input.clicked) choose_pixel(scene, *input.clicked);
}

float draw_side_by_side(const FilterScene& scene, const Rect& box, float most) {
  const Face caption = face_of(scene.theme, TextSize::kCaption);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float gap = 2 * scene.unit(), width = (box.width() - gap) / 2;
  float bottom = box.min.y;
  for (const bool after : {false, true}) {
    const ImVec2 at{box.min.x + (after ? width + gap : 0.0f), box.min.y};
    put_text(list, caption, {at, {at.x + width, at.y + caption.size}}, {0, 0}, scene.theme.colors.text_muted, after ? "after" : "before");
    const PictureBox picture = fit(scene, {at.x, at.y + caption.size + 0.5f * scene.unit()}, {width, most});
    list.AddImage(texture_of(scene, after), picture.box.min, picture.box.max);
    pick(scene, after ? "after" : "before", picture, after ? "picture after" : "picture before", after ? scene.lesson.y() : scene.lesson.x());
    mark_spot(scene, picture, after ? 0 : 1);
    bottom = picture.box.max.y;
  }
  return bottom - box.min.y;
}

float draw_wipe(const FilterScene& scene, const Rect& box, float most) {
  const Face caption = face_of(scene.theme, TextSize::kCaption);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const PictureBox picture = fit(scene, {box.min.x, box.min.y + caption.size + 0.5f * scene.unit()}, {box.width(), most});
  const float share = scene.value("wipe"), x = picture.box.min.x + share * picture.box.width();
  put_text(list, caption, {box.min, {picture.box.max.x, box.min.y + caption.size}}, {0, 0}, scene.theme.colors.text_muted, "before");
  put_text(list, caption, {box.min, {picture.box.max.x, box.min.y + caption.size}}, {1, 0}, scene.theme.colors.text_muted, "after");
  list.AddImage(texture_of(scene, true), {x, picture.box.min.y}, picture.box.max, {share, 0}, {1, 1});
  list.AddImage(texture_of(scene, false), picture.box.min, {x, picture.box.max.y}, {0, 0}, {share, 1});
  pick(scene, "wiped", picture, "picture before and after", scene.lesson.y());
  list.AddLine({x, picture.box.min.y}, {x, picture.box.max.y}, scene.theme.colors.accent, 2.0f);
  mark_spot(scene, picture, 1);
  ImGui::SetCursorScreenPos({box.min.x, picture.box.max.y + 0.5f * scene.unit()});
  double moved = static_cast<double>(share);
  if (slider(scene.theme, "Wipe", moved, 0, 1, false, picture.box.width(), fixed_text(moved * 100, 0) + " %")) scene.set("wipe", std::round(moved * 200) / 200);
  return picture.box.max.y + 0.5f * scene.unit() + control_height(scene.theme) - box.min.y;
}

// The kernel's nine fields, the divisor, what is added.
float draw_kernel(const FilterScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const float height = control_height(theme), gap = 0.5f * scene.unit(), cell = (box.width() - 2 * gap) / 3;
  const Face body = face_of(theme, TextSize::kBody);
  float y = box.min.y + section_title(theme, box.min, box.width(), "Kernel") + 0.5f * scene.unit();
  const std::span<const float> w = scene.lesson.buffers()[scene.lesson.program().find("w")];
  const auto typed = [&](const std::string& name, float value, ImVec2 at, float width, NumberField limits) -> std::optional<float> {
    ImGui::SetCursorScreenPos(at);
    const auto text = number_field(theme, name.c_str(), shortest_text(value), width, limits);
    if (!text) return std::nullopt;
    const Result<float> number = parse_float(*text);
    if (!number.ok()) return refuse(number.error_message()), std::nullopt;
    return number.value();
  };
  for (int i = 0; i < 9; ++i) {
    const ImVec2 at{box.min.x + static_cast<float>(i % 3) * (cell + gap), y + static_cast<float>(i / 3) * (height + gap)};
    const std::string name = "weight in row " + std::to_string(i / 3) + ", column " + std::to_string(i % 3);
    if (const auto number = typed(name, w[static_cast<std::size_t>(i)], at, cell, {-1000, 1000})) scene.context.actions.push_back(Action::edit("w", i, *number));
  }
  y += 3 * (height + gap) + gap;
  for (const auto& [label, param, low, high] : {std::tuple{"Divisor", "divisor", 1.0, 1000.0}, {"Offset", "offset", -255.0, 255.0}}) {
    put_text(*ImGui::GetWindowDrawList(), body, {{box.min.x, y}, {box.max.x, y + height}}, {0, 0.5f}, theme.colors.text, label);
    if (const auto number = typed(label, scene.value(param), {box.max.x - cell, y}, cell, {low, high})) scene.set(param, static_cast<double>(*number));
    y += height + gap;
  }
  return y - box.min.y;
}

// What stands in the window, times the kernel: all from the derivation of the pixel's result.
float draw_products(const FilterScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const Filters& lesson = scene.lesson;
  const Filters::Spot spot = lesson.spot();
  const std::int64_t index = (std::int64_t{spot.channel} * lesson.height() + spot.row) * lesson.width() + spot.column;
  const Derivation derivation = derive(lesson.program(), lesson.buffers(), lesson.y(), index);
  const Face small = face_of(theme, TextSize::kCaption, Weight::kNumber), strong = face_of(theme, TextSize::kBody, Weight::kNumber);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float y = box.min.y + section_title(theme, box.min, box.width(), "Row " + std::to_string(spot.row) + ", column " + std::to_string(spot.column)) + 0.5f * scene.unit();
  const float cell = box.width() / 3, tall = 2 * small.size + 1.25f * scene.unit();
  const Rect grid{{box.min.x, y}, {box.max.x, y + 3 * tall}};
  std::string spoken;
  for (const Term& term : derivation.terms()) {
    std::string factors;
    for (const Token& token : derivation.substituted_node(term.node, 4)) factors += token.text;
    const Rect at{{grid.min.x + cell * static_cast<float>(term.position[1]), grid.min.y + tall * static_cast<float>(term.position[0])},
                  {grid.min.x + cell * static_cast<float>(term.position[1] + 1), grid.min.y + tall * static_cast<float>(term.position[0] + 1)}};
    const std::string value = value_text(term.value, 5);
    list.AddRect(at.min, {at.max.x + 1, at.max.y + 1}, theme.colors.outline);
    put_text(list, small, {{at.min.x, at.min.y + 0.4f * scene.unit()}, {at.max.x - 0.5f * scene.unit(), at.center().y}}, {1, 0.5f}, theme.colors.text_muted, factors);
    put_text(list, small, {{at.min.x, at.center().y}, {at.max.x - 0.5f * scene.unit(), at.max.y - 0.4f * scene.unit()}}, {1, 0.5f}, theme.colors.text, value);
    spoken += factors + " = " + value + "; ";
  }
  const float sum = derivation.terms().empty() ? 0.0f : derivation.terms().back().running;
  const std::string result = value_text(derivation.value(), 6);
  const Rect line{{box.min.x, grid.max.y + 0.5f * scene.unit()}, {box.max.x, grid.max.y + 0.5f * scene.unit() + control_height(theme)}};
  const Press press = press_area(theme, "products", {grid.min, line.max}, {.name = "nine products: " + spoken + "sum " + value_text(sum, 6) + ", result " + result, .help = "Shows how it was computed."});
  if (press.pressed) scene.context.explain_request = ElementRef{"y", index, lesson.step()};
  if (press.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  put_text(list, small, line, {0, 0.5f}, theme.colors.text_muted, "Σ = " + value_text(sum, 6));
  put_text(list, strong, line, {1, 0.5f}, press.hovered ? theme.colors.accent : theme.colors.text, "y = " + result);
  return line.max.y - box.min.y;
}

float draw_paper(const FilterScene& scene, const Rect& box) {
  if (scene.lesson.param("picture") != kPictureDrawn) return 0.0f;
  const float side = std::min(box.width(), 30 * scene.unit());
  ImGui::SetCursorScreenPos(box.min);
  const DrawPadData data{.key = "filters/paper", .version = scene.lesson.version(), .coverage = scene.lesson.canvas().coverage(), .side = StrokeCanvas::kSide, .hint = "Draw here"};
  const DrawPadInput input = draw_pad(scene.theme, scene.context.textures, "paper", side, data, scene.lesson.pad());
  if (!input.points.empty()) scene.context.actions.push_back(Action::command("stroke", input.begins ? 1.0 : 0.0, input.points));
  ImGui::SetCursorScreenPos({box.min.x, box.min.y + side + 0.5f * scene.unit()});
  if (text_button(scene.theme, "Clean paper")) scene.context.actions.push_back(Action::command("clear"));
  return side + 0.5f * scene.unit() + control_height(scene.theme) + scene.unit();
}

}  // namespace

void Filters::draw(DrawContext& context) const {
  const Theme& theme = context.theme;
  const FilterScene scene{*this, context, theme};
  const float unit = theme.unit, gap = 2 * unit;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (size.x < 30 * unit || size.y < 10 * unit || program_.calls.empty()) return;
  const bool wide = size.x > 90 * unit;
  const float side = wide ? 30 * unit : size.x, width = wide ? size.x - side - gap : size.x;
  float y = origin.y;
  const auto box = [&](float w) { return Rect{{origin.x, y}, {origin.x + w, origin.y + size.y}}; };
  y += draw_choices(scene, box(size.x)) + 0.25f * unit;
  y += draw_sources(scene, box(size.x)) + 0.5f * unit;
  const float top = y, most = std::max(wide ? origin.y + size.y - y - 6 * unit : 60 * unit, 30 * unit);
  y += (param("view") != 0 ? draw_wipe(scene, box(width), most) : draw_side_by_side(scene, box(width), most)) + unit;
  if (is_signed(scene, true)) y += draw_color_legend(theme, {origin.x, y}, std::min(width, 40 * unit), diverging_scale(shown_channel(scene)), "y") + unit;
  if (const std::string note = picture_note(); !note.empty()) {
    const float high = put_wrapped(ImGui::GetWindowDrawList(), face_of(theme, TextSize::kCaption), {origin.x, y}, width, theme.colors.text_muted, note);
    mirror_text("note", {{origin.x, y}, {origin.x + width, y + high}}, note);
    y += high + unit;
  }
  const float left = wide ? origin.x + width + gap : origin.x;
  float at = wide ? top : y;
  const auto column = [&] { return Rect{{left, at}, {left + side, origin.y + size.y}}; };
  at += draw_kernel(scene, column()) + unit;
  at += draw_products(scene, column()) + unit;
  at += draw_paper(scene, column());
  ImGui::SetCursorScreenPos({origin.x, std::max(y, at)});
  ImGui::Dummy({1, 1});
}

}  // namespace chainrule
