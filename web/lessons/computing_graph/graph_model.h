// GraphModel: a program with its numbers, a whole training step at once, and the order in which its ops are read.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/backend/cpu/cpu_backend.h"
#include "web/lessons/computing_graph/graph_programs.h"

namespace chainrule {

class GraphModel {
 public:
  explicit GraphModel(const GraphChoice& choice);

  /// Parameters that the example does not give are drawn by the seed, and so are inputs and targets.
  void start(std::uint64_t seed);
  /// Computes everything from what can be set.
  void run();
  /// The parameters after the update become those before it. Requires: run().
  void next_update() { backend_.begin_step(); }

  const GraphChoice& choice() const { return choice_; }
  const GraphProgram& made() const { return made_; }
  const Program& program() const { return made_.program; }
  const Buffers<float>& buffers() const { return backend_.buffers(); }
  std::span<float> values(TensorId id) { return backend_.buffers()[id]; }
  std::int64_t length() const { return static_cast<std::int64_t>(made_.order.size()); }
  const OpCall& call_at(std::int64_t place) const { return program().calls[static_cast<std::size_t>(made_.order[static_cast<std::size_t>(place)])]; }
  /// Place in the order of the call that computes `tensor`; −1: it is set from outside.
  std::int64_t place_of(TensorId tensor) const;
  bool is_settable(TensorId tensor) const;
  /// Classes instead of numbers: only whole ones below this are allowed; 0: any number.
  int classes_of(TensorId tensor) const;
  std::int64_t work() const { return work_; }

 private:
  GraphChoice choice_;
  GraphProgram made_;
  CpuBackend backend_;
  std::vector<std::int64_t> place_;  // by call
  std::int64_t work_ = 0;
};

}  // namespace chainrule
