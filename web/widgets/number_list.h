// Number list: labelled numbers side by side, each of which can be clicked; one element of the page with a cursor.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "web/widgets/ink.h"

namespace chainrule {

struct NumberItem {
  std::string label;
  float value = 0.0f;
  int color = -1;        // role series[color] of the label's dot; −1: none
  bool pressable = true;
  bool lit = false;      // an operand of the open derivation
  std::string text = {};  // instead of the value with five digits
};

/// Draws at the window's cursor, as many columns as `width` has room for; returns the item that was pressed.
struct NumberListHit {
  std::optional<int> pressed;
  float height = 0.0f;
};
NumberListHit draw_number_list(const Theme& theme, const char* id, std::string_view name, float width, std::span<const NumberItem> items);

}  // namespace chainrule
