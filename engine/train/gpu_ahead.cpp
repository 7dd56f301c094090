#include "engine/train/gpu_ahead.h"

#include <algorithm>

#include "engine/base/text.h"
#include "engine/data/confusion.h"

namespace chainrule {
namespace {

constexpr std::size_t kRunsAtOnce = 2;   // one computes while the other waits, so that the GPU never does
constexpr double kRunSeconds = 0.08;     // a run is to take about as long
constexpr int kRaceSteps = 4;

double largest_difference(std::span<const float> a, std::span<const float> b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    const double size = d < 0.0 ? -d : d;
    if (!(size <= largest)) largest = size;  // a NaN stays
  }
  return largest;
}

}  // namespace

GpuAhead::GpuAhead(gpu::Pipelines& pipelines, std::unique_ptr<Trainer> reference, std::unique_ptr<BatchSource> source, const Samples& samples,
                   Order order, std::function<double()> clock, const Settings& settings)
    : pipelines_(pipelines),
      reference_(std::move(reference)),
      source_(std::move(source)),
      samples_(samples),
      order_(std::move(order)),
      clock_(std::move(clock)),
      settings_(settings) {
  const Program& program = reference_->program();
  for (const TensorKind kind : {TensorKind::kParameter, TensorKind::kState})
    for (const TensorId id : program.of_kind(kind)) saved_.push_back(id);
}

void GpuAhead::end(std::string why) {
  ended_ = std::move(why);
  gpu_.reset();
  form_race_.reset();
  cancel();
}

bool GpuAhead::device_works() {
  const gpu::DeviceState state = pipelines_.device().state();
  if (state == gpu::DeviceState::kReady) return true;
  end(gpu::fault_text(state) + "; the CPU goes on from the step that is shown.");
  return false;
}

void GpuAhead::cancel() {
  restart_ = under_way_ && !(runs_.empty() && state_tickets_.empty());
  under_way_ = false;
  shown_begun_ = shown_whole_ = false;
  notes_.clear();
}

/// True when it is known which body of sums of products is fastest.
bool GpuAhead::choose_form() {
  const gpu::Limits& limits = pipelines_.device().limits();
  if (settings_.must_win && limits.fallback) {
    end(std::string(gpu::kInSoftwareText));
    return false;
  }
  if (form_race_ == nullptr)
    form_race_ = std::make_unique<gpu::FormRace>(
        pipelines_, reference_->program(),
        gpu::WebGpuOptions{.probabilities = samples_.probabilities, .labels = samples_.target}, gpu::forms_for(limits), clock_);
  const Result<bool> over = form_race_->tick();
  if (!over.ok()) end(over.error_message());
  return over.ok() && over.value();
}

bool GpuAhead::make_program() {
  auto made = gpu::WebGpuProgram::create(
      pipelines_, reference_->program(),
      {.form = form_race_->best(), .probabilities = samples_.probabilities, .labels = samples_.target});
  if (!made.ok()) {
    end(made.error_message());
    return false;
  }
  gpu_ = std::move(made).value();
  if (const Status status = gpu_->use_samples(samples_); !status.ok()) {
    end(status.error_message());
    return false;
  }
  return true;
}

/// The GPU gets the state that is shown. False: not yet, or it has ended.
bool GpuAhead::begin(const Trainer& shown) {
  if (gpu_ == nullptr && !(choose_form() && make_program())) return false;
  const Program& program = reference_->program();
  for (const TensorId id : saved_) gpu_->upload(id, shown.current(id));
  for (const TensorId id : program.of_kind(TensorKind::kHyper)) gpu_->upload(id, shown.buffers()[id]);
  submitted_ = reported_ = delivered_ = shown.step();
  shown_at_ = clock_();
  under_way_ = true;
  if (phase_ != Phase::kTrain) phase_ = Phase::kNew;
  return true;
}

