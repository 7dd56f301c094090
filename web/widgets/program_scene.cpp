#include "web/widgets/program_scene.h"

#include <algorithm>
#include <map>

namespace chainrule {
namespace {

class SceneBuilder {
 public:
  SceneBuilder(const Program& program, std::span<const GradientPath> paths, const ProgramParts& parts)
      : program_(program), paths_(paths), parts_(parts), local_(program.calls.size(), false) {
    for (const GradientPath& path : paths_)
      if (path.local != kNoTensor && program_.info(path.local).producer >= 0) local_[static_cast<std::size_t>(program_.info(path.local).producer)] = true;
  }

  ProgramScene build() {
    // Parts are folded one after the other, and those that would make a circle stay open.
    std::set<std::string> folded;
    ProgramScene scene = with(folded);
    for (const std::string& part : all_parts()) {
      if (parts_.folded == nullptr || !parts_.folded->contains(part)) continue;
      folded.insert(part);
      ProgramScene next = with(folded);
      std::vector<GraphEdge> edges;
      for (const ProgramEdge& edge : next.edges) edges.push_back({edge.from, edge.to});
      if (has_circle(static_cast<int>(next.nodes.size()), edges)) folded.erase(part);
      else scene = std::move(next);
    }
    scene.parts = all_parts();
    return scene;
  }

 private:
  bool is_drawn(int number) const {
    const OpCall& call = program_.calls[static_cast<std::size_t>(number)];
    const bool forward = call.phase == Phase::kForward || call.phase == Phase::kLoss;
    return forward || (parts_.whole && !local_[static_cast<std::size_t>(number)]);
  }

  /// From the outside in.
  std::vector<std::string> parts_of(int number) const {
    const Phase phase = program_.calls[static_cast<std::size_t>(number)].phase;
    std::vector<std::string> list;
    if (phase == Phase::kBackward) return {std::string(kBackwardPart)};
    if (phase == Phase::kUpdate) return {std::string(kUpdatePart)};
    if (parts_.whole) list.emplace_back(kForwardPart);
    const auto index = static_cast<std::size_t>(number);
    if (index < parts_.groups.size() && !parts_.groups[index].empty()) list.push_back(parts_.groups[index]);
    return list;
  }

  /// A part of one op is none.
  std::vector<std::string> all_parts() const {
    std::vector<std::string> order;
    std::map<std::string, int> size;
    for (int call = 0; call < static_cast<int>(program_.calls.size()); ++call) {
      if (!is_drawn(call)) continue;
      for (const std::string& part : parts_of(call))
        if (size[part]++ == 0) order.push_back(part);
    }
    std::erase_if(order, [&](const std::string& part) { return size[part] < 2; });
    return order;
  }

  ProgramScene with(const std::set<std::string>& folded) const {
    ProgramScene scene;
    scene.node_of_call.assign(program_.calls.size(), -1);
    const std::vector<std::string> foldable = all_parts();
    std::map<std::string, int> node_of_part;
    for (int call = 0; call < static_cast<int>(program_.calls.size()); ++call) {
      if (!is_drawn(call)) continue;
      const std::vector<std::string> parts = parts_of(call);
      const auto closed = std::ranges::find_if(parts, [&](const std::string& part) { return folded.contains(part); });
      int& node = scene.node_of_call[static_cast<std::size_t>(call)];
      if (closed == parts.end()) {
        node = static_cast<int>(scene.nodes.size());
        const bool can_fold = !parts.empty() && std::ranges::count(foldable, parts.back()) > 0;
        scene.nodes.push_back({ProgramNode::Kind::kOp, output_of(call), call, can_fold ? parts.back() : "", 1});
        continue;
      }
      const auto [at, is_new] = node_of_part.try_emplace(*closed, static_cast<int>(scene.nodes.size()));
      if (is_new) scene.nodes.push_back({ProgramNode::Kind::kPart, kNoTensor, -1, *closed, 0});
      node = at->second;
      ProgramNode& part = scene.nodes[static_cast<std::size_t>(node)];
      part.tensor = output_of(call);
      ++part.calls;
    }
    add_edges(scene);
    return scene;
  }

  TensorId output_of(int call) const { return program_.calls[static_cast<std::size_t>(call)].outputs.front(); }

  void add_edges(ProgramScene& scene) const {
    std::map<TensorId, int> leaves;
    for (int number = 0; number < static_cast<int>(program_.calls.size()); ++number) {
      const int to = scene.node_of_call[static_cast<std::size_t>(number)];
      if (to < 0) continue;
      const OpCall& call = program_.calls[static_cast<std::size_t>(number)];
      for (std::size_t slot = 0; slot < call.inputs.size(); ++slot) {
        const TensorId tensor = call.inputs[slot];
        const int producer = program_.info(tensor).producer;
        int from = producer < 0 ? -1 : scene.node_of_call[static_cast<std::size_t>(producer)];
        if (from < 0) {
          if (is_inside(scene, tensor, to)) continue;
          const auto [at, is_new] = leaves.try_emplace(tensor, static_cast<int>(scene.nodes.size()));
          if (is_new) scene.nodes.push_back({ProgramNode::Kind::kLeaf, tensor, -1, "", 0});
          from = at->second;
        }
        if (from != to) add_edge(scene, {from, to, tensor, path_of(number, static_cast<int>(slot)), false, 1});
      }
    }
  }

