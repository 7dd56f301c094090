// What trains: the CPU, WebGPU, or whichever is faster. A choice for the page, with a sentence on what came of it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/train/gpu_ahead.h"
#include "web/gpu/page.h"

namespace chainrule::gpu {

/// How it went, for people; or why there is nothing for a GPU to do.
std::string training_text();

/// Lets a GPU make the steps ahead of one trainer; makes its GpuAhead when there is a device for it.
class TrainingOnGpu {
 public:
  TrainingOnGpu();
  ~TrainingOnGpu();
  TrainingOnGpu(const TrainingOnGpu&) = delete;
  TrainingOnGpu& operator=(const TrainingOnGpu&) = delete;

  /// `begin` makes the GpuAhead, from the pipelines, the clock and the settings that it gets.
  using Make = std::function<std::unique_ptr<GpuAhead>(Pipelines&, std::function<double()> clock, const GpuAhead::Settings&)>;
  /// See GpuAhead::take. nullopt: not here, not now, or not any more; the CPU is to do it.
  std::optional<std::vector<GpuAhead::Note>> take(std::unique_ptr<Trainer>& shown, std::int64_t last, const Make& make);
  /// The shown trainer is changed, or the steps ahead are not wanted.
  void cancel();
  /// The next step is made from `step`: what a GPU made after it counts no more.
  void goes_on_from(std::int64_t step);
  /// Has a GPU made steps that `step` follows from?
  bool approximate(std::int64_t step) const { return first_ && step >= *first_; }

 private:
  std::unique_ptr<GpuAhead> ahead_;
  int made_for_ = -1;  // which choice
  std::optional<std::int64_t> first_;  // step that a GPU made
};

}  // namespace chainrule::gpu
