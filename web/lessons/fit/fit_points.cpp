#include "web/lessons/fit/fit_points.h"

#include "engine/math/functions.h"
#include "engine/math/rng.h"

namespace chainrule {

FitPoints fit_points(FitData data, int count, std::uint64_t seed) {
  struct Line {
    float low, high, w0, w1, scatter;
  };
  constexpr Line kLines[] = {{-1.5f, 1.5f, 0.5f, 0.8f, 0.35f}, {0.5f, 5.0f, 0.0f, 0.5f, 0.15f}, {2.0f, 4.0f, -1.9f, 0.8f, 0.25f}, {-1.5f, 1.5f, 0.5f, 0.8f, 0.35f}, {-2.0f, 2.0f, 0.0f, 0.0f, 0.2f}};
  const Line& line = kLines[static_cast<std::size_t>(data)];
  Rng rng(seed, "data");
  FitPoints points;
  for (int i = 0; i < count; ++i) {
    const float x = line.low + (line.high - line.low) * static_cast<float>(i) / static_cast<float>(count - 1);
    const float curve = data == FitData::kSine ? math::sin(2.0f * x) : line.w0 + line.w1 * x;
    points.x.push_back(x);
    points.y.push_back(curve + line.scatter * rng.normal());
  }
  if (data == FitData::kOutlier) points.y[points.size() - 2] -= 4.0f;
  return points;
}

}  // namespace chainrule
