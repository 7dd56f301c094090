// The parts of the drawing of "Weight sharing" that only it has.
#pragma once

#include "web/lessons/kernel/sheet_view.h"
#include "web/lessons/kernel/weight_sharing.h"

namespace chainrule {

/// How the line of a weight looks: lines that look alike have the same weight.
struct WireLook {
  ImU32 color = 0;
  float ink = 1.0f, gap = 0.0f;  // of its dashes
};
/// Of the unit's weight `index`. Shared weights look by their index alone, others by their unit, too.
WireLook wire_look(const Theme& theme, const WeightSharing& lesson, int unit, int index);
/// Index of its letter: "0" of w₀ that all units share, "20" of unit 2's own w₂₀.
std::string wire_index(const WeightSharing& lesson, int unit, int index);

/// What people look at; nothing: no line is lit.
struct WireLight {
  int unit = -1;    // all lines into it
  int input = -1;   // all lines out of it
  int weight = -1;  // of `unit`'s weights, or of all units' where unit is −1
  bool any() const { return unit >= 0 || input >= 0 || weight >= 0; }
  bool lights(const WeightSharing& lesson, int to, int place) const;
};
WireLight wire_light(const WeightSharing& lesson, const SheetView& view);

/// The lines from the cells of `inputs` to the units' cells, the first of which is grid `outputs`.
void draw_wires(const WeightSharing& lesson, SheetView& view, std::size_t inputs, std::size_t outputs,
                const WireLight& light);
/// Below each weight of the rows from grid `weights` on, a piece of its line.
void draw_wire_keys(const WeightSharing& lesson, SheetView& view, std::size_t weights);

/// What each wiring costs, and LeNet-5's first layer: numbers that tell where they come from. Returns the height.
float draw_counts(const WeightSharing& lesson, SheetView& view, ImVec2 at, float width);
float counts_height(const SheetView& view);

}  // namespace chainrule
