// Confusion matrix: how often each true class was taken for each class, with recall and accuracy.
#pragma once

#include <optional>

#include "engine/data/confusion.h"
#include "web/widgets/grid_cursor.h"

namespace chainrule {

struct ConfusionHit {
  std::optional<Cell> clicked;  // row: true class, column: predicted class
};

/// Draws at the window's cursor within `size`. Null or without samples: the sentence that says so.
ConfusionHit draw_confusion(const Theme& theme, const char* id, ImVec2 size, const ConfusionMatrix* matrix,
                            std::optional<Cell> selected);

}  // namespace chainrule
