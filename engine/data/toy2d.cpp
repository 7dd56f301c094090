#include "engine/data/toy2d.h"

#include "engine/base/check.h"
#include "engine/math/functions.h"
#include "engine/math/rng.h"

namespace chainrule {
namespace {

constexpr float kPi = 3.14159265f;

struct Point {
  float x, y;
};

Point on_circle(float radius, float angle) { return {radius * math::cos(angle), radius * math::sin(angle)}; }

Point toy_point(Toy2d kind, bool second, Rng& rng) {
  switch (kind) {
    case Toy2d::kCircles: {
      const float radius = second ? rng.uniform(2.1f, 3.0f) : rng.uniform(0.0f, 1.5f);
      return on_circle(radius, rng.uniform(0.0f, 2 * kPi));
    }
    case Toy2d::kXor: {
      const float x = rng.uniform(0.15f, 3.0f), y = rng.uniform(0.15f, 3.0f);
      const float side = rng.below(2) == 0 ? 1.0f : -1.0f;
      return {side * x, second ? -side * y : side * y};
    }
    case Toy2d::kGauss: {
      const float centre = second ? -1.4f : 1.4f;
      const float x = rng.normal(), y = rng.normal();
      return {centre + 0.7f * x, centre + 0.7f * y};
    }
    case Toy2d::kSpiral: {
      const float u = rng.uniform();
      return on_circle(3.0f * u, 3.5f * kPi * u + (second ? kPi : 0.0f));
    }
    case Toy2d::kMoons: {
      const Point half = on_circle(1.8f, rng.uniform(0.0f, kPi));
      return second ? Point{0.9f - half.x, 0.45f - half.y} : Point{half.x - 0.9f, half.y - 0.45f};
    }
  }
  return {0, 0};
}

}  // namespace

Points2d toy_points(Toy2d kind, int count, float noise, std::uint64_t seed) {
  CHECK(count >= 1 && noise >= 0.0f && noise <= 1.0f, "count ", count, ", noise ", noise);
  Rng rng(seed, "data");
  Points2d points;
  for (int i = 0; i < count; ++i) {
    const bool second = i % 2 == 1;
    const Point point = toy_point(kind, second, rng);
    const float dx = rng.normal(), dy = rng.normal();
    points.x.push_back(point.x + noise * 1.5f * dx);
    points.x.push_back(point.y + noise * 1.5f * dy);
    points.label.push_back(second ? 1.0f : 0.0f);
  }
  return points;
}

}  // namespace chainrule
