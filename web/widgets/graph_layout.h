// Graph layout: where the nodes of a directed acyclic graph stand, in layers, so that every edge goes forward, edges cross
// little, and neither nodes nor the edges' labels overlap. Pure: no drawing, tested without a screen.
//
// After Sugiyama, Tagawa and Toda (1981): layers by the longest path; an edge that spans layers passes through a place of
// its own in each; each layer is ordered by the barycentres of its neighbours; then places move as near to their neighbours
// as the order allows (pool adjacent violators). A label is a place, too: the last one before the edge's end.
#pragma once

#include <span>
#include <vector>

#include "web/widgets/ink.h"

namespace chainrule {

struct GraphBox {
  float width = 0.0f, height = 0.0f;
};

struct GraphEdge {
  int from = 0, to = 0;
  GraphBox label = {};  // no width: none
  bool operator==(const GraphEdge& other) const { return from == other.from && to == other.to; }
};

struct GraphSpacing {
  float node = 12.0f;   // between nodes or labels of a layer
  float edge = 6.0f;    // beside an edge that passes
  float layer = 16.0f;  // between layers
  bool down = false;    // layers one below the other, not from left to right
};

struct GraphRoute {
  std::vector<ImVec2> points;  // from the border of one node to the border of the other, always forward
  Rect label{};                // where there is one
};

struct GraphLayout {
  std::vector<Rect> nodes;
  std::vector<GraphRoute> routes;  // by edge
  ImVec2 size{};                   // everything lies between (0, 0) and this
};

/// Requires: no circles, no edge from a node to itself. Deterministic.
GraphLayout layout_graph(std::span<const GraphBox> nodes, std::span<const GraphEdge> edges, const GraphSpacing& spacing);

/// Is there a way back to where one started?
bool has_circle(int nodes, std::span<const GraphEdge> edges);

}  // namespace chainrule
