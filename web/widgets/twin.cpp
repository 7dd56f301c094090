#include "web/widgets/twin.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "web/lesson_kit/json.h"
#include "web/text/tr.h"

namespace chainrule {
namespace {

// Events whose widget is not drawn any more mean nothing later.
constexpr std::int64_t kEventFrames = 4;

constexpr const char* kRoleNames[] = {"region", "tabs", "radios", "button", "switch", "slider", "number", "field", "choice",
                                      "tab",    "radio", "cells", "plot",   "drawing", "progress", "text"};

Rect clip_of(const ImGuiWindow& window) { return {window.ClipRect.Min, window.ClipRect.Max}; }

// Whole pixels: less is nothing to a pointer, and a scroll that ends sends nothing more.
JsonText box_json(const Twin::Placed& placed) {
  JsonArray array;
  array.add(placed.id);
  for (const float edge : {placed.box.min.x, placed.box.min.y, placed.box.max.x, placed.box.max.y, placed.clip.min.x,
                           placed.clip.min.y, placed.clip.max.x, placed.clip.max.y}) {
    array.add(static_cast<int>(std::lround(std::clamp(edge, -1e5f, 1e5f))));
  }
  return array.done();
}

bool same_place(const Rect& a, const Rect& b) {
  const auto near = [](float x, float y) { return std::abs(x - y) < 0.5f; };
  return near(a.min.x, b.min.x) && near(a.min.y, b.min.y) && near(a.max.x, b.max.x) && near(a.max.y, b.max.y);
}

JsonText node_json(ImGuiID id, const TwinNode& node) {
  JsonObject object;
  object.add("id", id).add("role", kRoleNames[static_cast<int>(node.role)]).add("name", node.name);
  if (!node.value.empty()) object.add("value", node.value);
  if (!node.help.empty()) object.add("help", node.help);
  if (node.disabled) object.add("disabled", true);
  if (node.over) object.add("over", true);
  if (node.on) object.add("on", *node.on);
  if (node.expanded) object.add("expanded", *node.expanded);
  if (node.role == TwinRole::kSlider || node.role == TwinRole::kNumber || node.role == TwinRole::kProgress)
    object.add("low", node.low).add("high", node.high).add("now", node.now).add("whole", node.whole);
  if (node.role == TwinRole::kChoice) {
    JsonArray options;
    for (const std::string& option : node.options) options.add(option);
    object.add("options", options.done()).add("chosen", node.chosen);
  }
  return object.done();
}

}  // namespace

void Twin::begin_frame() {
  ++frame_;
  nodes_.clear();
  groups_.clear();
  left_out_ = 0;
}

std::string Twin::end_frame() {
  JsonArray changed, moved;
  bool any_changed = false, any_moved = false;
  bool order = nodes_.size() != sent_.size();
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Placed& now = nodes_[i];
    order = order || sent_[i].id != now.id || sent_[i].parent != now.parent;
    // Most frames change no order, so the node of the last frame is at the same place.
    const Placed* before = i < sent_.size() && sent_[i].id == now.id ? &sent_[i] : nullptr;
    if (before == nullptr) {
      const auto found = sent_at_.find(now.id);
      if (found != sent_at_.end()) before = &sent_[found->second];
    }
    if (before == nullptr || !(before->node == now.node)) changed.add(node_json(now.id, now.node)), any_changed = true;
    if (before == nullptr || !same_place(before->box, now.box) || !same_place(before->clip, now.clip))
      moved.add(box_json(now)), any_moved = true;
  }
  std::erase_if(events_, [&](const auto& entry) { return frame_ - entry.second.back().frame > kEventFrames; });
  if (!order && !any_changed && !any_moved && said_.empty()) return "";
  JsonObject message;
  if (any_changed) message.add("changed", changed.done());
  if (any_moved) message.add("moved", moved.done());
  if (order) {
    JsonArray tree;
    for (const Placed& node : nodes_) tree.add(node.id).add(node.parent);
    message.add("tree", tree.done());
  }
  if (!said_.empty()) message.add("say", std::exchange(said_, ""));
  sent_ = nodes_;
  if (order) {
    sent_at_.clear();
    for (std::size_t i = 0; i < sent_.size(); ++i) sent_at_[sent_[i].id] = i;
  }
  return message.done().text;
}

