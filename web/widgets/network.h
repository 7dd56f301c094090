// Network: the drawing of a small fully connected network with its numbers: units as cards, weights as lines with labels.
// Plain data in, what people did out; it knows no lesson and computes nothing.
//
// How much is shown follows from the room (web/widgets/network_layout.h). Every number that is not shown stays within reach:
// in the strip below the drawing, which shows the unit under the pointer or the cursor, and by the keyboard.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/widgets/ink.h"
#include "web/widgets/network_layout.h"
#include "web/widgets/network_model.h"

namespace chainrule {

/// What people look at; not part of the model. The lesson's view keeps it from frame to frame.
struct NetworkState {
  NetworkPlace cursor;                    // of the keyboard, and the last number that was pressed
  bool touched = false;                   // the cursor has been set by somebody
  bool editing = false;                   // a field lies over the number at the cursor
  std::string typed;                      // what the field starts with
  bool dragging = false;
  double drag_value = 0.0;                // at the start
  ImVec2 drag_from{};
  std::string drag_text;                  // the last that was reported
  NetworkLayout layout;                   // of layout_key
  std::uint64_t layout_key = 0;
  std::uint64_t moment = 0;               // NetworkData::moment when the arrows started to run
  double moment_time = -1.0;
};

struct NetworkHit {
  std::optional<int> hovered;             // id of the number under the pointer, or under the keyboard's cursor
  std::optional<int> clicked;             // by the pointer, a finger or Enter
  struct Edit {
    int id = -1;
    std::string text;                     // as typed, not judged: the lesson refuses what is no number
    bool going_on = false;                // a drag that has not ended: more will follow for this number
  };
  std::optional<Edit> edited;
  std::optional<NetworkPlace> place;      // of `hovered` or `clicked`: which unit or weight
};

/// Draws `data` at the window's cursor in `size`, at least 340 × 260 logical pixels at scale 1.
/// Numbers: a click or Enter reports their id. Numbers that are settable: F2, a double click, or typing opens a field over
/// them; dragging right or up makes them larger, left or down smaller, in steps of their second digit, with Shift of the
/// third; in the field the arrow keys up and down do the same.
/// Keys: left and right through the layers, up and down through the units of one, Page Down and Page Up through the numbers
/// of a unit (its own, then those of the weights that lead to it), Home and End to the first and the last of them.
/// One element of the twin named `name`, and a field while one is open. `reduced_motion`: arrows do not run.
NetworkHit draw_network(const Theme& theme, const char* id, std::string_view name, ImVec2 size, const NetworkData& data,
                        NetworkState& state, bool reduced_motion = false);

}  // namespace chainrule
