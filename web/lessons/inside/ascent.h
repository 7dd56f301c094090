// Ascent: a picture that changes, step by step, so that one unit of a network answers more and more.
//
// A step: g = ∂unit/∂x by the network's backward pass; moved = x + rate · g; next = moved, shortened to the length `norm` where it is
// longer. All of it is op calls. Source: Erhan, Bengio, Courville, Vincent, "Visualizing higher-layer features of a deep network" (2009).
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "web/lessons/unit_probe.h"

namespace chainrule {

enum class AscentStart : std::uint8_t { kNoise, kBlank };

class Ascent {
 public:
  /// `layer`: one of TopDigits::kLayers; the unit is its weighted sum, in the middle of the map for a feature map.
  Ascent(const DigitModelOptions& model, std::span<const float> parameters, std::string_view layer, int map);

  void start(AscentStart start, std::uint64_t seed);
  void set_rates(float rate, float norm);
  void advance();
  /// The picture, which is all that the future depends on.
  std::span<const float> picture() const { return probe_.buffers()[probe_.x()]; }
  void restore(std::span<const float> picture);

  const UnitProbe& probe() const { return probe_; }
  const Program& update() const { return update_; }
  const Buffers<float>& update_buffers() const { return backend_->buffers(); }
  /// Has the step that led here been run, so that it can be explained?
  bool step_shown() const { return shown_; }
  std::int64_t work() const { return probe_.work(); }

 private:
  void run(std::span<const float> picture);

  UnitProbe probe_;
  std::int64_t unit_ = 0;
  Program update_;  // tensors x, g, rate, norm, push, moved, next
  std::unique_ptr<CpuBackend> backend_;
  bool shown_ = false;
};

}  // namespace chainrule
