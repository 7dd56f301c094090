// Sight: the exact receptive field of a unit, as it is wired.
#pragma once

#include <optional>
#include <string>

#include "engine/analysis/architecture.h"
#include "engine/nn/models.h"

namespace chainrule {

/// Which pixels a unit can see; may reach beyond the picture where the layers pad.
struct Sight {
  int row = 0, column = 0, rows = 0, columns = 0;
  bool operator==(const Sight&) const = default;
};
/// The exact rectangle of unit (row, column) of a layer; a dense layer's units see all. Requires: a layer of the architecture.
Sight sight_of(const ArchitectureSpec& spec, int layer, int row, int column);

/// A unit of a digit classifier by one of its tensors, "conv2.out" or "conv2.net", and the element's index.
struct UnitPlace {
  int layer = 0, map = 0, row = 0, column = 0;
  bool flat = false;
  std::string text;  // "conv2, map 7, row 3, column 4"
};
/// Nothing for tensors that are no layer's values.
std::optional<UnitPlace> unit_place(DigitModel model, std::string_view tensor, const Shape& shape, std::int64_t index);

/// The sight of element `index` of a program's tensor; nothing where it is no layer's values.
std::optional<Sight> sight_in(DigitModel model, const Program& program, std::string_view tensor, std::int64_t index);

}  // namespace chainrule
