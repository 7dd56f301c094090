// Bars: one horizontal bar a class, with its number; for probabilities, and for signed scores about a zero line.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/tensor/shape.h"
#include "web/widgets/grid_cursor.h"

namespace chainrule {

struct BarsData {
  std::span<const float> values;
  std::span<const std::string_view> labels;  // empty: 0, 1, 2, ...
  float low = 0.0f, high = 1.0f;             // ends of the bars; low < 0: a zero line
  bool percent = false;
  int truth = -1;      // marked with a ring and the word
  bool mark_greatest = true;
  std::string_view name;  // tensor, for the value under the pointer
  Shape shape;
  std::int64_t first = 0;
  std::span<const std::int64_t> lit;
};

struct BarsHit {
  std::optional<std::int64_t> hovered, clicked;  // index in the tensor
};

/// Draws at the window's cursor in `size`. NaN has no bar, but its name.
BarsHit draw_bars(const Theme& theme, const char* id, ImVec2 size, const BarsData& data);

/// Index of the greatest value, the first of equals; NaN never wins; -1 when there is none.
int greatest(std::span<const float> values);

}  // namespace chainrule
