// The same step as matrices: each layer a module with its way there and back, and the algorithm of deck 001, whose present
// line is lit (Goodfellow, Bengio, Courville, Deep Learning (2016), algorithms 6.3 and 6.4).
#include <algorithm>
#include <cmath>

#include "web/lessons/tape/tape_view.h"
#include "web/widgets/color_scale.h"
#include "web/widgets/controls.h"
#include "web/widgets/matrix_grid.h"

namespace chainrule {
namespace {

/// A matrix or vector in a layer's row, and the sign before it.
struct Part {
  std::string label;
  std::string sign;
  TensorId tensor = kNoTensor;
  bool upright = false;  // a vector stands as a column
};

class Modules {
 public:
  Modules(const TapeScene& scene, const Rect& box) : scene_(scene), program_(scene.model().program()), box_(box), y_(box.min.y) {
    title_ = face_of(scene.theme, TextSize::kBody, Weight::kStrong);
    small_ = face_of(scene.theme, TextSize::kCaption);
  }

  float draw() {
    for (int layer = 0; layer < scene_.model().spec().layers(); ++layer) draw_layer(layer);
    return y_ - box_.min.y;
  }

 private:
  TensorId find(int layer, const char* part) const { return program_.find(scene_.model().spec().layer_name(layer) + part); }
  TensorId output_of(int layer) const { return find(layer, ".out") != kNoTensor ? find(layer, ".out") : find(layer, ".net"); }

  std::vector<Part> forward_parts(int layer) const {
    std::vector<Part> parts = {{"W", "", find(layer, ".w"), false},
                               {layer == 0 ? "x" : "h", "·", layer == 0 ? scene_.model().x() : output_of(layer - 1), true}};
    if (scene_.model().spec().biases) parts.push_back({"b", "+", find(layer, ".b"), true});
    parts.push_back({"net", "=", find(layer, ".net"), true});
    if (find(layer, ".out") != kNoTensor) parts.push_back({"out", "→ f", find(layer, ".out"), true});
    return parts;
  }

  std::vector<Part> backward_parts(int layer) const {
    std::vector<Part> parts;
    if (find(layer, ".out.grad") != kNoTensor) parts.push_back({"∂E/∂out", "", find(layer, ".out.grad"), true});
    if (find(layer, ".slope") != kNoTensor) parts.push_back({"slope", "⊙", find(layer, ".slope"), true});
    parts.push_back({"∂E/∂net", parts.empty() ? "" : "=", find(layer, ".net.grad"), true});
    parts.push_back({"∂E/∂W", "→", find(layer, ".w.grad"), false});
    return parts;
  }

  int columns_of(const Part& part) const { return part.upright ? 1 : program_.info(part.tensor).shape[1]; }
  int rows_of(const Part& part) const {
    const Shape& shape = program_.info(part.tensor).shape;
    return part.upright ? shape[shape.rank() - 1] : shape[0];
  }
  float sign_width() const { return 4.0f * scene_.unit(); }
  /// The cells of a row of parts, when they fill the width.
  float cell_of(std::span<const Part> parts) const {
    int columns = 0;
    for (const Part& part : parts) columns += columns_of(part);
    return (box_.width() - sign_width() * static_cast<float>(parts.size())) / static_cast<float>(columns);
  }

  void draw_layer(int layer) {
    const NetSpec& spec = scene_.model().spec();
    const std::string name = layer + 1 == spec.layers() ? "output layer" : "hidden layer " + std::to_string(layer + 1);
    put_text(*ImGui::GetWindowDrawList(), title_, {box_.min.x, y_}, scene_.theme.colors.text, name);
    y_ += title_.size + 0.5f * scene_.unit();
    const std::vector<Part> forward = forward_parts(layer), backward = backward_parts(layer);
    std::vector<Part> both = forward;
    both.insert(both.end(), backward.begin(), backward.end());
    // There and back in one row where the cells can hold numbers, else in two.
    const float most = 8.0f * scene_.unit(), holds = 5.0f * scene_.unit();
    if (const float cell = cell_of(both); cell >= holds) {
      draw_parts(both, std::min(cell, most));
    } else {
      const float side = std::min({cell_of(forward), cell_of(backward), most});
      draw_parts(forward, side);
      draw_parts(backward, side);
    }
    y_ += 0.5f * scene_.unit();
  }

