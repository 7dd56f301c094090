#include "engine/backend/webgpu/form_race.h"

#include <algorithm>

namespace chainrule::gpu {
namespace {

constexpr int kFirstSteps = 4;
constexpr int kMostRaced = 8 * WebGpuProgram::kMostSteps;
constexpr double kLongEnough = 0.1;  // seconds: answers are looked for once a frame

/// Does the program run the same kernels in both forms?
bool same(const Program& program, GemmForm a, GemmForm b) {
  return std::ranges::all_of(program.calls, [&](const OpCall& call) {
    const std::optional<CallPlan> with_a = plan_call(call, a), with_b = plan_call(call, b);
    return !with_a || !with_b || std::ranges::equal(with_a->dispatches, with_b->dispatches, {}, &Dispatch::kernel, &Dispatch::kernel);
  });
}

}  // namespace

std::span<const GemmForm> forms_for(const Limits& limits) {
  static constexpr GemmForm kPlain[] = {GemmForm::kRegisters}, kHandedOn[] = {GemmForm::kQuads};
  static constexpr GemmForm kOnGpu[] = {GemmForm::kTiled, GemmForm::kRegisters, GemmForm::kLarge};
  if (!limits.fallback) return kOnGpu;
  return limits.subgroups ? std::span<const GemmForm>(kHandedOn) : std::span<const GemmForm>(kPlain);
}

FormRace::FormRace(Pipelines& pipelines, const Program& program, const WebGpuOptions& options, std::span<const GemmForm> forms,
                   std::function<double()> clock)
    : pipelines_(pipelines), program_(program), options_(options), clock_(std::move(clock)) {
  for (const GemmForm form : forms)
    if (std::ranges::none_of(forms_, [&](GemmForm before) { return same(program, form, before); })) forms_.push_back(form);
}

GemmForm FormRace::best() const { return std::ranges::min_element(laps_, {}, &Lap::seconds)->form; }

void FormRace::submit(int steps) {
  steps_ = steps;
  begun_ = clock_();
  for (int left = std::max(steps, 1); left > 0; left -= WebGpuProgram::kMostSteps)
    tickets_.push_back(running_->run(std::min(left, WebGpuProgram::kMostSteps)));
}

/// Runs answer in their order.
bool FormRace::answered() {
  while (!tickets_.empty() && running_->report(tickets_.front())) tickets_.erase(tickets_.begin());
  return tickets_.empty();
}

Result<bool> FormRace::tick() {
  if (forms_.size() == 1 && laps_.empty()) laps_.push_back({forms_[0], 0.0});
  if (laps_.size() == forms_.size()) return true;
  if (running_ == nullptr) {
    options_.form = forms_[laps_.size()];
    auto made = WebGpuProgram::create(pipelines_, program_, options_);
    if (!made.ok()) return Error{made.error_message()};
    running_ = std::move(made).value();
    submit(0);
  }
  if (!answered()) return false;
  const double seconds = clock_() - begun_;
  if (steps_ == 0) {
    submit(kFirstSteps);
  } else if (seconds < kLongEnough && steps_ < kMostRaced) {
    submit(std::min(8 * steps_, kMostRaced));
  } else {
    laps_.push_back({options_.form, seconds / steps_});
    running_.reset();
  }
  return laps_.size() == forms_.size();
}

}  // namespace chainrule::gpu