void Twin::receive(ImGuiID id, std::string_view kind, std::string_view text) {
  if (kind == "focus") {
    focused_ = scroll_to_ = id;
    ring_ = text == "visible";
    arrived_ = true;
  } else if (kind == "blur") {
    if (focused_ == id) focused_ = 0;
  } else {
    events_[id].push_back({std::string(kind), std::string(text), frame_});
  }
}

TwinInput Twin::add(ImGuiID id, const Rect& box, TwinNode node) {
  TwinInput input;
  if (nodes_.size() >= kMostNodes) {
    ++left_out_;
    return input;
  }
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  node.disabled = node.disabled || (GImGui->CurrentItemFlags & ImGuiItemFlags_Disabled) != 0;
  node.over = (window->RootWindow->Flags & ImGuiWindowFlags_Popup) != 0;
  input.focused = focused_ == id;
  input.ring = input.focused && ring_;
  input.arrived = input.focused && arrived_;
  if (input.arrived) arrived_ = false;
  if (!node.disabled) take_events(id, input);
  if (scroll_to_ == id) {
    scroll_to_ = 0;
    ImGui::ScrollToRect(window, ImRect(box.min, box.max), ImGuiScrollFlags_KeepVisibleEdgeY);
  }
  nodes_.push_back({id, groups_.empty() ? 0u : groups_.back(), std::move(node), box, clip_of(*window)});
  return input;
}

void Twin::take_events(ImGuiID id, TwinInput& input) {
  const auto found = events_.find(id);
  if (found == events_.end()) return;
  for (Event& event : found->second) {
    if (event.kind == "click") input.clicked = true;
    if (event.kind == "set") input.value = std::move(event.text);
    if (event.kind == "key") input.keys.push_back(std::move(event.text));
  }
  events_.erase(found);
}

void Twin::begin_group(ImGuiID id, TwinRole role, std::string name) {
  const Rect nowhere{};
  if (nodes_.size() < kMostNodes)
    nodes_.push_back({id, groups_.empty() ? 0u : groups_.back(), TwinNode{.role = role, .name = tr_sentence(name)}, nowhere, nowhere});
  groups_.push_back(id);
}

void Twin::end_group() {
  if (!groups_.empty()) groups_.pop_back();
}

Twin* twin() { return static_cast<Twin*>(ImGui::GetIO().UserData); }
void set_twin(Twin* twin) { ImGui::GetIO().UserData = twin; }

TwinInput mirror(const Theme& theme, ImGuiID id, const Rect& box, TwinNode node) {
  Twin* mirrored = twin();
  if (mirrored == nullptr || ImGui::GetCurrentWindow()->SkipItems) return {};
  // A field draws its own frame while it is typed into.
  const bool field = node.role == TwinRole::kNumber || node.role == TwinRole::kField;
  for (std::string* text : {&node.name, &node.help, &node.value}) *text = tr_sentence(*text);
  for (std::string& option : node.options) option = tr_sentence(option);
  TwinInput input = mirrored->add(id, box, std::move(node));
  if (input.ring && !field) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    // A ring that a window's edge would cut off lies inside.
    const ImVec2 low = list.GetClipRectMin(), high = list.GetClipRectMax();
    const ImVec2 min{std::max(box.min.x - 2.0f, low.x + 1.0f), std::max(box.min.y - 2.0f, low.y + 1.0f)};
    const ImVec2 max{std::min(box.max.x + 2.0f, high.x - 1.0f), std::min(box.max.y + 2.0f, high.y - 1.0f)};
    list.AddRect(min, max, theme.colors.focus, theme.unit * 0.5f, 0, 2.0f);
  }
  return input;
}

void mirror_text(const char* id, const Rect& box, std::string text) {
  Twin* mirrored = twin();
  if (mirrored == nullptr || text.empty()) return;
  mirrored->add(ImGui::GetID(id), box, {.role = TwinRole::kText, .name = tr_sentence(text)});
}

void say_place(std::string text) {
  if (Twin* mirrored = twin()) mirrored->say(tr_sentence(text));
}

void refuse(std::string sentence) {
  if (Twin* mirrored = twin()) mirrored->refuse(tr_sentence(sentence));
}

}  // namespace chainrule
