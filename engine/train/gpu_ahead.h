// GpuAhead: the steps after the one that is shown, made on a GPU, shown a whole step at a time by the CPU.
//
// The GPU trains from the state that is shown. Now and then its state comes back, and the CPU makes the next step from it:
// what is shown is that step, so that every number of it is the reference's and explains itself, while the weights before it
// carry what the GPU rounded in another order. The GPU's loss of that same step is compared with the CPU's.
// First the bodies of sums of products race each other on this very adapter (FormRace). Before anything counts, one step is made
// on both and all that it changed compared: each kernel of the program. A short race with the CPU follows. Whatever goes wrong ends it with a sentence; the shown state is the checkpoint to go on from.
#pragma once

#include <deque>
#include <functional>

#include "engine/backend/webgpu/form_race.h"
#include "engine/train/trainer.h"

namespace chainrule {

class GpuAhead {
 public:
  /// What the program trains on; the samples outlive this.
  struct Samples : gpu::Samples {
    TensorId probabilities = kNoTensor;  // [N,C]: right answers are counted
  };
  /// Samples of update number `step`, from 0.
  using Order = std::function<std::span<const std::uint32_t>(std::int64_t step)>;
  /// One step, also of those that are never shown.
  struct Note {
    std::int64_t step = 0;
    float loss = 0.0f;
    int correct = 0;  // of the batch; 0 without probabilities
  };
  struct Settings {
    bool must_win = true;            // automatic: ends where the CPU is faster
    std::int64_t slice = 30'000'000; // multiply-adds that the CPU does of a shown step in one call of `take`
    double between = 0.25;           // seconds between shown steps
    float tolerance = 0.01f;         // of what a step changes
  };

  /// `reference` is another trainer of the program that is shown, `source` its batches; `clock` gives seconds.
  GpuAhead(gpu::Pipelines& pipelines, std::unique_ptr<Trainer> reference, std::unique_ptr<BatchSource> source, const Samples& samples, Order order,
           std::function<double()> clock, const Settings& settings);

  /// Goes on towards step `last`, some 40 steps away at least, from `shown` where nothing is under way; never waits. Where a newer whole step is there it becomes
  /// `shown`, and the notes of the steps on the way come back.
  std::vector<Note> take(std::unique_ptr<Trainer>& shown, std::int64_t last);
  /// What is under way does not count: the shown trainer was changed.
  void cancel();

  /// Is the GPU at work from a state that was shown?
  bool under_way() const { return under_way_ || restart_; }
  /// Why it is over, as a sentence; empty: it is not.
  const std::string& ended() const { return ended_; }
  /// Were the check and the race passed?
  bool proven() const { return phase_ == Phase::kTrain; }
  /// How many times as fast as the CPU; 0 before the race.
  double speedup() const { return speedup_; }
  /// How sums of products are computed: the form that was fastest here. Requires: proven().
  gpu::GemmForm form() const { return form_race_->best(); }
  /// Largest difference in the check, as a share of what the step changed.
  double check_difference() const { return check_difference_; }
  /// The GPU's loss of the last step that both made, as a share of the CPU's away from it.
  double loss_difference() const { return loss_difference_; }

 private:
  enum class Phase : std::uint8_t { kNew, kCheck, kRace, kTrain };
  struct Run {
    gpu::Ticket ticket;
    int steps;
    double begun;
  };

  void end(std::string why);
  bool device_works();
  bool choose_form();
  bool make_program();
  bool begin(const Trainer& shown);
  void submit(std::int64_t last);
  void submit_run(int steps);
  void poll_runs();
  void note_run(const gpu::RunReport& report);
  void ask_state();
  bool poll_state();
  void check(const Trainer& shown);
  void finish_race(double seconds, int steps);
  bool work_on_shown();
  std::vector<Note> publish(std::unique_ptr<Trainer>& shown);

  gpu::Pipelines& pipelines_;
  std::unique_ptr<Trainer> reference_;
  std::unique_ptr<BatchSource> source_;
  Samples samples_;
  Order order_;
  std::function<double()> clock_;
  Settings settings_;
  std::unique_ptr<gpu::FormRace> form_race_;
  std::unique_ptr<gpu::WebGpuProgram> gpu_;
  std::vector<TensorId> saved_;  // parameters and states, in the order of Trainer::save

  Phase phase_ = Phase::kNew;
  std::string ended_;
  bool under_way_ = false, restart_ = false;
  std::int64_t submitted_ = 0, reported_ = 0, delivered_ = 0;  // steps
  int chunk_ = 1;                                              // steps of a run
  std::deque<Run> runs_;
  std::vector<gpu::Ticket> state_tickets_;
  std::vector<float> state_;
  std::int64_t state_step_ = 0;
  bool shown_begun_ = false;  // the reference trainer is at work on the next step to show
  bool shown_whole_ = false;  // and done with it
  double shown_at_ = 0.0, cpu_seconds_ = 0.0;
  std::vector<Note> notes_;
  Note shown_note_;
  double speedup_ = 0.0, check_difference_ = 0.0, loss_difference_ = 0.0;
};

}  // namespace chainrule
