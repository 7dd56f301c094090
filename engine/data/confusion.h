// How good a classifier is, and how sure that number is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace chainrule {

/// Counts of (true class, predicted class). Shapes: [classes, classes], rows are the truth.
class ConfusionMatrix {
 public:
  /// Requires: classes >= 1. Ensures: all counts are 0.
  explicit ConfusionMatrix(int classes);

  /// Requires: both in 0..classes-1.
  void add(int truth, int predicted);
  void clear();

  int classes() const { return classes_; }
  std::int64_t count(int truth, int predicted) const;
  /// Samples whose true class is `truth`: the sum of its row.
  std::int64_t row_total(int truth) const;
  std::int64_t total() const;
  /// The sum of the diagonal.
  std::int64_t correct() const;

  /// correct() / total(). Ensures: nothing when there are no samples.
  std::optional<double> accuracy() const;
  /// count(c, c) / row_total(c). Ensures: nothing when the class has no samples.
  std::optional<double> recall(int truth) const;

 private:
  int classes_;
  std::vector<std::int64_t> counts_;
};

/// How many of N samples have their largest probability at their class, the first of equal ones. Shapes: probabilities [N, classes],
/// labels [N]. Requires: N >= 1.
int count_correct(std::span<const float> probabilities, std::span<const float> labels);

/// Formula: sqrt(p (1 - p) / n), p = correct / total, n = total: the standard deviation of an accuracy measured on n
/// independent samples. Units: a fraction, as accuracy. Requires: 0 <= correct <= total, total >= 1.
/// It is 0 at p = 0 and p = 1, where one is not certain at all: draw error bars with wilson_interval.
double binomial_standard_error(std::int64_t correct, std::int64_t total);

/// 0 <= low <= high <= 1.
struct Interval {
  double low;
  double high;
};

/// The z of a 95 % interval: 97.5 % of a standard normal distribution lie below it.
inline constexpr double kZ95 = 1.959963984540054;

/// Formula: (p + z^2/2n -+ z sqrt(p (1 - p)/n + z^2/4n^2)) / (1 + z^2/n), p = correct / total, n = total.
/// Requires: 0 <= correct <= total, total >= 1, z > 0. Ensures: low is exactly 0 at correct = 0, high exactly 1 at
/// correct = total.
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927)
/// 209-212; R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17
/// (1998), method 3.
Interval wilson_interval(std::int64_t correct, std::int64_t total, double z = kZ95);

}  // namespace chainrule
