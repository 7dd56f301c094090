#include "web/widgets/program_graph.h"

#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/text.h"
#include "web/widgets/controls.h"
#include "web/widgets/program_graph_parts.h"
#include "web/widgets/spots.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

// Below 1 nodes are boxes without numbers; from 1 on words have the sizes of the theme's faces, which are sharp.
constexpr std::array kSmallZooms = {0.2f, 0.35f, 0.6f};
constexpr int kZooms = static_cast<int>(kSmallZooms.size()) + 4, kFirstLegible = static_cast<int>(kSmallZooms.size());

TextSize text_size(int zoom) { return static_cast<TextSize>(std::max(zoom - kFirstLegible, 0)); }

float zoom_of(const Theme& theme, int zoom) {
  if (zoom < kFirstLegible) return kSmallZooms[static_cast<std::size_t>(zoom)];
  return face_of(theme, text_size(zoom)).size / face_of(theme, TextSize::kCaption).size;
}

GraphMetrics metrics_of(const Theme& theme, TextSize size) {
  return {size, face_of(theme, size), face_of(theme, size, Weight::kStrong), face_of(theme, size, Weight::kNumber), face_of(theme, TextSize::kCaption).size};
}

void prepare(const Theme& theme, const Rect& box, const ProgramGraphData& data, ProgramGraphState& state) {
  if (state.cache == nullptr) state.cache = std::make_shared<ProgramGraphState::Cache>();
  ProgramGraphState::Cache& cache = *state.cache;
  const GraphMetrics metrics = metrics_of(theme, TextSize::kCaption);
  const bool down = box.height() > 1.05f * box.width() || box.width() < 62 * theme.unit;  // on phones one goes down
  const bool same = cache.program == &data.program && cache.calls == data.program.calls.size() && cache.whole == data.whole && cache.down == down &&
                    cache.folded == state.folded && cache.widest == data.widest && cache.em == metrics.em;
  if (same) return;
  const bool other = cache.program != &data.program || cache.calls != data.program.calls.size() || cache.whole != data.whole;
  cache = {&data.program, data.program.calls.size(), data.whole, down, state.folded, data.widest, metrics.em, {}, {}, {}};
  if (other) {
    state.zoom = -1;
    state.middle.reset();
    state.chosen = kNoTensor;
  }
  state.cursor = -1;
  state.followed = 0;
  cache.scene = make_program_scene(data.program, data.paths, {data.groups, &state.folded, data.whole});
  std::vector<GraphBox> nodes;
  std::vector<GraphEdge> edges;
  for (const ProgramNode& node : cache.scene.nodes) nodes.push_back(measure_node(metrics, data, node));
  for (const ProgramEdge& edge : cache.scene.edges) edges.push_back({edge.from, edge.to, measure_label(metrics, data, edge)});
  cache.layout = layout_graph(nodes, edges, {.node = 0.9f * metrics.em, .edge = 0.6f * metrics.em, .layer = 0.85f * metrics.em, .down = down});
}

/// The largest size at which all is seen; else the smallest that can be read.
int fitting_zoom(const Theme& theme, const Rect& box, const ImVec2& size) {
  for (int zoom = kZooms - 1; zoom > kFirstLegible; --zoom)
    if (size.x * zoom_of(theme, zoom) <= box.width() - 2 * theme.unit && size.y * zoom_of(theme, zoom) <= box.height() - 2 * theme.unit) return zoom;
  return kFirstLegible;
}

float nearest(float at, float size, float view) {
  return size <= view ? size / 2 : std::clamp(at, view / 2 - 12.0f, size - view / 2 + 12.0f);
}

/// Where a key leads: to what is nearest in its direction.
int next_item(const std::vector<GraphItem>& items, int from, std::string_view key) {
  std::vector<Rect> spots;
  for (const GraphItem& item : items) spots.push_back(item.box);
  return from < 0 || from >= static_cast<int>(spots.size()) ? 0 : moved_spot(spots, from, key);
}

