// What every drawing of a graph must have: nodes and labels apart, edges that go forward, and few crossings.
#include "web/widgets/graph_layout.h"

#include <gtest/gtest.h>

#include "engine/math/rng.h"
#include "tests/web/support/layout_check.h"

namespace chainrule {
namespace {

TEST(GraphLayout, AChainIsALine) {
  const GraphBox nodes[] = {{50, 20}, {30, 20}, {40, 30}};
  const GraphEdge edges[] = {{0, 1, {10, 10}}, {1, 2, {}}};
  const GraphLayout layout = layout_graph(nodes, edges, {});
  expect_tidy(layout, edges, false);
  EXPECT_FLOAT_EQ(layout.nodes[0].center().y, layout.nodes[2].center().y);
  EXPECT_GT(layout.nodes[1].min.x, layout.nodes[0].max.x);
  EXPECT_FLOAT_EQ(layout.routes[0].label.width(), 10);
  EXPECT_FLOAT_EQ(layout.size.y, 30);
  const GraphLayout down = layout_graph(nodes, edges, {.down = true});
  expect_tidy(down, edges, true);
  EXPECT_FLOAT_EQ(down.nodes[0].center().x, down.nodes[2].center().x);
}

// Drawn in the order given, the two edges would cross.
TEST(GraphLayout, CrossingsThatNeedNotBeAreGone) {
  const GraphBox nodes[] = {{10, 10}, {10, 10}, {10, 10}, {10, 10}};
  const GraphEdge edges[] = {{0, 3, {}}, {1, 2, {}}};
  const GraphLayout layout = layout_graph(nodes, edges, {});
  EXPECT_EQ(layout.nodes[0].min.y < layout.nodes[1].min.y, layout.nodes[3].min.y < layout.nodes[2].min.y);
}

TEST(GraphLayout, RandomGraphsAreTidy) {
  Rng rng(4, "data");
  for (int graph = 0; graph < 120; ++graph) {
    SCOPED_TRACE(graph);
    const int count = 1 + static_cast<int>(rng.below(40));
    std::vector<GraphBox> nodes;
    for (int i = 0; i < count; ++i) nodes.push_back({rng.uniform(5.0f, 120.0f), rng.uniform(5.0f, 60.0f)});
    std::vector<GraphEdge> edges;
    for (int i = 1; i < count; ++i)
      for (std::uint32_t k = 0; k <= rng.below(3); ++k) {
        const int from = static_cast<int>(rng.below(static_cast<std::uint32_t>(i)));
        edges.push_back({from, i, rng.below(2) == 0 ? GraphBox{rng.uniform(5.0f, 80.0f), 20.0f} : GraphBox{}});
      }
    for (const bool down : {false, true}) expect_tidy(layout_graph(nodes, edges, {.down = down}), edges, down);
  }
}

TEST(GraphLayout, CirclesAreSeen) {
  const GraphEdge edges[] = {{0, 1, {}}, {1, 2, {}}, {2, 0, {}}};
  EXPECT_TRUE(has_circle(3, edges));
  EXPECT_FALSE(has_circle(3, std::span(edges).first(2)));
  EXPECT_TRUE(layout_graph({}, {}, {}).nodes.empty());
}

}  // namespace
}  // namespace chainrule
