// One op call by its reference kernel: plain, and with a recorder for one element.
#pragma once

#include "engine/ops/op.h"
#include "engine/trace/recorder.h"

namespace chainrule {

template <class Op, class T>
void run_plain(const OpAttributes& attributes, const Operands<T>& operands) {
  NullRecorder<T> recorder;
  Op::run(attributes, operands, recorder);
}

template <class Op>
Tape trace_element(const OpAttributes& attributes, const Operands<float>& operands, int output, std::int64_t index) {
  WindowRecorder recorder(output, index);
  Op::run(attributes, operands, recorder);
  return recorder.take();
}

}  // namespace chainrule
