// The numbers of a Trainer: what every lesson that trains with one says alike. At step t its activations and gradients are
// those of the t-th update, its parameters and states those after it.
#pragma once

#include <functional>
#include <string_view>

#include "engine/train/trainer.h"
#include "web/lesson_kit/lesson.h"

namespace chainrule {

/// Parameters and optimizer states: what a step carries on to the next.
bool is_learned(const TensorInfo& info);

/// All tensors that have values now; activations and gradients exist only after a step that was run.
std::vector<TensorSummary> list_trained(const Trainer& trainer);
/// Errors: no such tensor; no values yet.
Result<TensorValues> trained_tensor(const Trainer& trainer, std::string_view name);
/// `leaf` says what a number is that no op of this step computed.
using LeafText = std::function<std::string(const TensorInfo& info, std::int64_t index)>;
/// How an element came to be. `by_hand`: a person set it since the last step. Errors: no such element; the step must be run again.
Result<Explanation> explain_trained(const Trainer& trainer, const ElementRef& element, bool by_hand, const LeafText& leaf);

/// Sets an element (kEdit) or all (kAssign) of a parameter or state; a step under way is dropped.
/// Errors: a computed tensor, no such element, another size.
Status set_trained(Trainer& trainer, const Action& action);

}  // namespace chainrule