class GraphInput {
 public:
  GraphInput(const Theme& theme, const ProgramGraphData& data, ProgramGraphState& state, const Press& press, const GraphPainter& painter, float zoom)
      : theme_(theme), data_(data), state_(state), press_(press), items_(painter.items()), zoom_(zoom) {}

  ProgramGraphHit take() {
    pointer();
    keys();
    type();
    return std::move(hit_);
  }

 private:
  const GraphItem* pointed() const {
    const auto found = std::ranges::find_if(items_, [](const GraphItem& item) { return item.box.contains(ImGui::GetIO().MousePos); });
    return found == items_.end() ? nullptr : &*found;
  }
  bool can_drag(const GraphItem& item) const { return item.tensor != kNoTensor && is_scalar(data_.program, item.tensor) && data_.settable(item.tensor); }

  void act(const GraphItem& item) {
    if (item.opens) {
      fold(item.node);
      return;
    }
    if (item.tensor == kNoTensor || !data_.known(item.tensor)) return;
    hit_.selected = state_.chosen = item.tensor;
    if (is_scalar(data_.program, item.tensor)) hit_.asked = item.tensor;
  }

  /// The number that was chosen last can be typed over where it stands.
  void type() {
    const auto found = std::ranges::find_if(items_, [&](const GraphItem& item) { return item.tensor == state_.chosen && can_drag(item); });
    if (found == items_.end() || !press_.box.contains(found->box.min) || !press_.box.contains(found->box.max)) return;
    const NumberField field{-3.4e38, 3.4e38, false, "Another number, at once everywhere"};
    const std::string symbol = data_.symbol(found->tensor), now = shortest_text(data_.buffers[found->tensor][0]);
    const std::optional<std::string> typed = number_spot(theme_, ("Set " + symbol).c_str(), found->box, now, field);
    if (!typed) return;
    const Result<float> value = parse_float(*typed);
    if (value.ok() && std::isfinite(value.value())) hit_.set = {found->tensor, value.value()};
    else refuse("\"" + *typed + "\" is no number that fits: a number from −3.4e38 to 3.4e38 is. " + symbol + " keeps " + now + ".");
  }

  void fold(int node) {
    if (node < 0) return;
    const ProgramNode& at = state_.cache->scene.nodes[static_cast<std::size_t>(node)];
    if (at.part.empty()) return;
    if (at.kind == ProgramNode::Kind::kPart) state_.folded.erase(at.part);
    else state_.folded.insert(at.part);
  }

  void pointer() {
    const ImGuiIO& io = ImGui::GetIO();
    if (press_.held && ImGui::IsMouseClicked(0)) {
      const GraphItem* item = pointed();
      state_.dragged = item != nullptr && can_drag(*item) ? item->tensor : kNoTensor;
    }
    const ImVec2 drag = ImGui::GetMouseDragDelta(0, 0.0f);
    const bool far = std::hypot(drag.x, drag.y) > 4.0f;
    if (press_.held && far && (io.MouseDelta.x != 0 || io.MouseDelta.y != 0)) {
      if (state_.dragged != kNoTensor) {
        const float value = data_.buffers[data_.current(state_.dragged)][0];
        hit_.set = {state_.dragged, std::round((value + 0.01f * io.MouseDelta.x) * 100.0f) / 100.0f};
      } else if (state_.middle) {
        state_.middle = ImVec2{state_.middle->x - io.MouseDelta.x / zoom_, state_.middle->y - io.MouseDelta.y / zoom_};
      }
    }
    if (!press_.hovered && !press_.held) return;
    const GraphItem* item = pointed();
    if (press_.pressed && !press_.by_keyboard && !far && item != nullptr) act(*item);
    if (item != nullptr && !far) tip(*item, std::nullopt);
    // Fingers that move the picture scroll nothing.
    const bool edits = item != nullptr && can_drag(*item);
    ImGui::SetMouseCursor(edits ? ImGuiMouseCursor_ResizeEW : item != nullptr && !theme_.touch ? ImGuiMouseCursor_Hand : ImGuiMouseCursor_ResizeAll);
  }

