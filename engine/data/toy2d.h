// Points of two classes in the plane: small enough to see all of, hard enough to need a hidden layer.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace chainrule {

enum class Toy2d : std::uint8_t {
#define TOY2D(Type, name) k##Type,
#include "engine/data/toy2d.def"
#undef TOY2D
};

inline constexpr std::array kToy2dNames = {
#define TOY2D(Type, name) std::string_view(name),
#include "engine/data/toy2d.def"
#undef TOY2D
};

/// Shapes: x [count, 2], label [count]. Units: x within about −3 … 3, label 0 or 1.
struct Points2d {
  std::vector<float> x, label;
  int count() const { return static_cast<int>(label.size()); }
};

/// `count` points of the set, the classes by turns (even points are of class 0), drawn from Rng(seed, "data").
///   circles  class 0 within radius 1.5, class 1 in the ring from 2.1 to 3
///   xor      uniform in the square of side 6; class 1 where x₁ · x₂ < 0; 0.15 free beside the axes
///   gauss    normal with standard deviation 0.7 around (1.4, 1.4) and (−1.4, −1.4)
///   spiral   two arms: radius r = 3u, angle 3.5πu, the second arm turned by π, with u from 0 to 1
///   moons    two half circles of radius 1.8 that reach into each other
/// Each coordinate then moves by noise · 1.5 · a standard normal. Requires: count >= 1, 0 <= noise <= 1.
/// Source: the sets of TensorFlow Playground (Smilkov et al. 2017) and, for the moons, of scikit-learn.
Points2d toy_points(Toy2d kind, int count, float noise, std::uint64_t seed);

}  // namespace chainrule
