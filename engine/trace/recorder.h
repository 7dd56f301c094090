// Recorders: what a reference kernel computes through.
//
// A kernel is written once, against these eight calls. With NullRecorder<T> they vanish and the kernel computes in T
// (float in the app, double in gradient checks). With WindowRecorder the kernel computes the one wanted output element
// and leaves its Tape.
#pragma once

#include <utility>
#include <cstdint>

#include "engine/trace/traced.h"

namespace chainrule {

template <class T>
struct NullRecorder {
  using Number = T;
  /// Is this output element asked for? Kernels skip what is not.
  static constexpr bool wants(int /*output*/, std::int64_t /*index*/) { return true; }
  /// Is any of `count` elements from `first` on asked for?
  static constexpr bool wants_any(int /*output*/, std::int64_t /*first*/, std::int64_t /*count*/) { return true; }
  static constexpr Number constant(T value) { return value; }
  static constexpr Number read(int /*slot*/, const T* data, std::int64_t index) { return data[index]; }
  static constexpr void write(int /*output*/, T* data, std::int64_t index, Number value) { data[index] = value; }
  /// The branch that a case distinction of the formula takes, and the number that decided it.
  static constexpr Number choose(Number branch, Number /*because*/) { return branch; }
  /// The loop indices of the next term.
  static constexpr void mark(int, int = 0, int = 0) {}
};

class WindowRecorder {
 public:
  using Number = Traced;

  WindowRecorder(int output, std::int64_t index) : output_(output), index_(index) {}

  bool wants(int output, std::int64_t index) const { return output == output_ && index == index_; }
  bool wants_any(int output, std::int64_t first, std::int64_t count) const {
    return output == output_ && index_ >= first && index_ < first + count;
  }
  Traced constant(float value) { return made({.kind = NodeKind::kConstant, .value = value}); }
  Traced read(int slot, const float* data, std::int64_t index) {
    return made({.kind = NodeKind::kOperand, .slot = static_cast<std::int16_t>(slot), .value = data[index], .index = index});
  }
  void write(int output, float* /*data*/, std::int64_t index, Traced value) {
    if (wants(output, index)) tape_.root = value.node;
  }
  Traced choose(Traced branch, Traced because) {
    return made({.kind = NodeKind::kChoose, .a = branch.node, .b = because.node, .value = branch.value});
  }
  void mark(int a, int b = 0, int c = 0) {
    tape_.marks.push_back({static_cast<std::int32_t>(tape_.nodes.size()), {a, b, c}});
  }

  Tape take() { return std::move(tape_); }

 private:
  Traced made(Node node) { return {node.value, tape_.append(node), &tape_}; }

  int output_;
  std::int64_t index_;
  Tape tape_;
};

}  // namespace chainrule
