// Where the numbers of a program come from: what every lesson that runs one says alike.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "engine/graph/buffers.h"
#include "web/lesson_kit/lesson.h"

namespace chainrule {

/// All tensors of the program, each name after `prefix`; a parameter or state, which is two of them, once.
std::vector<TensorSummary> list_tensors(const Program& program, std::string_view prefix = "");

/// Is there such an element, and is its step the one that is in memory? Errors: a sentence.
Status check_element(const ElementRef& element, const Shape& shape, std::int64_t present_step);

/// Where an operand of a derivation is found: its tensor and index to what a click on it asks for.
using OperandPlace = std::function<ElementRef(TensorId, std::int64_t)>;

/// How `tensor`'s element, which people ask for as `element`, was computed in the step that the buffers hold. Of a number that
/// is set from outside only the value: what it is the lesson says in `formula`.
Explanation explain_element(const Program& program, const Buffers<float>& buffers, TensorId tensor, const ElementRef& element,
                            const OperandPlace& place);

/// A program and its numbers.
struct ProgramNumbers {
  const Program& program;
  const Buffers<float>& buffers;
};
/// What a number is that no call computed: a sentence.
using LeafOfProgram = std::function<std::string(TensorId, std::int64_t)>;

/// How `element` came to be where `now` holds all numbers of `step` and the update to come: what is carried on was made by
/// the update of `before`, the step before. `before` is null at the start and after a restore; its program may be another one with
/// the same parameters. Errors: a sentence.
Result<Explanation> explain_at_step(const ProgramNumbers& now, const ProgramNumbers* before, std::int64_t step, const ElementRef& element,
                                    bool by_hand, const LeafOfProgram& leaf);

/// A sentence that names step, tensor and element of the first of `tensors`' numbers that is not finite; empty: all are.
std::string divergence_text(const ProgramNumbers& now, std::span<const TensorId> tensors, std::int64_t step);

/// The tensor that an operand in `slot` of the call reads: slots number inputs first, then outputs.
TensorId operand_tensor(const OpCall& call, int slot);

}  // namespace chainrule
