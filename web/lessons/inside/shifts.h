// Shifts: what two networks make of digits that are moved by some pixels.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "engine/data/dataset.h"
#include "engine/train/evaluator.h"
#include "web/lessons/unit_probe.h"

namespace chainrule {

inline constexpr int kMostShift = 4;
inline constexpr int kShifts = 2 * kMostShift + 1;  // in a row, from −4 to 4

/// y = x moved by dx pixels to the right and dy down, zeros coming in: a convolution whose kernel [1,1,9,9] is 1 at one place.
class ShiftProbe {
 public:
  ShiftProbe();
  ShiftProbe(const ShiftProbe&) = delete;
  ShiftProbe& operator=(const ShiftProbe&) = delete;
  void run(std::span<const float> pixels, int dx, int dy);
  const Program& program() const { return program_; }
  const Buffers<float>& buffers() const { return backend_->buffers(); }
  std::span<const float> moved() const { return buffers()[program_.find("y")]; }

 private:
  Program program_;
  std::unique_ptr<CpuBackend> backend_;
};

/// The same with the bytes of pictures: what goes over the edge is lost, what comes in is blank.
ImageSet shifted(const ImageSet& images, int dx, int dy);

/// How many digits each of several networks reads rightly, by shift, in slices.
class ShiftCurve {
 public:
  static constexpr int kMostDigits = 1000;
  struct Network {
    DigitModelOptions model;
    std::vector<float> parameters;
  };

  ShiftCurve(std::span<const Network> networks, std::shared_ptr<const ImageSet> images, bool vertical);

  /// True when all is counted.
  bool advance(std::int64_t budget);
  float progress() const;
  int digits() const { return first_.count; }
  /// By shift, from −4 to 4: accuracy and the ends of its 95 % interval; NaN: not counted yet.
  struct Curve {
    std::array<float, kShifts> accuracy, low, high;
  };
  const Curve& curve(std::size_t network) const { return curves_[network]; }

 private:
  void begin();

  bool vertical_;
  ImageSet first_, moved_;
  std::vector<Network> networks_;
  std::vector<std::unique_ptr<Evaluator>> evaluators_;
  std::vector<Curve> curves_;
  std::size_t at_ = 0;  // the count under way: network at_ % n of shift order[at_ / n]
};

}  // namespace chainrule
