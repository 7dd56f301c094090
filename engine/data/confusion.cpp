#include "engine/data/confusion.h"

#include <algorithm>
#include <cstddef>

#include "engine/base/check.h"
#include "engine/math/basic.h"

namespace chainrule {

ConfusionMatrix::ConfusionMatrix(int classes) : classes_(classes) {
  CHECK(classes >= 1, "classes is ", classes);
  counts_.assign(static_cast<std::size_t>(classes) * static_cast<std::size_t>(classes), 0);
}

void ConfusionMatrix::add(int truth, int predicted) {
  CHECK(truth >= 0 && truth < classes_, "true class ", truth, " of ", classes_);
  CHECK(predicted >= 0 && predicted < classes_, "predicted class ", predicted, " of ", classes_);
  ++counts_[static_cast<std::size_t>(truth * classes_ + predicted)];
}

void ConfusionMatrix::clear() { std::fill(counts_.begin(), counts_.end(), 0); }

std::int64_t ConfusionMatrix::count(int truth, int predicted) const {
  CHECK(truth >= 0 && truth < classes_, "true class ", truth, " of ", classes_);
  CHECK(predicted >= 0 && predicted < classes_, "predicted class ", predicted, " of ", classes_);
  return counts_[static_cast<std::size_t>(truth * classes_ + predicted)];
}

std::int64_t ConfusionMatrix::row_total(int truth) const {
  std::int64_t sum = 0;
  for (int predicted = 0; predicted < classes_; ++predicted) sum += count(truth, predicted);
  return sum;
}

std::int64_t ConfusionMatrix::total() const {
  std::int64_t sum = 0;
  for (const std::int64_t n : counts_) sum += n;
  return sum;
}

std::int64_t ConfusionMatrix::correct() const {
  std::int64_t sum = 0;
  for (int c = 0; c < classes_; ++c) sum += count(c, c);
  return sum;
}

std::optional<double> ConfusionMatrix::accuracy() const {
  const std::int64_t n = total();
  if (n == 0) return std::nullopt;
  return static_cast<double>(correct()) / static_cast<double>(n);
}

std::optional<double> ConfusionMatrix::recall(int truth) const {
  const std::int64_t n = row_total(truth);
  if (n == 0) return std::nullopt;
  return static_cast<double>(count(truth, truth)) / static_cast<double>(n);
}

int count_correct(std::span<const float> probabilities, std::span<const float> labels) {
  const std::size_t classes = probabilities.size() / labels.size();
  int correct = 0;
  for (std::size_t n = 0; n < labels.size(); ++n) {
    const auto row = probabilities.subspan(n * classes, classes);
    correct += std::ranges::max_element(row) - row.begin() == static_cast<std::ptrdiff_t>(labels[n]);
  }
  return correct;
}

double binomial_standard_error(std::int64_t correct, std::int64_t total) {
  CHECK(total >= 1 && correct >= 0 && correct <= total, correct, " correct of ", total);
  const double n = static_cast<double>(total);
  const double p = static_cast<double>(correct) / n;
  return math::sqrt(p * (1.0 - p) / n);
}

Interval wilson_interval(std::int64_t correct, std::int64_t total, double z) {
  CHECK(total >= 1 && correct >= 0 && correct <= total, correct, " correct of ", total);
  CHECK(z > 0.0, "z is ", z);
  const double n = static_cast<double>(total);
  const double p = static_cast<double>(correct) / n;
  const double middle = p + z * z / (2.0 * n);
  const double half = z * math::sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
  const double scale = 1.0 + z * z / n;
  // At the ends the formula gives 0 and 1 but for rounding.
  return {correct == 0 ? 0.0 : (middle - half) / scale, correct == total ? 1.0 : (middle + half) / scale};
}

}  // namespace chainrule
