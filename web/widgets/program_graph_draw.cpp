// The drawing of a program's graph: nodes, edges, labels and the heat maps of tensors.
#include <algorithm>
#include <cmath>

#include "web/widgets/color_scale.h"
#include "web/widgets/equation.h"
#include "web/widgets/program_graph_parts.h"

namespace chainrule {
namespace {

constexpr int kMostPicture = 64;  // pixels a side; of larger tensors every k-th row and column

/// How a tensor lies as a picture: matrices as they are, maps side by side, long rows wrapped.
struct PictureForm {
  int width = 1, height = 1;
  int rows = 1, columns = 1;  // of one map
  int across = 1;             // maps in a row

  explicit PictureForm(const Shape& shape) {
    const int rank = shape.rank();
    rows = rank >= 2 ? shape[rank - 2] : 1;
    columns = rank >= 1 ? shape[rank - 1] : 1;
    int maps = static_cast<int>(shape.size() / (static_cast<std::int64_t>(rows) * columns));
    if (rank < 4 && rows == 1 && columns > 8) {  // a long row
      maps = columns;
      columns = 1;
    }
    across = std::max(1, static_cast<int>(std::ceil(std::sqrt(static_cast<float>(maps) * static_cast<float>(rows) / static_cast<float>(columns)))));
    width = across * columns;
    height = (maps + across - 1) / across * rows;
  }
  /// Index of the element at a pixel; −1: none.
  std::int64_t at(int x, int y, std::int64_t size) const {
    const std::int64_t map = static_cast<std::int64_t>(y / rows) * across + x / columns;
    const std::int64_t index = (map * rows + y % rows) * columns + x % columns;
    return index < size ? index : -1;
  }
};

TensorPicture paint(const Theme& theme, const Shape& shape, std::span<const float> values, std::uint64_t version) {
  const PictureForm form(shape);
  TensorPicture picture{version, std::min(form.width, kMostPicture), std::min(form.height, kMostPicture), {}};
  const ColorTable colors(theme, diverging_scale(values));
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const std::int64_t index = form.at(x * form.width / picture.width, y * form.height / picture.height, shape.size());
      picture.rgba.push_back(index < 0 ? 0u : colors(values[static_cast<std::size_t>(index)]));
    }
  }
  return picture;
}

}  // namespace

TensorId shown_gradient(const ProgramGraphData& data, TensorId tensor) {
  return data.whole ? kNoTensor : data.program.gradient_of[static_cast<std::size_t>(tensor)];
}

std::string sign_of(const ProgramGraphData& data, const ProgramNode& node) {
  if (node.kind == ProgramNode::Kind::kOp) return op_sign(data.program.calls[static_cast<std::size_t>(node.call)]);
  return "";
}

GraphBox measure_node(const GraphMetrics& m, const ProgramGraphData& data, const ProgramNode& node) {
  const std::string sign = sign_of(data, node);
  const float head = node.kind == ProgramNode::Kind::kPart
                         ? std::max(text_width(m.strong, node.part), text_width(m.text, std::to_string(node.calls) + " ops")) + m.em
                         : text_width(m.text, data.symbol(node.tensor)) + (sign.empty() ? 0.0f : text_width(m.strong, sign) + 1.2f * m.em) +
                               (node.part.empty() ? 0.0f : 1.2f * m.em);
  const bool graded = shown_gradient(data, node.tensor) != kNoTensor;
  const float more = node.kind == ProgramNode::Kind::kPart ? 2.0f : 1.0f;  // rows above the number
  if (is_scalar(data.program, node.tensor)) {
    const float value = text_width(m.number, data.widest) + (graded ? text_width(m.text, "Σ∂") : 0.0f);
    return {std::max(head, value) + 2 * m.pad(), (more + (graded ? 2.0f : 1.0f)) * m.row() + m.pad()};
  }
  const float pictures = m.picture() * (graded ? 2.0f : 1.0f) + (graded ? m.pad() : 0.0f);
  const float shape = text_width(m.text, data.program.info(node.tensor).shape.text());
  return {std::max({head, pictures, shape}) + 2 * m.pad(), (more + 1.0f) * m.row() + m.picture() + m.pad()};
}

