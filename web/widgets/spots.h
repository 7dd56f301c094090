// Spots: numbers that stand anywhere in a drawing. The drawing is one element of the page; arrow keys go from spot to spot,
// Enter and a press choose one.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "web/widgets/ink.h"

namespace chainrule {

struct SpotWords {
  std::string name;                        // of the drawing: "Network 2–2–1"
  std::function<std::string(int)> place;   // of a spot: "out_h1 0.5065"
  std::string help = {};                   // what Enter and a click do
};

struct SpotInput {
  std::optional<int> pointed;  // by the pointer, else by the keyboard's cursor while it has the focus
  std::optional<int> pressed;  // by a press of the pointer that went no further, or by Enter
  std::optional<int> dragged;  // the pointer went down on it and moves sideways
  std::optional<int> cursor;   // where the person was last, by either
  bool by_keyboard = false;    // pointed
};

/// `box`: the whole drawing. Requires: the spots in reading order; Home and End go to the first and the last.
/// `present`: where the cursor begins while a person has not moved it.
SpotInput spots_input(const Theme& theme, const char* id, const Rect& box, std::span<const Rect> spots, const SpotWords& words, int present = 0);

/// The spot that an arrow key leads to: of those on that side the nearest, where a way across counts double.
/// The same one where there is none.
int moved_spot(std::span<const Rect> spots, int cursor, std::string_view key);

}  // namespace chainrule
