#include "web/gpu/training.h"

#include <vector>

#include "engine/base/text.h"
#include "web/gpu/gpu.h"
#include "web/platform/platform.h"

namespace chainrule::gpu {
namespace {

/// Of the page: how many trainings there are that a GPU could do, and which of them spoke last. None: the lesson shows each of its steps.
struct Trainings {
  int count = 0;
  const TrainingOnGpu* speaker = nullptr;
};

Trainings& trainings() {
  static Trainings the_one;
  return the_one;
}

std::string speed_text(const GpuAhead& ahead) {
  const Tile tile = tile_of(ahead.form());
  std::string text = "WebGPU (" + device().limits().name + ") trains, in tiles of " + std::to_string(tile.rows) + " x " + std::to_string(tile.columns) + " numbers: " + significant_text(ahead.speedup(), 2) +
                     " times as fast as the CPU. Largest relative difference in its check: " +
                     significant_text(ahead.check_difference(), 2) + ".";
  if (const double difference = ahead.loss_difference(); difference != 0.0)
    text += " The loss of the shown step, computed by both, differs by " + significant_text(difference < 0.0 ? -difference : difference, 2) + " of itself.";
  return text;
}

}  // namespace

std::string training_text() {
  if (choice() == Choice::kCpu) return "The CPU trains, bit for bit the same everywhere.";
  if (trainings().count == 0)
    return "This lesson computes on the CPU: each of its steps is shown, and shown numbers are the reference's. WebGPU is for networks that train at full speed.";
  if (!said(Work::kTraining).empty()) return said(Work::kTraining);
  return "WebGPU is tried when a network trains at full speed on many steps.";
}

TrainingOnGpu::TrainingOnGpu() { ++trainings().count; }

TrainingOnGpu::~TrainingOnGpu() {
  --trainings().count;
  if (trainings().speaker != this) return;
  trainings().speaker = nullptr;
  say(Work::kTraining, "");
}

void TrainingOnGpu::goes_on_from(std::int64_t step) {
  if (first_ && step < *first_) first_.reset();
}

std::optional<std::vector<GpuAhead::Note>> TrainingOnGpu::take(std::unique_ptr<Trainer>& shown, std::int64_t last, const Make& make) {
  constexpr std::int64_t kWorthwhile = 64;  // fewer steps are over before the check is
  Pipelines* const ready = pipelines();
  if (access() == Access::kNone && choice() != Choice::kCpu) say(Work::kTraining, "There is no WebGPU here, so the CPU trains.");
  if (made_for_ != choices()) ahead_.reset();
  made_for_ = choices();
  if (ahead_ == nullptr) {
    if (ready == nullptr || last - shown->step() < kWorthwhile) return std::nullopt;
    ahead_ = make(*ready, platform::now, {.must_win = choice() == Choice::kAutomatic});
  }
  if (!ahead_->ended().empty()) return std::nullopt;
  if (!ahead_->under_way() && last - shown->step() < kWorthwhile) return std::nullopt;
  goes_on_from(shown->step());
  std::vector<GpuAhead::Note> notes = ahead_->take(shown, last);
  if (!notes.empty() && !first_) first_ = notes.front().step;
  trainings().speaker = this;
  say(Work::kTraining, !ahead_->ended().empty() ? ahead_->ended()
                       : ahead_->proven()       ? speed_text(*ahead_)
                                                : "WebGPU is compared with the CPU, number by number, and then raced.");
  if (!ahead_->ended().empty()) return std::nullopt;
  return notes;
}

void TrainingOnGpu::cancel() {
  if (ahead_ != nullptr) ahead_->cancel();
}

}  // namespace chainrule::gpu
