// What measures loss planes: the CPU, or WebGPU where the page's choice allows it, a check is passed, and it is the faster one.
#pragma once

#include "engine/landscape/gpu_plane_losses.h"
#include "web/gpu/page.h"

namespace chainrule::gpu {

/// How it went, for people; empty: no plane was measured.
std::string planes_text();

/// The losses of one network's planes.
class PlaneOnGpu {
 public:
  /// Makes what measures points of that network on a GPU. Errors: a sentence.
  using Make = std::function<Result<std::unique_ptr<PointsOnGpu>>(Pipelines&, GemmForm)>;

  explicit PlaneOnGpu(std::unique_ptr<PlaneLosses> cpu);
  /// To be asked for before each use: the choice may have changed, a device may have come.
  PlaneLosses& losses(const Make& make);

 private:
  GpuPlaneLosses losses_;
  int made_for_ = -1;  // which choice
};

}  // namespace chainrule::gpu
