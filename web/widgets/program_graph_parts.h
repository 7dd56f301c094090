// What the files of the program graph share.
#pragma once

#include "web/widgets/program_graph.h"

namespace chainrule {

/// A heat map of a tensor, as it was uploaded.
struct TensorPicture {
  std::uint64_t version = 0;
  int width = 0, height = 0;
  std::vector<std::uint32_t> rgba;
};

struct ProgramGraphState::Cache {
  // What the layout was made for.
  const Program* program = nullptr;
  std::size_t calls = 0;
  bool whole = false, down = false;
  std::set<std::string> folded;
  std::string widest;
  float em = 0.0f;

  ProgramScene scene;
  GraphLayout layout;  // at the smallest size of text
  std::map<TensorId, TensorPicture> pictures;
};

/// Where numbers are written, and how large.
struct GraphMetrics {
  TextSize size = TextSize::kCaption;
  Face text, strong, number;
  float em = 0.0f;   // of the smallest text
  float row() const { return 1.4f * em; }
  float pad() const { return 0.5f * em; }
  float picture() const { return 4.0f * em; }
};

/// A number or a picture that can be pressed.
struct GraphItem {
  Rect box;
  TensorId tensor = kNoTensor;
  int node = -1;      // of a node; −1: of an edge
  bool opens = false; // a folded part
  std::string words;  // read out
  bool lit = false;
};

/// Sizes of nodes and labels, at the smallest text.
GraphBox measure_node(const GraphMetrics& metrics, const ProgramGraphData& data, const ProgramNode& node);
GraphBox measure_label(const GraphMetrics& metrics, const ProgramGraphData& data, const ProgramEdge& edge);

inline bool is_scalar(const Program& program, TensorId tensor) { return program.info(tensor).shape.size() == 1; }
/// dL/d tensor, where the drawing shows it at the tensor's node.
TensorId shown_gradient(const ProgramGraphData& data, TensorId tensor);
std::string sign_of(const ProgramGraphData& data, const ProgramNode& node);

/// Draws one frame's nodes and edges into the list, and collects what can be pressed.
class GraphPainter {
 public:
  struct View {
    Rect box;
    ImVec2 middle;  // of the layout, that lies in the middle of the box
    float zoom = 1.0f;
    bool legible = true;  // else nodes are boxes without words
  };
  GraphPainter(const Theme& theme, TextureCache& textures, const ProgramGraphData& data, ProgramGraphState& state, const View& view, const GraphMetrics& metrics)
      : theme_(theme), textures_(textures), data_(data), state_(state), cache_(*state.cache), view_(view), metrics_(metrics), list_(*ImGui::GetWindowDrawList()) {}

  void draw();
  /// Numbers that can be pressed, from the last draw().
  const std::vector<GraphItem>& items() const { return items_; }
  Rect on_screen(const Rect& box) const { return {on_screen(box.min), on_screen(box.max)}; }
  ImVec2 on_screen(ImVec2 at) const {
    const ImVec2 center = view_.box.center();
    return {center.x + (at.x - view_.middle.x) * view_.zoom, center.y + (at.y - view_.middle.y) * view_.zoom};
  }
  /// The node or label of the present op, in the layout's distances.
  std::optional<Rect> present() const;
  bool pointer_is_on = false;  // the drawing is hovered

 private:
  bool visible(const Rect& box) const {
    return box.max.x >= view_.box.min.x && box.min.x <= view_.box.max.x && box.max.y >= view_.box.min.y && box.min.y <= view_.box.max.y;
  }
  void draw_edge(std::size_t number);
  void draw_label(std::size_t number);
  void draw_node(std::size_t number);
  void draw_box(std::size_t number, const Rect& box, bool present, bool lit);
  void draw_head(const ProgramNode& node, const Rect& row);
  void draw_tensor(int node, TensorId value, TensorId gradient, const Rect& box);
  void find_reading();
  /// The folded part in which the present call's work is done; −1: none.
  int present_part() const;
  /// A number on a row: its prefix, then the number or a dash.
  void put_number(int node, const Rect& row, std::string_view prefix, TensorId tensor, bool known, bool lit);
  void put_picture(int node, const Rect& box, TensorId tensor, bool known, bool lit);
  /// Notes what can be pressed, and draws what shows that it is meant.
  bool add_item(GraphItem item);
  bool is_present(TensorId tensor) const { return data_.present >= 0 && data_.program.info(tensor).producer == data_.present; }
  bool is_lit(TensorId tensor) const;
  /// A gradient may be that of several tensors, where ops pass it on: the places at which the present call reads it.
  bool gradient_is_lit(TensorId gradient, TensorId of) const;
  bool path_is_lit(const GradientPath& path) const;
  ImU32 color_of(TensorId tensor) const;
  std::string words_of(TensorId tensor, bool known) const;

  const Theme& theme_;
  TextureCache& textures_;
  const ProgramGraphData& data_;
  ProgramGraphState& state_;
  ProgramGraphState::Cache& cache_;
  View view_;
  GraphMetrics metrics_;
  ImDrawList& list_;
  std::vector<GraphItem> items_;
  int part_ = -1;  // present_part()
  TensorId read_at_ = kNoTensor;   // the present call reads the gradient of this tensor
  TensorId summed_for_ = kNoTensor;  // the present call adds up the paths of this tensor
};

}  // namespace chainrule
