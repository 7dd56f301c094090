// What trains: the CPU, WebGPU, or whichever is faster. A choice for the page, with a sentence on what came of it.
#pragma once

#include <memory>
#include <string>

#include "engine/train/gpu_ahead.h"
#include "web/gpu/page.h"

namespace chainrule::gpu {

/// A template and what stands in it: how it went, for people.
std::string training_text();

/// Lets a GPU make the steps ahead of one trainer; makes its GpuAhead when there is a device for it.
class TrainingOnGpu {
 public:
  /// `begin` makes the GpuAhead, from the pipelines, the clock and the settings that it gets.
  using Make = std::function<std::unique_ptr<GpuAhead>(Pipelines&, std::function<double()> clock, const GpuAhead::Settings&)>;
  /// See GpuAhead::take. nullopt: not here, not now, or not any more; the CPU is to do it.
  std::optional<std::vector<GpuAhead::Note>> take(std::unique_ptr<Trainer>& shown, std::int64_t last, const Make& make);
  /// The shown trainer is changed, or the steps ahead are not wanted.
  void cancel();
  /// Has a GPU made steps that the shown one follows from?
  bool approximate() const { return approximate_; }

 private:
  std::unique_ptr<GpuAhead> ahead_;
  int made_for_ = -1;  // which choice
  bool approximate_ = false;
};

}  // namespace chainrule::gpu
