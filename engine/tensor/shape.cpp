#include "engine/tensor/shape.h"

namespace chainrule {

std::string Shape::text() const {
  if (rank_ == 0) return "scalar";
  std::string out;
  for (int axis = 0; axis < rank_; ++axis) {
    if (axis > 0) out += "×";
    out += std::to_string(sizes_[static_cast<std::size_t>(axis)]);
  }
  return out;
}

std::string Shape::index_text(std::int64_t offset) const {
  std::array<std::int64_t, kMaxRank> position{};
  for (int axis = rank_ - 1; axis >= 0; --axis) {
    const int size = sizes_[static_cast<std::size_t>(axis)];
    position[static_cast<std::size_t>(axis)] = offset % size;
    offset /= size;
  }
  std::string out = "[";
  for (int axis = 0; axis < rank_; ++axis) {
    if (axis > 0) out += ", ";
    out += std::to_string(position[static_cast<std::size_t>(axis)]);
  }
  return out + "]";
}

}  // namespace chainrule