GraphBox measure_label(const GraphMetrics& m, const ProgramGraphData& data, const ProgramEdge& edge) {
  if (edge.path < 0) return {};
  const GradientPath& path = data.paths[static_cast<std::size_t>(edge.path)];
  const bool scalar = is_scalar(data.program, path.gradient);
  const float number = text_width(m.text, "←") + text_width(m.number, data.widest) + 0.9f * m.em;
  float width = scalar ? number : 3.0f * m.em, height = scalar ? m.row() : 2.4f * m.em;
  if (!edge.inner) {
    const bool local_number = path.local != kNoTensor && is_scalar(data.program, path.local);
    width = std::max(width, path.local == kNoTensor ? text_width(m.text, edge_rule(data.program, path)) : local_number ? number : 3.0f * m.em);
    height += path.local != kNoTensor && !local_number ? 2.4f * m.em : m.row();
  }
  return {width + 0.5f * m.pad(), height};
}

bool GraphPainter::is_lit(TensorId tensor) const { return std::ranges::count(data_.lit, tensor) > 0; }

void GraphPainter::find_reading() {
  part_ = present_part();
  read_at_ = summed_for_ = kNoTensor;
  if (data_.present < 0 || data_.whole) return;
  for (const GradientPath& path : data_.paths)
    if (is_present(path.gradient) || (path.local != kNoTensor && is_present(path.local))) {
      read_at_ = data_.program.calls[static_cast<std::size_t>(path.call)].outputs.front();
      return;
    }
  for (const GradientPath& path : data_.paths) {
    const TensorId input = data_.program.calls[static_cast<std::size_t>(path.call)].inputs[static_cast<std::size_t>(path.slot)];
    const std::string& name = data_.program.info(data_.program.calls[static_cast<std::size_t>(data_.present)].outputs.front()).name;
    if (name.starts_with(data_.program.info(input).name + ".grad")) summed_for_ = input;
  }
}

bool GraphPainter::gradient_is_lit(TensorId gradient, TensorId of) const {
  if (!is_lit(gradient)) return false;
  if (!data_.lit_is_present || data_.whole) return true;
  const TensorId after = data_.program.info(of).after;  // an update reads it, too
  return of == read_at_ || (after != kNoTensor && is_present(after));
}

bool GraphPainter::path_is_lit(const GradientPath& path) const {
  if (!is_lit(path.gradient)) return false;
  if (!data_.lit_is_present) return true;
  return summed_for_ != kNoTensor && data_.program.calls[static_cast<std::size_t>(path.call)].inputs[static_cast<std::size_t>(path.slot)] == summed_for_;
}

ImU32 GraphPainter::color_of(TensorId tensor) const {
  switch (data_.program.info(tensor).kind) {
    case TensorKind::kGradient: return theme_.colors.series[1];
    case TensorKind::kParameter: return theme_.colors.series[2];
    case TensorKind::kLoss: return theme_.colors.series[3];
    case TensorKind::kInput:
    case TensorKind::kActivation: return theme_.colors.series[0];
    default: return theme_.colors.text;
  }
}

std::string GraphPainter::words_of(TensorId tensor, bool known) const {
  const TensorId current = data_.current(tensor);
  const std::string symbol = data_.symbol(current);
  if (!known) return symbol + ", not yet computed";
  if (is_scalar(data_.program, tensor)) return symbol + " " + data_.number(data_.buffers[current][0]);
  return symbol + ", " + data_.program.info(tensor).shape.text();
}

