// Where the drawing of a network has what: pure arithmetic on boxes, tested without a screen.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "web/widgets/ink.h"
#include "web/widgets/network_model.h"

namespace chainrule {

/// Widths and heights of texts as the theme draws them.
struct NetworkInk {
  std::function<float(TextSize, Weight, std::string_view)> width;
  std::function<float(TextSize)> height;
  float unit = 8.0f;
};

/// From everything to little: the first that fits is taken.
enum class NetworkDetail : std::uint8_t {
  kAll,      // cards with all numbers, all labels of weights with all their numbers
  kWeights,  // the same, but one number a weight: the present or a lit one, else the first
  kLit,      // labels only of the weights that the present step, the pointer or the cursor is at
  kShort,    // the same, and cards show one number; the strip below shows the others
  kDots,     // units are their symbols, numbers are in the strip
};

struct PlacedNode {
  int layer = 0, unit = 0;
  Rect box{};
  Rect symbol{};               // the first line of it
  std::vector<Rect> values{};  // by index of NetworkNode::values; empty boxes where not shown
  int shown = -1;              // kShort: the value that stands in the one place, whose box is values[shown]
};

struct PlacedEdge {
  ImVec2 from{}, to{};
  bool labelled = false;
  Rect label{};
  std::vector<Rect> values{};  // rows of the label, by index of NetworkEdge::values; empty where not shown
};

struct NetworkLayout {
  NetworkDetail detail = NetworkDetail::kDots;
  TextSize size = TextSize::kCaption;  // of the numbers
  std::vector<PlacedNode> nodes{};     // layer by layer
  std::vector<PlacedEdge> edges{};     // as NetworkData::edges
  std::vector<Rect> headings{};        // names of the layers; none where there is no room
  Rect strip{};                        // of the unit that is looked at; empty where all is shown
  Rect caption{};
};

/// What is looked at, for which labels and the strip are: the pointer's or cursor's unit.
struct NetworkFocus {
  int layer = -1, unit = -1;
  bool operator==(const NetworkFocus&) const = default;
};

/// Ensures: all boxes lie inside `box`, and no card, label, strip or caption overlaps another one, in boxes from 340 × 260
/// logical pixels at scale 1 for up to 6 layers of 8 units after 8 inputs; in smaller ones dots may touch.
NetworkLayout arrange_network(const NetworkInk& ink, const NetworkData& data, const Rect& box, const NetworkFocus& focus);

}  // namespace chainrule