  void keys() {
    if (!press_.twin.focused) {
      state_.cursor = -1;
      return;
    }
    const int before = state_.cursor;
    for (const std::string& key : press_.twin.keys) {
      if (key.starts_with("Ctrl+")) {
        const float far = 12.0f * theme_.unit / zoom_;
        if (state_.middle)
          state_.middle = ImVec2{state_.middle->x + far * static_cast<float>(key.ends_with("Right") - key.ends_with("Left")),
                                 state_.middle->y + far * static_cast<float>(key.ends_with("Down") - key.ends_with("Up"))};
      } else if (key == "Enter" || key == " ") {
        if (state_.cursor < 0 || state_.cursor >= static_cast<int>(items_.size())) continue;
        const GraphItem& item = items_[static_cast<std::size_t>(state_.cursor)];
        if (key == "Enter") act(item);
        else fold(item.node);
      } else {
        state_.cursor = next_item(items_, state_.cursor, key);
      }
    }
    if (state_.cursor < 0 && press_.twin.ring && !items_.empty()) state_.cursor = 0;
    if (state_.cursor < 0 || state_.cursor >= static_cast<int>(items_.size())) return;
    const GraphItem& item = items_[static_cast<std::size_t>(state_.cursor)];
    if (state_.cursor != before || press_.twin.arrived) {
      state_.chosen = item.tensor;
      say_place(item.words);
      bring_into_sight(item);
    }
    if (press_.twin.ring && !press_.hovered) tip(item, ImVec2{item.box.max.x, item.box.max.y});
  }

  void bring_into_sight(const GraphItem& item) {
    const Rect inner = press_.box.shrunk(3 * theme_.unit, 3 * theme_.unit);
    if (!state_.middle || (inner.contains(item.box.min) && inner.contains(item.box.max))) return;
    const ImVec2 center = item.box.center(), middle = press_.box.center();
    state_.middle = ImVec2{state_.middle->x + (center.x - middle.x) / zoom_, state_.middle->y + (center.y - middle.y) / zoom_};
  }

  void tip(const GraphItem& item, std::optional<ImVec2> anchor) const {
    if (item.opens || item.tensor == kNoTensor) {
      value_tip(theme_, item.words, "Click opens it", anchor);
      return;
    }
    const bool known = data_.known(item.tensor), scalar = is_scalar(data_.program, item.tensor);
    const int producer = data_.program.info(item.tensor).producer;
    std::string detail = producer < 0 ? std::string(kind_name(data_.program.info(item.tensor).kind))
                                      : std::string(op_info(data_.program.calls[static_cast<std::size_t>(producer)].kind).name);
    if (can_drag(item)) detail += "\nDrag it sideways, or press it twice to type";
    value_tip(theme_, scalar && known ? data_.symbol(item.tensor) + " = " + value_text(data_.buffers[item.tensor][0], 9) : item.words, detail, anchor);
  }

  const Theme& theme_;
  const ProgramGraphData& data_;
  ProgramGraphState& state_;
  const Press& press_;
  const std::vector<GraphItem>& items_;
  float zoom_;
  ProgramGraphHit hit_;
};

}  // namespace