int GraphPainter::present_part() const {
  if (data_.present < 0) return -1;
  const auto part_of = [&](std::size_t call) {
    const int node = cache_.scene.node_of_call[call];
    return node >= 0 && cache_.scene.nodes[static_cast<std::size_t>(node)].kind == ProgramNode::Kind::kPart ? node : -1;
  };
  if (cache_.scene.node_of_call[static_cast<std::size_t>(data_.present)] >= 0) return part_of(static_cast<std::size_t>(data_.present));
  for (const GradientPath& path : data_.paths) {
    const OpCall& call = data_.program.calls[static_cast<std::size_t>(path.call)];
    const TensorId input = call.inputs[static_cast<std::size_t>(path.slot)], after = data_.program.info(input).after;
    const TensorId sum = data_.program.gradient_of[static_cast<std::size_t>(input)];
    if (is_present(path.gradient) || (path.local != kNoTensor && is_present(path.local)) || (after != kNoTensor && is_present(after)) || is_present(sum))
      return part_of(static_cast<std::size_t>(path.call));
  }
  return -1;
}

std::optional<Rect> GraphPainter::present() const {
  if (data_.present < 0) return std::nullopt;
  if (const int part = present_part(); part >= 0) return cache_.layout.nodes[static_cast<std::size_t>(part)];
  if (const int node = cache_.scene.node_of_call[static_cast<std::size_t>(data_.present)]; node >= 0) return cache_.layout.nodes[static_cast<std::size_t>(node)];
  for (std::size_t e = 0; e < cache_.scene.edges.size(); ++e) {
    if (cache_.scene.edges[e].path < 0) continue;
    const GradientPath& path = data_.paths[static_cast<std::size_t>(cache_.scene.edges[e].path)];
    if (is_present(path.gradient) || (path.local != kNoTensor && is_present(path.local))) return cache_.layout.routes[e].label;
  }
  for (std::size_t n = 0; n < cache_.scene.nodes.size(); ++n) {
    const TensorId tensor = cache_.scene.nodes[n].tensor, gradient = data_.program.gradient_of[static_cast<std::size_t>(tensor)];
    const TensorId after = data_.program.info(tensor).after;
    if ((gradient != kNoTensor && is_present(gradient)) || (after != kNoTensor && is_present(after))) return cache_.layout.nodes[n];
  }
  return std::nullopt;
}

void GraphPainter::draw() {
  find_reading();
  list_.PushClipRect(view_.box.min, view_.box.max, true);
  for (std::size_t e = 0; e < cache_.scene.edges.size(); ++e) draw_edge(e);
  for (std::size_t n = 0; n < cache_.scene.nodes.size(); ++n) draw_node(n);
  for (std::size_t e = 0; e < cache_.scene.edges.size() && view_.legible; ++e)
    if (cache_.scene.edges[e].path >= 0) draw_label(e);
  list_.PopClipRect();
}

void GraphPainter::draw_edge(std::size_t number) {
  const ProgramEdge& edge = cache_.scene.edges[number];
  const std::vector<ImVec2>& points = cache_.layout.routes[number].points;
  const ProgramNode& to = cache_.scene.nodes[static_cast<std::size_t>(edge.to)];
  const GradientPath* path = edge.path >= 0 ? &data_.paths[static_cast<std::size_t>(edge.path)] : nullptr;
  const bool forward = data_.present >= 0 && to.call == data_.present;
  const bool back = path != nullptr && (is_present(path->gradient) || (path->local != kNoTensor && is_present(path->local)));
  const ImU32 color = forward || back ? theme_.colors.accent : with_alpha(theme_.colors.text_muted, 0.7f);
  const float thickness = forward || back ? 2.5f : edge.count > 1 ? 2.0f : 1.3f;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const ImVec2 a = on_screen(points[i - 1]), b = on_screen(points[i]);
    if (!visible({{std::min(a.x, b.x), std::min(a.y, b.y)}, {std::max(a.x, b.x), std::max(a.y, b.y)}})) continue;
    const ImVec2 middle{(a.x + b.x) / 2, (a.y + b.y) / 2};
    if (cache_.down) list_.AddBezierCubic(a, {a.x, middle.y}, {b.x, middle.y}, b, color, thickness);
    else list_.AddBezierCubic(a, {middle.x, a.y}, {middle.x, b.y}, b, color, thickness);
  }
  const ImVec2 end = on_screen(points.back());
  const float head = std::max(3.0f, 0.35f * metrics_.em * view_.zoom);
  if (cache_.down) list_.AddTriangleFilled(end, {end.x - 0.6f * head, end.y - head}, {end.x + 0.6f * head, end.y - head}, color);
  else list_.AddTriangleFilled(end, {end.x - head, end.y - 0.6f * head}, {end.x - head, end.y + 0.6f * head}, color);
}

