// FormRace: which body of sums of products is fastest for a program on this very adapter. Steps of the program itself run, on
// zeros, which take as long as any numbers; a form whose program would be the same as one before it does not take part.
#pragma once

#include <functional>

#include "engine/backend/webgpu/webgpu_program.h"

namespace chainrule::gpu {

class FormRace {
 public:
  /// One form, and how long a step takes with it.
  struct Lap {
    GemmForm form{};
    double seconds = 0.0;  // 0: not run, as there was no other form to compare with
  };

  /// `clock` gives seconds. Forms in the order in which they run; `program` and `pipelines` outlive this.
  FormRace(Pipelines& pipelines, const Program& program, const WebGpuOptions& options, std::span<const GemmForm> forms,
           std::function<double()> clock);
  /// Goes on; never waits. True when all have run: see laps() and best().
  /// Errors: the program cannot be made for this adapter.
  Result<bool> tick();
  /// Those that have run so far.
  const std::vector<Lap>& laps() const { return laps_; }
  /// The fastest. Requires: tick() said true.
  GemmForm best() const;

 private:
  void submit(int steps);
  bool answered();

  Pipelines& pipelines_;
  const Program& program_;
  WebGpuOptions options_;
  std::function<double()> clock_;
  std::vector<GemmForm> forms_;  // that take part
  std::vector<Lap> laps_;
  std::unique_ptr<WebGpuProgram> running_;  // the form after the last lap
  std::vector<Ticket> tickets_;
  int steps_ = 0;  // of what was submitted last; 0: the one that warms up
  double begun_ = 0.0;
};

/// The forms that are worth racing on an adapter. Where the CPU itself computes, barriers crawl, every load costs as much as
/// several products, and nothing is worth a race of its own.
std::span<const GemmForm> forms_for(const Limits& limits);

}  // namespace chainrule::gpu