void GpuAhead::submit_run(int steps) {
  std::vector<std::uint32_t> order;
  for (int i = 0; i < steps; ++i) {
    const std::span<const std::uint32_t> batch = order_(submitted_ + i);
    order.insert(order.end(), batch.begin(), batch.end());
  }
  runs_.push_back({gpu_->run(steps, order), steps, clock_()});
  submitted_ += steps;
}

void GpuAhead::ask_state() {
  state_.clear();
  state_step_ = submitted_;
  for (const TensorId id : saved_) state_tickets_.push_back(gpu_->read(id));
}

/// True when the state has come. The answers come in the order of the questions.
bool GpuAhead::poll_state() {
  std::size_t come = 0;
  for (; come < state_tickets_.size(); ++come) {
    const std::optional<std::vector<float>> values = gpu_->poll(state_tickets_[come]);
    if (!values) break;
    state_.insert(state_.end(), values->begin(), values->end());
  }
  state_tickets_.erase(state_tickets_.begin(), state_tickets_.begin() + static_cast<std::ptrdiff_t>(come));
  return come > 0 && state_tickets_.empty();
}

void GpuAhead::note_run(const gpu::RunReport& report) {
  for (std::size_t i = 0; i < report.losses.size(); ++i) {
    const std::int64_t step = ++reported_;
    if (step == shown_note_.step) loss_difference_ = static_cast<double>(report.losses[i]) / static_cast<double>(shown_note_.loss) - 1.0;
    if (step > delivered_) notes_.push_back({step, report.losses[i], report.correct[i]});
  }
  if (!report.finite) end("A number on the GPU is not finite; the CPU goes on from the step that is shown.");
}

void GpuAhead::poll_runs() {
  while (!runs_.empty()) {
    const std::optional<gpu::RunReport> report = gpu_->report(runs_.front().ticket);
    if (!report) return;
    const Run run = runs_.front();
    runs_.pop_front();
    if (!under_way_) continue;
    const double seconds = clock_() - run.begun;
    note_run(*report);
    if (gpu_ == nullptr) return;
    if (phase_ == Phase::kRace) finish_race(seconds, run.steps);
    if (phase_ == Phase::kTrain) {
      // A run waits for the one before it: its own share of the time is what counts.
      const double own = seconds / static_cast<double>(runs_.size() + 1);
      chunk_ = std::clamp(static_cast<int>(static_cast<double>(run.steps) * kRunSeconds / std::max(own, 1e-3)), 1, std::min(2 * run.steps, gpu::WebGpuProgram::kMostSteps));
    }
  }
}

/// One step on both: what the GPU changed against what the CPU did.
void GpuAhead::check(const Trainer& shown) {
  std::span<const float> on_gpu = state_;
  check_difference_ = 0.0;
  for (const TensorId id : saved_) {
    const std::span<const float> on_cpu = reference_->current(id);
    const double changed = largest_difference(on_cpu, shown.current(id));
    const double apart = largest_difference(on_cpu, on_gpu.first(on_cpu.size()));
    on_gpu = on_gpu.subspan(on_cpu.size());
    if (changed > 0.0 && !(apart / changed <= check_difference_)) check_difference_ = apart / changed;
  }
  if (!(check_difference_ <= static_cast<double>(settings_.tolerance)))
    return end("WebGPU failed its check: it differs from the CPU by " + significant_text(check_difference_, 2) +
               " of what a step changes. The CPU trains.");
  phase_ = Phase::kRace;
  submit_run(kRaceSteps);
}

void GpuAhead::finish_race(double seconds, int steps) {
  // Answers are looked for once a frame: what is shorter than several frames is raced again, longer.
  if (seconds < 0.1 && steps < gpu::WebGpuProgram::kMostSteps) return submit_run(gpu::WebGpuProgram::kMostSteps);
  speedup_ = cpu_seconds_ / (seconds / steps);
  phase_ = Phase::kTrain;
  chunk_ = std::clamp(static_cast<int>(kRunSeconds / std::max(seconds / steps, 1e-4)), 1, gpu::WebGpuProgram::kMostSteps);
  if (settings_.must_win && speedup_ < 1.0)
    end("WebGPU was tried: " + significant_text(speedup_, 2) + " times as fast as the CPU, so the CPU trains.");
}