ProgramGraphHit draw_program_graph(const Theme& theme, TextureCache& textures, const char* id, const Rect& box, const ProgramGraphData& data,
                                   ProgramGraphState& state) {
  if (box.width() < 8 * theme.unit || box.height() < 8 * theme.unit) return {};
  prepare(theme, box, data, state);
  const ProgramGraphState::Cache& cache = *state.cache;
  if (cache.scene.nodes.empty()) return {};
  const std::string name = "Computing graph, " + std::to_string(cache.scene.nodes.size()) + " nodes";
  const Press press = press_area(theme, id, box,
                                 {.role = TwinRole::kDrawing, .name = name,
                                  .help = "Arrow keys: the nearest number; Enter: where it comes from; Space: folds or opens a part; Ctrl and arrows: move"});
  const ImVec2 size = cache.layout.size;
  int level = state.zoom < 0 ? fitting_zoom(theme, box, size) : state.zoom;
  if (press.hovered) ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
  if (const float wheel = ImGui::GetIO().MouseWheel; press.hovered && wheel != 0.0f) {
    const int next = std::clamp(level + (wheel > 0 ? 1 : -1), 0, kZooms - 1);
    // What is under the pointer stays there.
    const ImVec2 mouse = ImGui::GetIO().MousePos, center = box.center(), middle = state.middle.value_or(ImVec2{size.x / 2, size.y / 2});
    const float change = 1.0f / zoom_of(theme, level) - 1.0f / zoom_of(theme, next);
    state.middle = ImVec2{middle.x + (mouse.x - center.x) * change, middle.y + (mouse.y - center.y) * change};
    state.zoom = level = next;
  }
  state.shown_zoom = level;
  const float zoom = zoom_of(theme, level);
  if (!state.middle) state.middle = ImVec2{};
  const auto within = [&] {
    state.middle = ImVec2{nearest(state.middle->x, size.x, box.width() / zoom), nearest(state.middle->y, size.y, box.height() / zoom)};
  };
  within();
  GraphPainter::View view{box, *state.middle, zoom, level >= kFirstLegible};
  if (state.followed != data.version + 1) {  // the present op comes into sight
    state.followed = data.version + 1;
    const GraphPainter probe(theme, textures, data, state, view, metrics_of(theme, text_size(level)));
    if (const std::optional<Rect> present = probe.present()) {
      const Rect seen = probe.on_screen(*present), inner = box.shrunk(2 * theme.unit, 2 * theme.unit);
      if (!inner.contains(seen.min) || !inner.contains(seen.max)) state.middle = present->center();
      within();
      view.middle = *state.middle;
    }
  }
  GraphPainter painter(theme, textures, data, state, view, metrics_of(theme, text_size(level)));
  painter.pointer_is_on = press.hovered;
  painter.draw();
  return GraphInput(theme, data, state, press, painter, zoom).take();
}

float draw_program_graph_tools(const Theme& theme, ImVec2 at, float width, ProgramGraphState& state) {
  const float side = target_size(theme), gap = 0.5f * theme.unit;
  float x = at.x;
  const auto place = [&](float wide) {
    ImGui::SetCursorScreenPos({x, at.y});
    x += wide + gap;
  };
  const int present = state.zoom < 0 ? state.shown_zoom : state.zoom;
  place(side);
  if (icon_button(theme, "Further away", Icon::kMinus, "Shows more of the graph, smaller.", ButtonLook::kQuiet, present > 0)) state.zoom = std::max(present - 1, 0);
  place(side);
  if (icon_button(theme, "Closer", Icon::kPlus, "Shows less of the graph, larger.", ButtonLook::kQuiet, present + 1 < kZooms)) state.zoom = std::min(present + 1, kZooms - 1);
  const float fit = text_button_width(theme, "Fit");
  place(fit);
  if (text_button(theme, "Fit", state.zoom < 0 ? ButtonLook::kChosen : ButtonLook::kQuiet)) {
    state.zoom = -1;
    state.middle.reset();
  }
  if (state.cache == nullptr || state.cache->scene.parts.empty() || x + side > at.x + width) return side;
  const std::vector<std::string>& parts = state.cache->scene.parts;
  std::vector<std::string> labels;
  for (const std::string& part : parts) labels.push_back((state.folded.contains(part) ? "Open " : "Fold ") + part);
  labels.push_back("Fold all parts");
  labels.push_back("Open all parts");
  std::vector<MenuRow> rows;
  for (const std::string& label : labels) rows.push_back({label.c_str()});
  place(side);
  if (const std::optional<int> row = menu(theme, "Parts of the graph", Icon::kMore, rows)) {
    const auto index = static_cast<std::size_t>(*row);
    if (index == parts.size()) state.folded.insert(parts.begin(), parts.end());
    else if (index > parts.size()) state.folded.clear();
    else if (!state.folded.erase(parts[index])) state.folded.insert(parts[index]);
  }
  return side;
}

}  // namespace chainrule
