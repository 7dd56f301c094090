// What stands beside the tape: the gradient check, and deck 003's mistakes.
#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/lessons/tape/tape_view.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

/// Rows of text in columns, the first column of words; returns the height used.
class Table {
 public:
  Table(const TapeScene& scene, ImVec2 at, float width, std::vector<float> shares)
      : theme_(scene.theme), at_(at), width_(width), shares_(std::move(shares)), row_(face_of(theme_, TextSize::kCaption).size + 0.75f * theme_.unit) {}

  /// True when the row was pressed; the head cannot be.
  bool add(std::span<const std::string> cells, bool head = false, bool lit = false) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Rect whole{{at_.x, at_.y + y_}, {at_.x + width_, at_.y + y_ + row_}};
    std::string line;
    for (const std::string& cell : cells) line += (line.empty() ? "" : ", ") + cell;
    const std::string id = "row " + std::to_string(y_);
    Press press;
    if (head) mirror_text(id.c_str(), whole, line);
    else press = press_area(theme_, id.c_str(), whole, {.name = line, .help = "Where the gradient comes from, and how its slope is measured"});
    if (press.hovered) list.AddRectFilled(whole.min, whole.max, theme_.colors.hover, 0.5f * theme_.unit);
    if (lit) list.AddRectFilled({at_.x, y_ + at_.y}, {at_.x + width_, at_.y + y_ + row_}, theme_.colors.pressed, 0.5f * theme_.unit);
    float x = at_.x;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const float right = x + shares_[i] * width_;
      const Face face = face_of(theme_, TextSize::kCaption, head || i == 0 ? Weight::kText : Weight::kNumber);
      put_text(list, face, {{x + 0.5f * theme_.unit, at_.y + y_}, {right - 0.5f * theme_.unit, at_.y + y_ + row_}}, {i == 0 ? 0.0f : 1.0f, 0.5f},
               head ? theme_.colors.text_muted : theme_.colors.text, cells[i]);
      x = right;
    }
    y_ += row_;
    return press.pressed;
  }
  float height() const { return y_; }
  float row() const { return row_; }

 private:
  const Theme& theme_;
  ImVec2 at_;
  float width_, y_ = 0.0f;
  std::vector<float> shares_;
  float row_;
};

struct SlideError {
  const char* symbol;
  const char* tensor;  // of the entry that it belongs to
  std::int64_t index;
  bool updated;
  const char* slide;
  const char* why;
};

// Deck 003's worked example, slide by slide.
constexpr SlideError kSlideErrors[] = {
    {"out_h1", "h.out", 0, false, "0.50", "σ(0.026) is 0.5065, which rounds to 0.51; the slide cuts it off, and rounds out_h2."},
    {"∂net_o1/∂w5", "o.w.grad", 0, false, "0.35", "The slide takes w5 itself. net_o1 = w5 · out_h1, so its slope in w5 is out_h1; w5 is the factor on the way further back, to out_h1."},
    {"∂E/∂w5", "o.w.grad", 0, false, "0.04", "0.49 · 0.24 · 0.35, with the wrong last factor; the right one gives 0.060."},
    {"w5′", "o.w", 0, true, "0.31", "0.35 − 0.04. E falls with it, too: only the gradient check tells the two apart."},
};

}  // namespace

float draw_gradient_check(const TapeScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const NetModel& model = scene.model();
  const float pad = 2 * scene.unit();
  const float row = face_of(theme, TextSize::kCaption).size + 0.75f * scene.unit();
  std::vector<std::pair<TensorId, std::int64_t>> numbers;
  for (const TensorId parameter : model.program().of_kind(TensorKind::kParameter))
    for (std::int64_t i = 0; i < model.program().info(parameter).shape.size(); ++i) numbers.push_back({parameter, i});
  constexpr std::size_t kMost = 12;  // of a large network those near the present one
  std::size_t first = 0;
  if (const TapeEntry* present = scene.present(); present != nullptr && numbers.size() > kMost) {
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (scene.is_present(model.program().gradient_of[static_cast<std::size_t>(numbers[i].first)], numbers[i].second))
        first = std::min(i > kMost / 2 ? i - kMost / 2 : 0, numbers.size() - kMost);
  }
  const std::size_t count = std::min(numbers.size(), kMost);
  // How the slope of one weight is measured: of the one that was pressed, else of the present one.
  ImGuiStorage* storage = ImGui::GetStateStorage();
  const ImGuiID kept = ImGui::GetID("measured");
  std::size_t chosen = first;
  for (std::size_t i = first; i < first + count; ++i)
    if (scene.is_present(model.program().gradient_of[static_cast<std::size_t>(numbers[i].first)], numbers[i].second)) chosen = i;
  if (const int pressed = storage->GetInt(kept); pressed > 0 && static_cast<std::size_t>(pressed) <= numbers.size()) chosen = static_cast<std::size_t>(pressed) - 1;
  const std::vector<MathsItem> how = measured_equation(theme, model, numbers[chosen].first, numbers[chosen].second, scene.lesson.setup().fixed);
  const float width = box.width() - 2 * pad, tall = maths_height(theme, how, width, TextSize::kBody);
  const float height = 3.5f * pad + (static_cast<float>(count) + 2.0f) * row + tall;
  card(theme, {box.min, {box.max.x, box.min.y + height}});
  section_title(theme, {box.min.x + pad, box.min.y + pad}, box.width() - 2 * pad, "Gradient check", "(E(w + h) − E(w − h)) / 2h in double, h = 0.00001");
  Table table(scene, {box.min.x + pad, box.min.y + pad + 1.6f * row}, box.width() - 2 * pad, {0.16f, 0.30f, 0.30f, 0.24f});
  const std::string head[] = {"weight", "backpropagation", "measured", "difference"};
  table.add(head, true);
  for (std::size_t i = first; i < first + count; ++i) {
    const auto [parameter, index] = numbers[i];
    const TensorId gradient = model.program().gradient_of[static_cast<std::size_t>(parameter)];
    const double back = static_cast<double>(model.buffers()[gradient][static_cast<std::size_t>(index)]);
    const double measured = model.central_difference(parameter, index);
    const std::string cells[] = {scene.symbol(parameter, index), scene.shows(gradient, index) ? with_minus_signs(significant_text(back, 9)) : "–",
                                 with_minus_signs(significant_text(measured, 9)),
                                 scene.shows(gradient, index) ? with_minus_signs(significant_text(back - measured, 2)) : "–"};
    if (table.add(cells, false, i == chosen)) {
      storage->SetInt(kept, static_cast<int>(i) + 1);
      if (scene.is_known({gradient, index})) scene.explain(gradient, index);
    }
  }
  const ImVec2 at{box.min.x + pad, box.min.y + height - pad - tall};
  put_maths(theme, *ImGui::GetWindowDrawList(), how, at, width, TextSize::kBody);
  mirror_text("how measured", {at, {at.x + width, at.y + tall}}, maths_line(how));
  return height;
}