void GraphPainter::draw_label(std::size_t number) {
  const ProgramEdge& edge = cache_.scene.edges[number];
  const GradientPath& path = data_.paths[static_cast<std::size_t>(edge.path)];
  const Rect box = on_screen(cache_.layout.routes[number].label);
  const bool known = data_.known(path.gradient), has_local = path.local != kNoTensor && data_.known(path.local) && (known || is_present(path.local));
  if (!visible(box) || (!known && !has_local)) return;
  list_.AddRectFilled(box.min, box.max, with_alpha(theme_.colors.page, 0.94f), 0.5f * theme_.unit);
  const float row = metrics_.row() * view_.zoom, picture = 2.4f * metrics_.em * view_.zoom;
  float y = box.min.y;
  const auto line = [&](float height) {
    const Rect made{{box.min.x, y}, {box.max.x, y + height}};
    y += height;
    return made;
  };
  if (!edge.inner) {
    if (path.local == kNoTensor) put_text(list_, metrics_.text, line(row), {0.5f, 0.5f}, theme_.colors.text_muted, edge_rule(data_.program, path));
    else if (is_scalar(data_.program, path.local)) put_number(-1, line(row), "·", path.local, has_local, !data_.lit_is_present && is_lit(path.local));
    else put_picture(-1, line(picture), path.local, has_local, !data_.lit_is_present && is_lit(path.local));
  }
  if (is_scalar(data_.program, path.gradient)) put_number(-1, line(row), cache_.down ? "↑" : "←", path.gradient, known, path_is_lit(path));
  else put_picture(-1, line(picture), path.gradient, known, path_is_lit(path));
}

void GraphPainter::draw_box(std::size_t number, const Rect& box, bool present, bool lit) {
  const ProgramNode& node = cache_.scene.nodes[number];
  const bool part = node.kind == ProgramNode::Kind::kPart, leaf = node.kind == ProgramNode::Kind::kLeaf;
  const float round = leaf ? 0.25f * theme_.unit : theme_.unit;
  const ImU32 face = part ? theme_.colors.surface_raised : leaf ? theme_.colors.field : theme_.colors.surface;
  if (part)  // a stack
    for (const float by : {6.0f, 3.0f}) {
      list_.AddRectFilled({box.min.x + by, box.min.y + by}, {box.max.x + by, box.max.y + by}, face, round);
      list_.AddRect({box.min.x + by, box.min.y + by}, {box.max.x + by, box.max.y + by}, theme_.colors.outline, round);
    }
  list_.AddRectFilled(box.min, box.max, face, round);
  list_.AddRect(box.min, box.max, present ? theme_.colors.accent : lit ? theme_.colors.highlight : with_alpha(theme_.colors.text_muted, leaf ? 0.25f : 0.55f), round, 0,
                present || lit ? 2.5f : 1.0f);
}

