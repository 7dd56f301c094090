#include "web/widgets/ticks.h"

#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

double power_of_ten(int exponent) { return std::pow(10.0, exponent); }

}  // namespace

std::vector<double> nice_ticks(double low, double high, int most) {
  std::vector<double> ticks;
  if (!(low < high) || !std::isfinite(low) || !std::isfinite(high) || most < 1) return ticks;
  const double range = high - low;
  const int exponent = static_cast<int>(std::floor(std::log10(range / most)));
  for (int decade = exponent; decade <= exponent + 2; ++decade) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double spacing = factor * power_of_ten(decade);
      if (spacing <= 0.0 || !std::isfinite(range / spacing)) return ticks;
      // A tick that misses the end by rounding alone belongs to it.
      const double first = std::ceil(low / spacing - 1e-9), last = std::floor(high / spacing + 1e-9);
      if (last - first + 1.0 > most) continue;
      for (double at = first; at <= last; at += 1.0) {
        // Dividing by 10^n rounds once where multiplying by 10^-n would round twice: 0.3, not 0.30000000000000004.
        const double tick = decade < 0 ? at * factor / power_of_ten(-decade) : at * spacing;
        ticks.push_back(tick == 0.0 ? 0.0 : tick);
        if (at + 1.0 == at) break;
      }
      return ticks;
    }
  }
  return ticks;
}

std::vector<double> log_ticks(double low, double high, int most) {
  std::vector<double> ticks;
  if (!(low > 0.0) || !(low < high) || !std::isfinite(high)) return ticks;
  const int first = static_cast<int>(std::floor(std::log10(low))), last = static_cast<int>(std::ceil(std::log10(high)));
  const auto collect = [&](std::initializer_list<double> factors, int every) {
    ticks.clear();
    for (int decade = first; decade <= last; ++decade) {
      if (decade % every != 0) continue;
      for (const double factor : factors) {
        const double tick = decade < 0 ? factor / power_of_ten(-decade) : factor * power_of_ten(decade);
        if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push_back(tick);
      }
    }
  };
  collect({1.0, 2.0, 5.0}, 1);
  if (ticks.size() < 2) return nice_ticks(low, high, most);
  if (static_cast<int>(ticks.size()) <= most) return ticks;
  for (int every = 1; every < 1000; ++every) {
    collect({1.0}, every);
    if (static_cast<int>(ticks.size()) <= most) break;
  }
  return ticks;
}

std::string tick_text(double value, double spacing) {
  if (!std::isfinite(value)) return "–";
  const double size = std::abs(value);
  if (size != 0.0 && (size < 1e-4 || size >= 1e9)) return with_minus_signs(significant_text(value, 3));
  const double step = spacing > 0.0 ? spacing : (size > 0.0 ? size : 1.0);
  if (size >= 1e6 || step >= 1e6) return with_minus_signs(significant_text(value / 1e6, 4)) + (value == 0.0 ? "" : "M");
  if (size >= 1e4 && step >= 100.0) return with_minus_signs(significant_text(value / 1e3, 5)) + "k";
  const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 6);
  if (decimals == 0 && size >= 1e3) return with_minus_signs(grouped_text(static_cast<long long>(std::llround(value))));
  return with_minus_signs(fixed_text(value, decimals));
}

}  // namespace chainrule
