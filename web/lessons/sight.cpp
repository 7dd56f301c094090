#include "web/lessons/sight.h"

#include "web/lessons/unit_probe.h"

namespace chainrule {

Sight sight_of(const ArchitectureSpec& spec, int layer, int row, int column) {
  Architecture architecture(spec);
  architecture.look_at(layer, row, column);
  const auto at = [&](const Architecture::Sight& sight) { return std::pair{architecture.whole(sight.first), architecture.whole(sight.last)}; };
  const auto [top, bottom] = at(architecture.rows());
  const auto [left, right] = at(architecture.columns());
  return {top, left, bottom - top + 1, right - left + 1};
}

std::optional<UnitPlace> unit_place(DigitModel model, std::string_view tensor, const Shape& shape, std::int64_t index) {
  const auto layers = unit_layers(model);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (tensor != layers[i].values && tensor != layers[i].net) continue;
    UnitPlace place{.layer = static_cast<int>(i), .map = 0, .row = 0, .column = 0, .flat = shape.rank() == 2, .text = ""};
    const std::int64_t cells = place.flat ? 1 : std::int64_t{shape[2]} * shape[3];
    place.map = static_cast<int>(index / cells);
    place.text = std::string(layers[i].name) + (place.flat ? ", unit " : ", map ") + std::to_string(place.map);
    if (!place.flat) {
      place.row = static_cast<int>(index % cells / shape[3]);
      place.column = static_cast<int>(index % cells % shape[3]);
      place.text += ", row " + std::to_string(place.row) + ", column " + std::to_string(place.column);
    }
    return place;
  }
  return std::nullopt;
}

std::optional<Sight> sight_in(DigitModel model, const Program& program, std::string_view tensor, std::int64_t index) {
  const TensorId id = program.find(tensor);
  if (id == kNoTensor || index >= program.info(id).shape.size()) return std::nullopt;
  const std::optional<UnitPlace> place = unit_place(model, tensor, program.info(id).shape, index);
  return place ? std::optional(sight_of(architecture_of(model), place->layer, place->row, place->column)) : std::nullopt;
}

}  // namespace chainrule
