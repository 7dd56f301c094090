// Backend: where a program runs. One instance holds the buffers of one program.
//
// The interface never blocks: enqueue hands over work, read asks for a result, poll tells whether it is there. The CPU
// completes at once; a GPU later.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/graph/program.h"

namespace chainrule {

class Backend {
 public:
  using Ticket = std::uint64_t;

  virtual ~Backend() = default;
  virtual std::string_view name() const = 0;
  /// Can this backend run the call? Asked once, when a model is built.
  virtual bool supports(const OpCall& call) const = 0;
  /// Sets a tensor's numbers. Requires: as many as its shape has.
  virtual void upload(TensorId tensor, std::span<const float> values) = 0;
  /// Begins the next step: parameters and states take the values that they had after the last update.
  virtual void begin_step() = 0;
  /// Runs call `number` of the program, after all that was enqueued before.
  virtual void enqueue(std::size_t number) = 0;
  /// Asks for a tensor's numbers as they are after all that was enqueued.
  virtual Ticket read(TensorId tensor) = 0;
  /// The numbers of a read, once they are there; valid until the next enqueue, upload or begin_step.
  virtual std::optional<std::span<const float>> poll(Ticket ticket) = 0;
};

}  // namespace chainrule
