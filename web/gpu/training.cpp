#include "web/gpu/training.h"

#include <vector>

#include "engine/base/text.h"
#include "web/gpu/gpu.h"
#include "web/platform/platform.h"

namespace chainrule::gpu {
namespace {

/// Of the page, as its device is.
struct Page {
  Choice choice = Choice::kAutomatic;
  int choices = 0;  // how often was chosen: who holds something of an earlier one lets go
  std::vector<std::unique_ptr<Pipelines>> pipelines;  // of each device so far; the last one's are in use
  std::string text;
};

Page& page() {
  static Page the_one;
  return the_one;
}

/// Null: there is no device, or not yet.
Pipelines* pipelines() {
  Page& p = page();
  if (p.choice == Choice::kCpu) return nullptr;
  if (access() == Access::kNotAsked) request_device();
  if (access() == Access::kNone) p.text = "There is no WebGPU here, so the CPU trains.";
  if (access() != Access::kReady) return nullptr;
  Device& ready = device();
  if (ready.state() != DeviceState::kReady) return nullptr;
  if (p.pipelines.empty() || p.pipelines.back() == nullptr) {
    if (!p.pipelines.empty()) p.pipelines.pop_back();
    p.pipelines.push_back(std::make_unique<Pipelines>(ready));
  }
  return p.pipelines.back().get();
}

std::string speed_text(const GpuAhead& ahead) {
  const std::string side = std::to_string(gpu::tile_side(ahead.form()));
  std::string text = "WebGPU (" + device().limits().name + ") trains, in tiles of " + side + " x " + side + " numbers: " + significant_text(ahead.speedup(), 2) +
                     " times as fast as the CPU. Largest relative difference in its check: " +
                     significant_text(ahead.check_difference(), 2) + ".";
  if (const double difference = ahead.loss_difference(); difference != 0.0)
    text += " The loss of the shown step, computed by both, differs by " + significant_text(difference < 0.0 ? -difference : difference, 2) + " of itself.";
  return text;
}

}  // namespace

void choose(Choice choice) {
  Page& p = page();
  p.choice = choice;
  ++p.choices;
  p.text.clear();
  if (access() == Access::kReady && device().state() != DeviceState::kReady) {
    p.pipelines.push_back(nullptr);  // made when the new device is there
    request_device();
  }
}

Choice choice() { return page().choice; }

std::string training_text() {
  const Page& p = page();
  if (p.choice == Choice::kCpu) return "The CPU trains, bit for bit the same everywhere.";
  if (!p.text.empty()) return p.text;
  return "WebGPU is tried when a network trains at full speed on many steps.";
}

std::optional<std::vector<GpuAhead::Note>> TrainingOnGpu::take(std::unique_ptr<Trainer>& shown, std::int64_t last, const Make& make) {
  constexpr std::int64_t kWorthwhile = 64;  // fewer steps are over before the check is
  Pipelines* const ready = pipelines();
  if (made_for_ != page().choices) ahead_.reset();
  made_for_ = page().choices;
  if (ahead_ == nullptr) {
    if (ready == nullptr || last - shown->step() < kWorthwhile) return std::nullopt;
    ahead_ = make(*ready, platform::now, {.must_win = page().choice == Choice::kAutomatic});
  }
  if (!ahead_->ended().empty()) return std::nullopt;
  if (!ahead_->under_way() && last - shown->step() < kWorthwhile) return std::nullopt;
  std::vector<GpuAhead::Note> notes = ahead_->take(shown, last);
  approximate_ = approximate_ || !notes.empty();
  page().text = !ahead_->ended().empty() ? ahead_->ended()
                : ahead_->proven()       ? speed_text(*ahead_)
                                         : "WebGPU is compared with the CPU, number by number, and then raced.";
  if (!ahead_->ended().empty()) return std::nullopt;
  return notes;
}

void TrainingOnGpu::cancel() {
  if (ahead_ != nullptr) ahead_->cancel();
}

}  // namespace chainrule::gpu
