// ProgramScene: a program as nodes and edges to draw: op calls, the tensors that are set from outside, and folded parts.
// Pure: no drawing, tested without a screen.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/graph/paths.h"
#include "web/widgets/graph_layout.h"

namespace chainrule {

struct ProgramNode {
  enum class Kind : std::uint8_t { kLeaf, kOp, kPart } kind = Kind::kOp;
  TensorId tensor = kNoTensor;  // whose number it shows: a leaf's own, an op's first output, the last output of a part
  int call = -1;                // kOp
  std::string part;             // kPart: its name; kOp: the innermost part that it could be folded into, or ""
  int calls = 0;                // kPart: how many there are in it
};

struct ProgramEdge {
  int from = 0, to = 0;  // nodes
  TensorId tensor = kNoTensor;
  int path = -1;    // number in the paths, where a gradient comes back along this edge alone
  bool inner = false;  // it ends within a folded part: its local derivative is not that of the part
  int count = 1;    // edges of the program that it stands for
};

struct ProgramScene {
  std::vector<ProgramNode> nodes;
  std::vector<ProgramEdge> edges;
  std::vector<std::string> parts;  // that can be folded now or are, in the order of the program
  std::vector<int> node_of_call;   // −1: not drawn
};

struct ProgramParts {
  std::span<const std::string> groups;  // by forward or loss call: the layer or unit that it belongs to, or ""
  const std::set<std::string>* folded = nullptr;
  bool whole = false;  // gradients and updates as ops of the graph, too; else the forward graph alone
};

inline constexpr std::string_view kForwardPart = "forward", kBackwardPart = "backward", kUpdatePart = "update";

/// Ensures: no circles (a part whose folding would make one stays open); local derivatives are no ops of the graph.
ProgramScene make_program_scene(const Program& program, std::span<const GradientPath> paths, const ProgramParts& parts);

/// The sign of an op in its node: "×", "+", "σ", "matmul".
std::string op_sign(const OpCall& call);
/// What an edge does with the gradient δ that comes to its end, where that is no product element by element: "δ · W",
/// "x^T · δ", "Σ δ".
std::string edge_rule(const Program& program, const GradientPath& path);

}  // namespace chainrule
