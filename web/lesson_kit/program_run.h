// ProgramRun: a training program whose numbers at step t are all those of the model after t updates: the forward pass,
// the gradients, and the update to come.
#pragma once

#include <optional>
#include <string>

#include "web/lesson_kit/program_explain.h"

namespace chainrule {

class ProgramRun {
 public:
  /// Step 0 with the parameters of the seed. Requires: the program has update calls. Its inputs and hyper tensors are to
  /// be set, and compute() to be called, before a number is looked at.
  void begin(Program program, std::uint64_t seed);
  /// All calls, on the parameters and states of the present step.
  void compute();
  /// The update that was computed happens. Its inputs are to be set, and compute() to be called.
  void advance();
  /// Puts the carried numbers of a step that was saved in place; compute() is to be called.
  void restore(std::span<const float> carried, std::int64_t step);

  bool begun() const { return !program_.calls.empty(); }
  const Program& program() const { return program_; }
  const Buffers<float>& buffers() const { return now_; }
  std::int64_t step() const { return step_; }
  std::int64_t work_per_step() const { return work_; }
  /// By name. Requires: there is such a tensor.
  std::span<const float> values(std::string_view name) const { return now_[program_.find(name)]; }
  std::span<float> settable(TensorId id) { return now_[id]; }

  /// Parameters and states: what goes from step to step.
  std::vector<TensorId> carried() const;
  std::size_t carried_size() const;
  /// Is anything of `names` not finite? A sentence that names step, tensor and element, else empty.
  std::string divergence(std::initializer_list<std::string_view> names) const;
  /// As explain_at_step.
  Result<Explanation> explain(const ElementRef& element, bool by_hand, const LeafOfProgram& leaf) const;

 private:
  Program program_;
  Buffers<float> now_;
  std::optional<Buffers<float>> before_;  // of the step before, whose update made what is carried
  std::int64_t step_ = 0, work_ = 0;
};

}  // namespace chainrule
