// Surfaces: functions of two numbers on which optimizers are compared. Each is a formula, and so a program of ops.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace chainrule {

enum class SurfaceKind : std::uint8_t {
#define SURFACE(Type, ...) k##Type,
#include "engine/optim/surfaces.def"
#undef SURFACE
};

inline constexpr std::array kSurfaceNames = {
#define SURFACE(Type, name, ...) std::string_view(name),
#include "engine/optim/surfaces.def"
#undef SURFACE
};

struct Point2 {
  float x = 0.0f, y = 0.0f;
};

/// The part of the plane to look at first, and where to begin.
struct SurfaceView {
  float x_low, x_high, y_low, y_high;
  Point2 start;
};
const SurfaceView& surface_view(SurfaceKind kind);

/// What distinguishes a bowl from others. Units: degrees.
struct BowlShape {
  float condition = 10.0f;  // largest by smallest eigenvalue of the Hessian matrix; the smallest is 1
  float rotation = 0.0f;    // of the steep direction from the y axis, counter-clockwise
};

/// The formula of a surface; of kOwn the one to begin with.
/// Bowl: f = (u² + κ v²) / 2 with u = x cos φ + y sin φ, v = y cos φ − x sin φ, multiplied out into (a x² + b x y + d y²) / 2.
std::string surface_formula(SurfaceKind kind, const BowlShape& bowl = {});

/// Minima within the view that literature or symmetry gives, to float's precision; all of the same height, the lowest. None: there is no
/// lowest point, or it is a person's own formula.
std::span<const Point2> surface_minima(SurfaceKind kind);

}  // namespace chainrule