void GraphPainter::draw_node(std::size_t number) {
  const ProgramNode& node = cache_.scene.nodes[number];
  const Rect box = on_screen(cache_.layout.nodes[number]);
  if (!visible(box)) return;
  const TensorId gradient = shown_gradient(data_, node.tensor), current = data_.current(node.tensor);
  const bool within = part_ == static_cast<int>(number) || (data_.present >= 0 && cache_.scene.node_of_call[static_cast<std::size_t>(data_.present)] == static_cast<int>(number));
  const bool present = within || is_present(current) || (gradient != kNoTensor && is_present(gradient));
  draw_box(number, box, present, is_lit(current) || is_lit(node.tensor));
  const int n = static_cast<int>(number);
  const float row = metrics_.row() * view_.zoom, pad = metrics_.pad() * view_.zoom;
  const bool part = node.kind == ProgramNode::Kind::kPart;
  if (!view_.legible) {
    const bool known = data_.known(node.tensor);
    const std::string name = part ? node.part : sign_of(data_, node).empty() ? data_.symbol(node.tensor) : sign_of(data_, node);
    const Face face = face_of(theme_, TextSize::kCaption);
    if (box.height() >= face.size && text_width(face, name) < box.width()) put_text(list_, face, box, {0.5f, 0.5f}, theme_.colors.text, name);
    add_item({box, node.tensor, n, part, part ? node.part : words_of(node.tensor, known)});
    return;
  }
  float y = box.min.y + pad / 2;
  const auto line = [&] {
    const Rect made{{box.min.x + pad, y}, {box.max.x - pad, y + row}};
    y += row;
    return made;
  };
  if (part) {
    const Rect name = line(), count = line();
    const Rect both{name.min, count.max};
    add_item({both, kNoTensor, n, true, node.part + ", " + std::to_string(node.calls) + " ops, folded"});
    put_text(list_, metrics_.strong, name, {0, 0.5f}, theme_.colors.text, node.part);
    put_text(list_, metrics_.text, count, {0, 0.5f}, theme_.colors.text_muted, std::to_string(node.calls) + " ops");
  } else {
    draw_head(node, line());
  }
  if (!is_scalar(data_.program, node.tensor)) {
    draw_tensor(n, node.tensor, gradient, {{box.min.x + pad, y}, {box.max.x - pad, box.max.y - pad / 2}});
    return;
  }
  put_number(n, line(), "", current, data_.known(current), is_lit(current));
  if (gradient == kNoTensor) return;
  const auto paths = std::ranges::count_if(data_.paths, [&](const GradientPath& path) {
    return data_.program.calls[static_cast<std::size_t>(path.call)].inputs[static_cast<std::size_t>(path.slot)] == node.tensor;
  });
  put_number(n, line(), paths > 1 ? "Σ∂" : "∂", gradient, data_.known(gradient), gradient_is_lit(gradient, node.tensor));
}

void GraphPainter::draw_head(const ProgramNode& node, const Rect& row) {
  const std::string sign = sign_of(data_, node);
  float x = row.min.x;
  if (!sign.empty()) {
    const float width = text_width(metrics_.strong, sign) + 0.7f * metrics_.em * view_.zoom;
    const Rect chip{{x, row.min.y + 1}, {x + width, row.max.y - 1}};
    list_.AddRectFilled(chip.min, chip.max, theme_.colors.pressed, chip.height() / 2);
    put_text(list_, metrics_.strong, chip, {0.5f, 0.5f}, theme_.colors.text, sign);
    x += width + 0.4f * metrics_.em * view_.zoom;
  }
  const float size = metrics_.text.size;
  draw_formula(theme_, &list_, {x, row.center().y - 0.55f * size}, 1e6f, theme_.colors.text_muted, data_.formula(data_.current(node.tensor)), metrics_.size);
}

void GraphPainter::draw_tensor(int node, TensorId value, TensorId gradient, const Rect& box) {
  const float side = metrics_.picture() * view_.zoom, gap = metrics_.pad() * view_.zoom, row = metrics_.row() * view_.zoom;
  const TensorId current = data_.current(value);
  put_picture(node, {box.min, {box.min.x + side, box.min.y + side}}, current, data_.known(current), is_lit(current));
  if (gradient != kNoTensor)
    put_picture(node, {{box.min.x + side + gap, box.min.y}, {box.min.x + 2 * side + gap, box.min.y + side}}, gradient, data_.known(gradient),
                gradient_is_lit(gradient, value));
  put_text(list_, metrics_.text, {{box.min.x, box.min.y + side}, {box.max.x, box.min.y + side + row}}, {0, 0.5f}, theme_.colors.text_muted,
           data_.program.info(value).shape.text());
}

