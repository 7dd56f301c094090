#include "engine/optim/surfaces.h"

#include "engine/base/text.h"
#include "engine/math/functions.h"

namespace chainrule {
namespace {

constexpr std::string_view kFormulas[] = {
#define SURFACE(Type, name, formula, ...) formula,
#include "engine/optim/surfaces.def"
#undef SURFACE
};

constexpr SurfaceView kViews[] = {
#define SURFACE(Type, name, formula, x_low, x_high, y_low, y_high, start_x, start_y) {x_low, x_high, y_low, y_high, {start_x, start_y}},
#include "engine/optim/surfaces.def"
#undef SURFACE
};

constexpr Point2 kOrigin[] = {{0.0f, 0.0f}};
constexpr Point2 kRosenbrock[] = {{1.0f, 1.0f}};
constexpr Point2 kBeale[] = {{3.0f, 0.5f}};
constexpr Point2 kHimmelblau[] = {{3.0f, 2.0f}, {-2.805118f, 3.131312f}, {-3.779310f, -3.283186f}, {3.584428f, -1.848126f}};

std::string bowl_formula(const BowlShape& bowl) {
  if (bowl.rotation == 0.0f) return "(x^2 + " + shortest_text(bowl.condition) + "*y^2)/2";
  const double angle = static_cast<double>(bowl.rotation) * 3.14159265358979324 / 180.0, k = static_cast<double>(bowl.condition);
  const double c = math::cos(angle), s = math::sin(angle);
  // Five digits: the eigenvalues are those of what stands there.
  const auto text = [](double value) { return significant_text(math::abs(value) < 1e-9 ? 0.0 : value, 5); };
  const double mixed = 2.0 * c * s * (1.0 - k);
  return "(" + text(c * c + k * s * s) + "*x^2 " + (mixed < 0.0 ? "- " : "+ ") + text(mixed < 0.0 ? -mixed : mixed) + "*x*y + " + text(s * s + k * c * c) + "*y^2)/2";
}

}  // namespace

const SurfaceView& surface_view(SurfaceKind kind) { return kViews[static_cast<std::size_t>(kind)]; }

std::string surface_formula(SurfaceKind kind, const BowlShape& bowl) {
  return kind == SurfaceKind::kBowl ? bowl_formula(bowl) : std::string(kFormulas[static_cast<std::size_t>(kind)]);
}

std::span<const Point2> surface_minima(SurfaceKind kind) {
  switch (kind) {
    case SurfaceKind::kBowl:
    case SurfaceKind::kPlateau:
    case SurfaceKind::kLocalMinima: return kOrigin;
    case SurfaceKind::kRosenbrock: return kRosenbrock;
    case SurfaceKind::kBeale: return kBeale;
    case SurfaceKind::kHimmelblau: return kHimmelblau;
    case SurfaceKind::kSaddle:
    case SurfaceKind::kOwn: return {};
  }
  return {};
}

}  // namespace chainrule