  /// Is what is set from outside used by one folded part only? Then it is inside.
  bool is_inside(const ProgramScene& scene, TensorId tensor, int part) const {
    if (scene.nodes[static_cast<std::size_t>(part)].kind != ProgramNode::Kind::kPart) return false;
    for (std::size_t number = 0; number < program_.calls.size(); ++number)
      if (scene.node_of_call[number] >= 0 && scene.node_of_call[number] != part && std::ranges::count(program_.calls[number].inputs, tensor) > 0)
        return false;
    return true;
  }

  void add_edge(ProgramScene& scene, ProgramEdge edge) const {
    edge.inner = scene.nodes[static_cast<std::size_t>(edge.to)].kind == ProgramNode::Kind::kPart;
    if (edge.inner) {  // several ops of a part read it: one line
      const auto same = std::ranges::find_if(scene.edges, [&](const ProgramEdge& other) {
        return other.from == edge.from && other.to == edge.to && other.tensor == edge.tensor;
      });
      if (same != scene.edges.end()) {
        ++same->count;
        same->path = -1;  // a sum over paths within
        return;
      }
    }
    scene.edges.push_back(edge);
  }

  int path_of(int call, int slot) const {
    if (parts_.whole) return -1;  // gradients are nodes
    for (std::size_t i = 0; i < paths_.size(); ++i)
      if (paths_[i].call == call && paths_[i].slot == slot) return static_cast<int>(i);
    return -1;
  }

  const Program& program_;
  std::span<const GradientPath> paths_;
  ProgramParts parts_;
  std::vector<bool> local_;  // by call: it computes a local derivative
};

/// "W" of "h.w", "x" of "fc1.x", "W" of "W".
std::string short_name(const std::string& name) {
  const std::size_t point = name.rfind('.');
  const std::string last = point == name.npos ? name : name.substr(point + 1);
  return last == "w" ? "W" : last;
}

}  // namespace

ProgramScene make_program_scene(const Program& program, std::span<const GradientPath> paths, const ProgramParts& parts) {
  return SceneBuilder(program, paths, parts).build();
}

std::string op_sign(const OpCall& call) {
  switch (call.kind) {
    case OpKind::kMultiply: return "×";
    case OpKind::kAdd:
    case OpKind::kBias: return "+";
    case OpKind::kSubtract: return "−";
    case OpKind::kNegate: return "−x";
    case OpKind::kMatMul: return "matmul";
    case OpKind::kConv2d: return "conv";
    case OpKind::kMaxPool: return "max";
    case OpKind::kSum: return "Σ";
    case OpKind::kMean: return "mean";
    case OpKind::kReshape: return "reshape";
    case OpKind::kSquaredError: return call.attributes.form == SquaredErrorForm::kHalfSum ? "½Σ²" : "mean²";
    case OpKind::kSoftmaxCrossEntropy: return "−ln p";
    case OpKind::kSgdStep: return "− η·";
    case OpKind::kActivateGrad: return "· f′";
    case OpKind::kSquaredErrorGrad: return "y − t";
    case OpKind::kSoftmaxCrossEntropyGrad: return "p − 1";
    case OpKind::kBiasGrad: return "Σ";
    case OpKind::kSpread: return "/ n";
    case OpKind::kMaxPoolGrad: return "to max";
    case OpKind::kConv2dInputGrad: return "∗ W";
    case OpKind::kConv2dKernelGrad: return "x ∗";
    case OpKind::kActivate:
      if (call.attributes.activation == Activation::kLogistic) return "σ";
      if (call.attributes.activation == Activation::kRelu) return "relu";
      return std::string(kActivationNames[static_cast<std::size_t>(call.attributes.activation)]);
    default: return std::string(op_info(call.kind).name);
  }
}

std::string edge_rule(const Program& program, const GradientPath& path) {
  const OpCall& call = program.calls[static_cast<std::size_t>(path.call)];
  switch (call.kind) {
    case OpKind::kMatMul: {
      const bool first = path.slot == 0;
      const std::string other = short_name(program.info(call.inputs[first ? 1 : 0]).name);
      // dA = dy · Bᵀ and dB = Aᵀ · dy; with a stored transposed what is turned changes.
      if (first) return "δ · " + other + (call.attributes.transpose_b ? "" : "^T");
      return call.attributes.transpose_b ? "δ^T · " + other : other + "^T · δ";
    }
    case OpKind::kConv2d: return path.slot == 0 ? "δ ∗ W" : "x ∗ δ";
    case OpKind::kBias: return "Σ δ";
    case OpKind::kReshape: return "reshape";
    default: return std::string(op_info(call.kind).name);
  }
}

}  // namespace chainrule
