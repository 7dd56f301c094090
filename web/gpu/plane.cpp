#include "web/gpu/plane.h"

#include "engine/base/text.h"
#include "web/gpu/gpu.h"
#include "web/platform/platform.h"

namespace chainrule::gpu {
namespace {

std::string text_of(const GpuPlaneLosses& losses) {
  if (!losses.ended().empty()) return losses.ended();
  if (losses.proven())
    return "WebGPU (" + device().limits().name + ") measures the loss plane: " + significant_text(losses.speedup(), 2) +
           " times as fast as the CPU. Largest relative difference in its check: " + significant_text(losses.check_difference(), 2) + ".";
  return losses.checked() ? "WebGPU agrees with the CPU on the loss plane, and measures it where the CPU takes longer than two frames."
                          : "Losses of the plane from WebGPU are compared with the CPU's.";
}

}  // namespace

std::string planes_text() { return choice() == Choice::kCpu ? "" : said(Work::kPlanes); }

PlaneOnGpu::PlaneOnGpu(std::unique_ptr<PlaneLosses> cpu) : losses_(std::move(cpu), platform::now) {}

PlaneLosses& PlaneOnGpu::losses(const Make& make) {
  Pipelines* const ready = pipelines();
  const bool is_new = made_for_ != choices();
  if (is_new && losses_.has_gpu()) losses_.use_cpu();
  if (ready != nullptr && is_new) {
    made_for_ = choices();
    const bool fallback = ready->device().limits().fallback;
    if (fallback && choice() == Choice::kAutomatic) {
      say(Work::kPlanes, std::string(kInSoftwareText));
      return losses_;
    }
    auto made = make(*ready, fallback ? GemmForm::kRegisters : GemmForm::kTiled);
    if (!made.ok()) {
      say(Work::kPlanes, made.error_message());
      return losses_;
    }
    losses_.use(std::move(made).value(), {.must_win = choice() == Choice::kAutomatic});
  }
  if (access() == Access::kNone && choice() != Choice::kCpu) say(Work::kPlanes, "There is no WebGPU here, so the CPU measures planes.");
  if (losses_.has_gpu() || !losses_.ended().empty()) say(Work::kPlanes, text_of(losses_));
  return losses_;
}

}  // namespace chainrule::gpu