bool GraphPainter::add_item(GraphItem item) {
  const bool cursor = static_cast<int>(items_.size()) == state_.cursor;
  const bool hot = pointer_is_on && item.box.contains(ImGui::GetIO().MousePos) && view_.box.contains(ImGui::GetIO().MousePos);
  if (item.tensor != kNoTensor && is_present(item.tensor)) list_.AddRectFilled(item.box.min, item.box.max, with_alpha(theme_.colors.accent, 0.22f), 0.5f * theme_.unit);
  else if (item.lit) list_.AddRectFilled(item.box.min, item.box.max, with_alpha(theme_.colors.highlight, 0.35f), 0.5f * theme_.unit);
  if (hot) list_.AddRectFilled(item.box.min, item.box.max, theme_.colors.hover, 0.5f * theme_.unit);
  if (cursor) list_.AddRect({item.box.min.x - 2, item.box.min.y - 1}, {item.box.max.x + 2, item.box.max.y + 1}, theme_.colors.focus, 0.5f * theme_.unit, 0, 2.0f);
  items_.push_back(std::move(item));
  return hot;
}

void GraphPainter::put_number(int node, const Rect& row, std::string_view prefix, TensorId tensor, bool known, bool lit) {
  const bool hot = add_item({row, tensor, node, false, words_of(tensor, known), lit});
  const Rect inner = row.shrunk(0.15f * metrics_.em, 0);
  const std::string text = known ? data_.number(data_.buffers[tensor][0]) : "–";
  // On edges the sign stands right before its number.
  const float end = node < 0 ? inner.max.x - text_width(metrics_.number, text) - 0.4f * metrics_.em : inner.max.x;
  put_text(list_, metrics_.text, {inner.min, {end, inner.max.y}}, {node < 0 ? 1.0f : 0.0f, 0.5f}, theme_.colors.text_muted, prefix);
  put_text(list_, metrics_.number, inner, {1, 0.5f}, !known ? theme_.colors.text_muted : hot ? theme_.colors.accent : color_of(tensor), text);
}

void GraphPainter::put_picture(int node, const Rect& box, TensorId tensor, bool known, bool lit) {
  add_item({box, tensor, node, false, words_of(tensor, known), lit});
  if (!known) {
    list_.AddRect(box.min, box.max, theme_.colors.outline);
    put_text(list_, metrics_.text, box, {0.5f, 0.5f}, theme_.colors.text_muted, "–");
    return;
  }
  TensorPicture& picture = cache_.pictures[tensor];
  const std::uint64_t version = data_.version * 2 + (theme_.mode == ThemeMode::kDark ? 1 : 0) + 1;
  if (picture.version != version) picture = paint(theme_, data_.program.info(tensor).shape, data_.buffers[tensor], version);
  const float scale = std::min(box.width() / static_cast<float>(picture.width), box.height() / static_cast<float>(picture.height));
  const ImVec2 size{scale * static_cast<float>(picture.width), scale * static_cast<float>(picture.height)}, center = box.center();
  const ImVec2 min{center.x - size.x / 2, center.y - size.y / 2}, max{center.x + size.x / 2, center.y + size.y / 2};
  const ImTextureID texture = textures_.update("graph/" + std::to_string(tensor), version, picture.width, picture.height, picture.rgba);
  list_.AddImage(texture, min, max);
  list_.AddRect(min, max, is_present(tensor) ? theme_.colors.accent : theme_.colors.outline, 0, 0, is_present(tensor) ? 2.0f : 1.0f);
}

}  // namespace chainrule