  void draw_parts(std::span<const Part> parts, float cell) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Theme& theme = scene_.theme;
    int rows = 0;
    for (const Part& part : parts) rows = std::max(rows, rows_of(part));
    const float tall = cell * static_cast<float>(rows);
    float x = box_.min.x;
    for (const Part& part : parts) {
      const float y = y_ + small_.size + (tall - cell * static_cast<float>(rows_of(part))) / 2;
      put_text(list, title_, {{x, y_ + small_.size}, {x + sign_width(), y_ + small_.size + tall}}, {0.5f, 0.5f}, theme.colors.text_muted, part.sign);
      x += sign_width();
      put_text(list, small_, {x, y - small_.size}, theme.colors.text_muted, part.label);
      draw_part(part, {x, y}, cell);
      x += cell * static_cast<float>(columns_of(part));
    }
    y_ += small_.size + tall + scene_.unit();
  }

  void draw_part(const Part& part, ImVec2 at, float cell) {
    const int rows = rows_of(part), columns = columns_of(part);
    // Of a batch the sample that is shown.
    const std::int64_t first = part.upright && program_.info(part.tensor).shape.rank() == 2 ? static_cast<std::int64_t>(scene_.sample) * rows : 0;
    std::vector<float> values;
    std::vector<std::int64_t> lit;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(rows) * columns; ++i) {
      values.push_back(scene_.is_known({part.tensor, first + i}) ? scene_.lesson.current(part.tensor, first + i) : std::nanf(""));
      if (scene_.is_lit(part.tensor, first + i) || scene_.is_present(part.tensor, first + i)) lit.push_back(first + i);
    }
    const TensorInfo& info = program_.info(part.tensor);
    MatrixData data;
    const std::string key = "tape/" + info.name;
    data.key = key;
    data.version = static_cast<std::uint64_t>(scene_.lesson.step());
    data.values = values;
    data.rows = rows;
    data.columns = columns;
    data.scale = diverging_scale(values);
    data.decimals = scene_.digits == TapeDigits::kFull || scene_.digits == TapeDigits::kFour ? 3 : 2;
    data.name = info.name;
    data.shape = info.shape;
    data.first = first;
    data.lit = lit;
    ImGui::SetCursorScreenPos(at);
    const ImVec2 size{cell * static_cast<float>(columns), cell * static_cast<float>(rows)};
    const MatrixHit hit = draw_matrix(scene_.theme, scene_.context.textures, key.c_str(), size, data);
    if (hit.clicked && scene_.is_known({part.tensor, *hit.clicked})) scene_.explain(part.tensor, *hit.clicked);
  }

  const TapeScene& scene_;
  const Program& program_;
  Rect box_;
  float y_;
  Face title_, small_;
};

// ----------------------------------------------------------------------------------------------------------- algorithm

enum class AlgorithmLine : std::uint8_t { kNone, kNet, kOut, kLoss, kOutputGradient, kNetGradient, kBiasGradient, kWeightGradient, kPassOn, kUpdate };

AlgorithmLine line_of(const NetModel& model, const TapeEntry& entry) {
  using enum AlgorithmLine;
  const std::string_view name = model.program().info(entry.tensor).name;
  const bool last = entry.layer + 1 == model.spec().layers();
  switch (entry.phase) {
    case Phase::kForward: return name.ends_with(".out") || name.ends_with(".p") ? kOut : kNet;
    case Phase::kLoss: return kLoss;
    case Phase::kUpdate: return kUpdate;
    case Phase::kBackward: break;
  }
  if (name.find(".w.grad") != name.npos) return kWeightGradient;
  if (name.find(".b.grad") != name.npos) return kBiasGradient;
  if (name.ends_with(".slope")) return kNetGradient;
  if (name.find(".net.grad") != name.npos) return last && model.spec().loss == NetLoss::kCrossEntropy ? kOutputGradient : kNetGradient;
  return last ? kOutputGradient : kPassOn;
}

struct Written {
  AlgorithmLine line;
  int indent;
  std::vector<MathsItem> items;
};

