// The sets of points that lessons fit lines and curves to.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "web/lessons/fit/fit_lesson.h"

namespace chainrule {

enum class FitData : std::uint8_t { kNoisy, kSpring, kOffCentre, kOutlier, kSine };

/// By FitData, as links write them.
inline constexpr std::array<std::string_view, 5> kFitDataNames = {"noisy-line", "spring", "off-centre", "outlier", "sine"};

/// `count` points; their scatter is drawn from `seed`.
///   noisy line   y = 0.5 + 0.8 x + 0.35 ε, x even on [−1.5, 1.5]
///   spring       F = 0.5 x + 0.15 ε, x even on [0.5, 5]: Hooke's law, constructed
///   off-centre   y = 0.5 + 0.8 (x − 3) + 0.25 ε, x even on [2, 4]
///   outlier      the noisy line, and its last but one point 4 lower
///   sine         y = sin(2 x) + 0.2 ε, x even on [−2, 2]
FitPoints fit_points(FitData data, int count, std::uint64_t seed);

}  // namespace chainrule
