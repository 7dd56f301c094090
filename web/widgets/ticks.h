// Ticks: the round numbers along an axis.
#pragma once

#include <string>
#include <vector>

namespace chainrule {

/// Multiples of 1, 2 or 5 times a power of ten within [low, high], at most `most` of them.
/// Ensures: ascending; empty unless low < high, both finite, and most >= 1; 0 is exactly 0.
std::vector<double> nice_ticks(double low, double high, int most);

/// Powers of ten within [low, high]; where there is room, also 2 and 5 times them; where those are fewer than two, nice_ticks.
/// Ensures: ascending; empty unless 0 < low < high, both finite.
std::vector<double> log_ticks(double low, double high, int most);

/// A tick's number with as many decimals as its neighbours need: 0.05, 1,500, 20k, 1.5M, 1e−7.
std::string tick_text(double value, double spacing);

}  // namespace chainrule