/// True when the step to show is whole.
bool GpuAhead::work_on_shown() {
  const double begun = clock_();
  const bool whole = reference_->advance(settings_.slice, *source_);
  cpu_seconds_ += clock_() - begun;
  return whole;
}

std::vector<GpuAhead::Note> GpuAhead::publish(std::unique_ptr<Trainer>& shown) {
  shown_begun_ = shown_whole_ = false;
  std::swap(shown, reference_);
  const bool counts = samples_.probabilities != kNoTensor;
  const int correct = counts ? count_correct(shown->buffers()[samples_.probabilities], shown->buffers()[samples_.target]) : 0;
  shown_note_ = {shown->step(), *shown->loss(), correct};
  std::vector<Note> taken;
  for (const Note& note : notes_)
    if (note.step < shown->step()) taken.push_back(note);
    else if (note.step == shown->step()) loss_difference_ = static_cast<double>(note.loss) / static_cast<double>(shown_note_.loss) - 1.0;
  std::erase_if(notes_, [&](const Note& note) { return note.step <= shown->step(); });
  taken.push_back(shown_note_);
  delivered_ = shown->step();
  shown_at_ = clock_();
  return taken;
}

/// Hands over what the GPU is to do next: the last step that is shown is the CPU's.
void GpuAhead::submit(std::int64_t last) {
  const bool reading = !state_tickets_.empty() || shown_begun_;
  const bool at_end = submitted_ >= last - 1;
  if (!reading && submitted_ + 1 > delivered_ && delivered_ < last && (at_end || clock_() - shown_at_ >= settings_.between)) ask_state();
  while (runs_.size() < kRunsAtOnce && submitted_ < last - 1)
    submit_run(static_cast<int>(std::min<std::int64_t>(chunk_, last - 1 - submitted_)));
}

std::vector<GpuAhead::Note> GpuAhead::take(std::unique_ptr<Trainer>& shown, std::int64_t last) {
  if (!ended_.empty() || !device_works()) return {};
  if (restart_) {  // what was under way answers first, and is forgotten
    poll_runs();
    poll_state();
    restart_ = !(runs_.empty() && state_tickets_.empty());
    return {};
  }
  if (under_way_ && submitted_ >= last) {  // `last` has come nearer: what is under way goes beyond it
    cancel();
    return {};
  }
  if (!under_way_ && !begin(*shown)) return {};
  if (phase_ == Phase::kNew) {
    phase_ = Phase::kCheck;
    submit_run(1);
    ask_state();
    cpu_seconds_ = 0.0;
    reference_->restore(shown->save(), shown->step());
    reference_->set_hypers(shown->hypers());
    shown_begun_ = true;
  }
  poll_runs();
  if (gpu_ == nullptr) return {};
  const bool state_came = poll_state();
  if (phase_ == Phase::kCheck) {
    if (shown_begun_ && work_on_shown()) shown_begun_ = false;
    if (!shown_begun_ && !state_.empty() && state_tickets_.empty()) check(*shown);
    return {};
  }
  if (phase_ == Phase::kRace) return {};
  if (state_came) {
    reference_->restore(state_, state_step_);
    reference_->set_hypers(shown->hypers());
    shown_begun_ = true;
  }
  std::vector<Note> taken;
  if (shown_begun_ && !shown_whole_) shown_whole_ = work_on_shown();
  if (shown_whole_ && reported_ >= state_step_) taken = publish(shown);  // the notes on the way are there
  submit(last);
  return taken;
}

}  // namespace chainrule
