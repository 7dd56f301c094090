// Program graph: any Program of the engine as a computing graph. Nodes are op calls and the tensors that are set from
// outside, with their values; on each edge the local derivative and the gradient that comes back along it; at each node the
// gradient that its paths add up to. Parts can be folded. Nothing is computed here: every number is an element of a tensor.
//
// One element of the page: arrow keys walk to the nearest number, Enter asks where it comes from, Space folds or opens the
// part it belongs to, Ctrl and arrows move the picture. The wheel zooms, a drag moves.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/graph/buffers.h"
#include "web/app/draw_context.h"
#include "web/widgets/program_scene.h"

namespace chainrule {

struct ProgramGraphData {
  const Program& program;
  const Buffers<float>& buffers;
  std::span<const GradientPath> paths;
  std::span<const std::string> groups;  // by forward or loss call
  bool whole = false;                   // gradients and updates as ops of the graph, too
  std::uint64_t version = 0;            // changes with the numbers
  int present = -1;                     // the call that was just done
  std::span<const TensorId> lit;        // operands of the present call, or of the derivation that is open
  bool lit_is_present = true;           // of the present call: then gradients are lit where it reads them, not wherever they stand
  // What the lesson knows about tensors:
  std::function<bool(TensorId)> known;               // is its number there yet?
  std::function<TensorId(TensorId)> current;         // of a parameter the updated one once it is there
  std::function<bool(TensorId)> settable;
  std::function<std::string(TensorId)> symbol;       // in one line: "net_h1", "∂E/∂w5"
  std::function<std::string(TensorId)> formula;      // the same for draw_formula: "net_{h1}"
  std::function<std::string(float)> number;
  std::string widest = "−0.0000";                    // a number of the usual width
};

/// What people look at.
struct ProgramGraphState {
  std::set<std::string> folded;
  int zoom = -1;                // index of the zoom levels; −1: what fits
  int shown_zoom = 0;           // the level that was drawn last
  std::optional<ImVec2> middle; // of the view, in the layout's own distances
  int cursor = -1;              // among the numbers
  std::uint64_t followed = 0;   // version that was brought into sight
  TensorId dragged = kNoTensor; // the number that a drag changes
  TensorId chosen = kNoTensor;  // the number that was pressed or walked to last: it can be typed over

  struct Cache;
  std::shared_ptr<Cache> cache;  // layout and pictures
};

struct ProgramGraphHit {
  std::optional<TensorId> asked;     // a single number: where does it come from?
  std::optional<TensorId> selected;  // a number or a whole tensor that was pressed
  std::optional<std::pair<TensorId, float>> set;  // a number that was dragged
};

ProgramGraphHit draw_program_graph(const Theme& theme, TextureCache& textures, const char* id, const Rect& box, const ProgramGraphData& data,
                                   ProgramGraphState& state);

/// Buttons for what the drawing does with wheel and drag: closer, further, all; parts to fold and open. Returns their height.
float draw_program_graph_tools(const Theme& theme, ImVec2 at, float width, ProgramGraphState& state);

}  // namespace chainrule
