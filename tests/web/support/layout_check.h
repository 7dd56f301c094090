// What must hold of every graph's layout.
#pragma once

#include <gtest/gtest.h>

#include <span>
#include <vector>

#include "web/widgets/graph_layout.h"

namespace chainrule {

inline bool lie_apart(const Rect& a, const Rect& b) {
  constexpr float kLeast = 2.0f;
  return a.max.x + kLeast <= b.min.x || b.max.x + kLeast <= a.min.x || a.max.y + kLeast <= b.min.y || b.max.y + kLeast <= a.min.y;
}

/// Nodes and labels do not overlap, edges go forward only, and everything is within the layout's size.
inline void expect_tidy(const GraphLayout& layout, std::span<const GraphEdge> edges, bool down) {
  std::vector<Rect> boxes = layout.nodes;
  for (std::size_t e = 0; e < edges.size(); ++e)
    if (edges[e].label.width > 0) boxes.push_back(layout.routes[e].label);
  for (std::size_t a = 0; a < boxes.size(); ++a) {
    EXPECT_GE(boxes[a].min.x, -0.01f);
    EXPECT_GE(boxes[a].min.y, -0.01f);
    EXPECT_LE(boxes[a].max.x, layout.size.x + 0.01f);
    EXPECT_LE(boxes[a].max.y, layout.size.y + 0.01f);
    for (std::size_t b = a + 1; b < boxes.size(); ++b) ASSERT_TRUE(lie_apart(boxes[a], boxes[b])) << a << " and " << b;
  }
  for (std::size_t e = 0; e < edges.size(); ++e) {
    const std::vector<ImVec2>& points = layout.routes[e].points;
    ASSERT_GE(points.size(), 2u);
    for (std::size_t i = 1; i < points.size(); ++i) {
      if (down) EXPECT_GE(points[i].y, points[i - 1].y - 0.01f) << "edge " << e;
      else EXPECT_GE(points[i].x, points[i - 1].x - 0.01f) << "edge " << e;
    }
    const Rect &from = layout.nodes[static_cast<std::size_t>(edges[e].from)], &to = layout.nodes[static_cast<std::size_t>(edges[e].to)];
    EXPECT_LT(down ? from.max.y : from.max.x, down ? to.min.y : to.min.x) << "edge " << e;
  }
}

}  // namespace chainrule