namespace {

/// The product that deck 003 multiplies out, its way and the right way, and what decides between them.
std::vector<std::vector<MathsItem>> both_products(const NetModel& model) {
  const auto value = [&](const char* tensor) { return tape_number(model.buffers()[model.program().find(tensor)][0], TapeDigits::kFour); };
  const auto product = [](const char* head, std::array<std::string, 3> factors, const char* relation, std::string result) {
    std::vector<MathsItem> items = {maths_text(head), maths_text("  "), maths_symbol({"E", "", ""}, {"w", "5", ""}), maths_relation("=")};
    for (std::size_t i = 0; i < factors.size(); ++i) {
      if (i > 0) items.push_back(maths_operator("·"));
      items.push_back(maths_number(std::move(factors[i]), -1, ""));
    }
    items.push_back(maths_relation(relation));
    items.push_back(maths_number(std::move(result), -1, ""));
    return items;
  };
  const TensorId weights = model.program().find("o.w");
  return {product("Slide:", {"0.49", "0.24", "0.35"}, "≈", "0.04"),
          product("Correct:", {value("o.out.grad"), value("o.slope"), value("h.out")}, "≈", value("o.w.grad")),
          {maths_text("Measured:"), maths_text("  "), maths_symbol({"E", "", ""}, {"w", "5", ""}), maths_relation("≈"), maths_text("(E(w5 + h) − E(w5 − h)) / 2h"),
           maths_relation("≈"), maths_number(with_minus_signs(significant_text(model.central_difference(weights, 0), 4)), -1, "")}};
}

}  // namespace

float draw_slide_errors(const TapeScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const NetModel& model = scene.model();
  const float pad = 2 * scene.unit(), gap = 0.5f * scene.unit();
  const Face body = face_of(theme, TextSize::kBody), strong = face_of(theme, TextSize::kBody, Weight::kStrong);
  const float width = box.width() - 2 * pad;
  // Only what the tape has reached: the others would tell what is to come.
  std::vector<const SlideError*> reached;
  for (const SlideError& error : kSlideErrors) {
    const TensorId tensor = model.program().find(error.tensor);
    const TensorId entry = error.updated ? model.program().info(tensor).after : tensor;
    if (scene.shows(entry, error.index)) reached.push_back(&error);
  }
  const auto right_text = [&](const SlideError& error) {
    const TensorId tensor = model.program().find(std::string(error.symbol) == "∂net_o1/∂w5" ? "h.out" : error.tensor);
    const TensorId entry = error.updated ? model.program().info(tensor).after : tensor;
    return tape_number(model.buffers()[entry][static_cast<std::size_t>(error.index)], TapeDigits::kFour);
  };
  std::vector<std::vector<MathsItem>> products;
  if (scene.shows(model.program().find("o.w.grad"), 0)) products = both_products(model);
  const float title = strong.size + 0.75f * scene.unit();
  float height = 2 * pad + title;
  for (const auto& product : products) height += maths_height(theme, product, width, TextSize::kBody) + gap;
  for (const SlideError* error : reached) height += strong.size + put_wrapped(nullptr, body, {}, width, 0, error->why) + scene.unit();
  if (reached.empty()) height += body.size;
  card(theme, {box.min, {box.max.x, box.min.y + height}});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  section_title(theme, {box.min.x + pad, box.min.y + pad}, width, "What the slide says");
  const float x = box.min.x + pad;
  float y = box.min.y + pad + title;
  if (reached.empty()) put_text(list, body, {x, y}, theme.colors.text_muted, "So far nothing else than the tape.");
  for (const auto& product : products) {
    const float tall = maths_height(theme, product, width, TextSize::kBody);
    put_maths(theme, list, product, {x, y}, width, TextSize::kBody);
    mirror_text(maths_line(product).c_str(), {{x, y}, {x + width, y + tall}}, maths_line(product));
    y += tall + gap;
  }
  for (const SlideError* error : reached) {
    const std::string line = std::string(error->symbol) + ": slide " + error->slide + ", correct " + right_text(*error);
    put_text(list, strong, {x, y}, theme.colors.text, line);
    mirror_text((std::string("slide ") + error->symbol).c_str(), {{x, y}, {box.max.x - pad, y + strong.size}}, line + ". " + error->why);
    y += strong.size;
    y += put_wrapped(&list, body, {x, y}, width, theme.colors.text_muted, error->why) + scene.unit();
  }
  return height;
}

}  // namespace chainrule
