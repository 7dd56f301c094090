// Programs as graphs to draw: what is folded, what an edge stands for, and the layouts of all of the app's programs.
#include "web/widgets/program_scene.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/web/support/layout_check.h"
#include "web/lessons/computing_graph/graph_model.h"
#include "web/lessons/tape/net_spec.h"

namespace chainrule {
namespace {

std::vector<GraphChoice> all_programs() {
  std::vector<GraphChoice> all;
  for (int example = 0; example < static_cast<int>(kGraphExampleNames.size()); ++example) {
    if (static_cast<GraphExample>(example) != GraphExample::kNetwork) {
      all.push_back({static_cast<GraphExample>(example)});
      continue;
    }
    for (int network = 0; network < static_cast<int>(net_examples().size()); ++network)
      for (const bool scalars : {false, true}) all.push_back({GraphExample::kNetwork, network, scalars});
  }
  return all;
}

std::vector<GraphEdge> edges_of(const ProgramScene& scene) {
  std::vector<GraphEdge> edges;
  for (const ProgramEdge& edge : scene.edges) edges.push_back({edge.from, edge.to, edge.path >= 0 ? GraphBox{60, 30} : GraphBox{}});
  return edges;
}

TEST(ProgramScene, AllProgramsOfTheAppAreTidyFoldedAndOpen) {
  for (const GraphChoice& choice : all_programs()) {
    SCOPED_TRACE(std::string(kGraphExampleNames[static_cast<std::size_t>(choice.example)]) + " " + std::to_string(choice.network) + (choice.scalars ? " scalars" : ""));
    const GraphProgram made = make_graph_program(choice);
    for (const bool whole : {false, true}) {
      std::set<std::string> folded;
      ProgramScene scene = make_program_scene(made.program, made.paths, {made.groups, &folded, whole});
      const std::vector<std::string> parts = scene.parts;
      for (std::size_t i = 0; i <= parts.size(); ++i) {
        const std::vector<GraphEdge> edges = edges_of(scene);
        std::vector<GraphBox> nodes(scene.nodes.size(), GraphBox{80, 50});
        for (const bool down : {false, true}) expect_tidy(layout_graph(nodes, edges, {.down = down}), edges, down);
        EXPECT_EQ(scene.parts, parts);
        if (i < parts.size()) folded.insert(parts[i]);
        scene = make_program_scene(made.program, made.paths, {made.groups, &folded, whole});
      }
    }
  }
}

TEST(ProgramScene, EveryForwardOpIsANodeAndEveryPathAnEdge) {
  for (const GraphChoice& choice : all_programs()) {
    const GraphProgram made = make_graph_program(choice);
    const ProgramScene scene = make_program_scene(made.program, made.paths, {made.groups, nullptr, false});
    std::vector<int> seen(made.paths.size(), 0);
    for (const ProgramEdge& edge : scene.edges)
      if (edge.path >= 0) {
        ++seen[static_cast<std::size_t>(edge.path)];
        const GradientPath& path = made.paths[static_cast<std::size_t>(edge.path)];
        EXPECT_EQ(scene.node_of_call[static_cast<std::size_t>(path.call)], edge.to);
        EXPECT_EQ(made.program.calls[static_cast<std::size_t>(path.call)].inputs[static_cast<std::size_t>(path.slot)], edge.tensor);
      }
    EXPECT_EQ(std::ranges::count(seen, 1), static_cast<std::ptrdiff_t>(seen.size()));
    for (std::size_t call = 0; call < made.program.calls.size(); ++call)
      EXPECT_EQ(scene.node_of_call[call] >= 0, made.program.calls[call].phase == Phase::kForward || made.program.calls[call].phase == Phase::kLoss);
  }
}

// Deck 003's network: h1 is four ops and two weights that nobody else uses; x1 goes to h2 as well and stays outside.
TEST(ProgramScene, AFoldedUnitTakesItsWeightsIn) {
  const GraphProgram made = make_graph_program({GraphExample::kNetwork, net_example("deck-003"), true});
  const std::set<std::string> folded = {"h1"};
  const ProgramScene open = make_program_scene(made.program, made.paths, {made.groups, nullptr, false});
  const ProgramScene scene = make_program_scene(made.program, made.paths, {made.groups, &folded, false});
  EXPECT_EQ(open.nodes.size() - scene.nodes.size(), 3u + 2u);  // of ×, ×, +, σ one node stays; w1, w2 are inside
  const auto part = std::ranges::find(scene.nodes, ProgramNode::Kind::kPart, &ProgramNode::kind);
  ASSERT_NE(part, scene.nodes.end());
  EXPECT_EQ(part->part, "h1");
  EXPECT_EQ(part->calls, 4);
  EXPECT_EQ(made.program.info(part->tensor).name, "out_h1");
  EXPECT_TRUE(std::ranges::any_of(scene.nodes, [&](const ProgramNode& node) {
    return node.kind == ProgramNode::Kind::kLeaf && made.program.info(node.tensor).name == "x1";
  }));
}

// Forward, backward and update in one chain: folding the parts of the whole program leaves three nodes and no circle.
TEST(ProgramScene, TheWholeStepFoldsToItsPhases) {
  const GraphProgram made = make_graph_program({GraphExample::kNetwork, net_example("deck-003"), false});
  const std::set<std::string> folded = {"forward", "backward", "update"};
  const ProgramScene scene = make_program_scene(made.program, made.paths, {made.groups, &folded, true});
  EXPECT_EQ(std::ranges::count(scene.nodes, ProgramNode::Kind::kPart, &ProgramNode::kind), 3);
  EXPECT_EQ(std::ranges::count(scene.nodes, ProgramNode::Kind::kOp, &ProgramNode::kind), 0);
}

}  // namespace
}  // namespace chainrule