std::vector<Written> algorithm(const NetSpec& spec) {
  using enum AlgorithmLine;
  const auto letter = [](const char* base, const char* sup = "(k)", const char* sub = "") { return maths_symbol({base, sub, sup}); };
  const auto is = [] { return maths_relation("="); };
  const auto becomes = [] { return maths_relation("←"); };
  const bool cross_entropy = spec.loss == NetLoss::kCrossEntropy;
  std::vector<MathsItem> net = {letter("a"), is()};
  if (spec.biases) net.insert(net.end(), {letter("b"), maths_operator("+")});
  net.insert(net.end(), {letter("W"), letter("h", "(k−1)")});
  std::vector<Written> lines = {
      {kNone, 0, {maths_text("for k = 1 … l:")}},
      {kNet, 1, std::move(net)},
      {kOut, 1, {letter("h"), is(), maths_text("f("), letter("a"), maths_text(")")}},
      {kLoss, 0, {maths_text("J"), is(), maths_text("L(ŷ, y), ŷ"), is(), letter("h", "(l)")}},
      {kOutputGradient, 0, {maths_text("g"), becomes(), cross_entropy ? letter("∇", "", "a") : letter("∇", "", "ŷ"), maths_text("L")}},
      {kNone, 0, {maths_text("for k = l … 1:")}},
      {kNetGradient, 1, {maths_text("g"), becomes(), maths_text("g ⊙ f′("), letter("a"), maths_text(")")}},
      {kBiasGradient, 1, {letter("∇", "", "b"), maths_text("J"), is(), maths_text("g")}},
      {kWeightGradient, 1, {letter("∇", "", "W"), maths_text("J"), is(), maths_text("g · "), letter("h", "(k−1)T")}},
      {kPassOn, 1, {maths_text("g"), becomes(), letter("W", "(k)T"), maths_text("g")}},
      {kUpdate, 0, {maths_text("θ"), becomes(), maths_text("θ"), maths_operator("−"), maths_text("η"), letter("∇", "", "θ"), maths_text("J")}},
  };
  if (!spec.biases) std::erase_if(lines, [](const Written& line) { return line.line == kBiasGradient; });
  return lines;
}

}  // namespace

float draw_tape_matrices(const TapeScene& scene, const Rect& box) { return Modules(scene, box).draw(); }

float draw_tape_algorithm(const TapeScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const float pad = 2 * scene.unit();
  const std::vector<Written> lines = algorithm(scene.model().spec());
  const AlgorithmLine present = scene.present() == nullptr ? AlgorithmLine::kNone : line_of(scene.model(), *scene.present());
  float row = 0.0f, above = 0.0f;
  for (const Written& line : lines) {
    row = std::max(row, maths_height(theme, line.items, box.width(), TextSize::kBody));
    above = std::max(above, maths_ascent(theme, line.items, TextSize::kBody));
  }
  row += 0.25f * scene.unit();
  // In two columns where that leaves room: there, and back.
  const bool wide = box.width() > 62.0f * scene.unit();
  const std::size_t first = wide ? 5 : lines.size();  // the line with which the way back begins is the fifth
  const float head = face_of(theme, TextSize::kBody, Weight::kStrong).size + 0.75f * scene.unit();
  const float height = 2 * pad + head + row * static_cast<float>(wide ? lines.size() - first : lines.size());
  const Rect whole{box.min, {box.max.x, box.min.y + height}};
  card(theme, whole);
  const int k = scene.present() == nullptr ? 0 : scene.present()->layer + 1;
  const std::string where = k > 0 ? "k = " + std::to_string(k) + ", l = " + std::to_string(scene.model().spec().layers()) : "";
  section_title(theme, {box.min.x + pad, box.min.y + pad}, box.width() - 2 * pad, "The algorithm", where);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float column = (box.width() - 2 * pad) / (wide ? 2.0f : 1.0f);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool second = i >= first;
    const float x = box.min.x + pad + (second ? column : 0.0f);
    const float y = box.min.y + pad + head + row * static_cast<float>(second ? i - first : i);
    const Written& line = lines[i];
    const bool lit = line.line != AlgorithmLine::kNone && line.line == present;
    if (lit) {
      list.AddRectFilled({x, y}, {x + column - pad, y + row}, theme.colors.pressed, 0.5f * theme.unit);
      list.AddRectFilled({x, y}, {x + 0.4f * theme.unit, y + row}, theme.colors.accent);
      mirror_text("algorithm", {{x, y}, {x + column, y + row}}, "Now: " + maths_line(line.items) + ". " + where);
    }
    // The lines stand on equal distances, however high what is above their letters.
    const ImVec2 at{x + (1.0f + 3.0f * static_cast<float>(line.indent)) * scene.unit(), y + above - maths_ascent(theme, line.items, TextSize::kBody)};
    put_maths(theme, list, line.items, at, column - 4.0f * scene.unit(), TextSize::kBody);
  }
  return height;
}

}  // namespace chainrule
