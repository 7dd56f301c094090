// Buffers: the numbers of a program's tensors, one buffer each.
#pragma once

#include <array>
#include <span>
#include <utility>
#include <vector>

#include "engine/graph/program.h"
#include "engine/trace/derivation.h"

namespace chainrule {

/// Allocated once; running the program allocates nothing.
template <class T>
class Buffers {
 public:
  Buffers() = default;
  explicit Buffers(const Program& program) {
    for (const TensorInfo& info : program.tensors) {
      if (info.after != kNoTensor) pairs_.emplace_back(data_.size(), static_cast<std::size_t>(info.after));
      data_.emplace_back(static_cast<std::size_t>(info.shape.size()), static_cast<T>(info.fill));
    }
  }

  std::span<T> operator[](TensorId id) { return data_[static_cast<std::size_t>(id)]; }
  std::span<const T> operator[](TensorId id) const { return data_[static_cast<std::size_t>(id)]; }

  /// Begins the next step: what was after the last update is before this one.
  void trade_places() {
    for (const auto& [before, after] : pairs_) data_[before].swap(data_[after]);
  }

 private:
  std::vector<std::vector<T>> data_;
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;  // before and after the update
};

/// The pointers of one call, on the stack.
template <class T>
class CallOperands {
 public:
  CallOperands(const OpCall& call, const Buffers<T>& buffers) : call_(call) {
    CHECK(call.inputs.size() <= in_.size() && call.outputs.size() <= out_.size(), "too many operands");
    for (std::size_t slot = 0; slot < call.inputs.size(); ++slot) in_[slot] = buffers[call.inputs[slot]].data();
    for (std::size_t slot = 0; slot < call.outputs.size(); ++slot)
      out_[slot] = const_cast<T*>(buffers[call.outputs[slot]].data());
  }
  Operands<T> get() const {
    return {call_.in_shapes, call_.out_shapes, std::span(in_).first(call_.inputs.size()),
            std::span(out_).first(call_.outputs.size())};
  }

 private:
  const OpCall& call_;
  std::array<const T*, 16> in_{};
  std::array<T*, 2> out_{};
};

/// Runs one call with the reference kernel, in float or double.
inline void run_reference(const OpCall& call, Buffers<float>& buffers) {
  op_info(call.kind).run_float(call.attributes, CallOperands<float>(call, buffers).get());
}
inline void run_reference(const OpCall& call, Buffers<double>& buffers) {
  op_info(call.kind).run_double(call.attributes, CallOperands<double>(call, buffers).get());
}

/// How element `index` of `tensor` was computed in the step that the buffers hold; empty for a tensor set from outside.
/// Ensures: derivation.value() is bit-equal to the element.
Derivation derive(const Program& program, const Buffers<float>& buffers, TensorId tensor, std::int64_t index);

}  // namespace chainrule
