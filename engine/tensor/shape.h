// Shape: the sizes of a tensor's axes, outermost first; storage is contiguous and row-major.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "engine/base/check.h"

namespace chainrule {

/// Up to four axes. Images are N C H W, dense activations N C, kernels K C R S, weights out x in.
class Shape {
 public:
  static constexpr int kMaxRank = 4;

  Shape() = default;
  Shape(std::initializer_list<int> sizes) {
    CHECK(sizes.size() <= kMaxRank, "rank ", sizes.size(), ", at most 4");
    for (const int size : sizes) append(size);
  }

  int rank() const { return rank_; }
  int operator[](int axis) const {
    CHECK(axis >= 0 && axis < rank_, "axis ", axis, " of ", text());
    return sizes_[static_cast<std::size_t>(axis)];
  }
  /// Number of elements; 1 for rank 0 (a scalar).
  std::int64_t size() const {
    std::int64_t product = 1;
    for (int axis = 0; axis < rank_; ++axis) product *= sizes_[static_cast<std::size_t>(axis)];
    return product;
  }
  /// Elements that one step along axis 0 skips: size() / shape[0].
  std::int64_t inner_size() const { return rank_ == 0 ? 1 : size() / (*this)[0]; }
  void append(int size) {
    CHECK(rank_ < kMaxRank && size > 0, "cannot append ", size, " to ", text());
    sizes_[static_cast<std::size_t>(rank_++)] = size;
  }
  bool operator==(const Shape&) const = default;

  /// "32×20×24×24"; "scalar" for rank 0.
  std::string text() const;
  /// Row-major offset to "[n, k, p, q]".
  std::string index_text(std::int64_t offset) const;

 private:
  std::array<int, kMaxRank> sizes_{};
  int rank_ = 0;
};

}  // namespace chainrule
