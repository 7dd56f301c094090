// Script API: the app, driven by strings and numbers. window.chainrule (web/script.js) and the tests stand on it.
//
// Every answer is JSON: {"ok": ...} with what was asked for, or {"error": "a sentence"}. Steps and seeks only begin
// here; the app's frames carry them out, and script_progress says when nothing is under way any more.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "web/lesson_kit/player.h"

namespace chainrule {

/// What the API needs of the app.
class ScriptHost {
 public:
  virtual ~ScriptHost() = default;
  /// Null while no lesson is open.
  virtual Player* player() = 0;
  /// Opens a lesson by its slug or link. Errors: a sentence that names the slug.
  virtual Status open(std::string_view link) = 0;
  virtual std::string backend() const { return "cpu"; }
  /// Frames drawn so far.
  virtual std::int64_t frame() const { return 0; }
  /// An asset that was asked for is on its way.
  virtual bool loading() const { return false; }
  /// Why the last asset or link failed; a script is told once.
  virtual std::string take_error() { return ""; }
};

/// {lesson, title, params: {name: value}, seed, step, last_step, phase, playing, loss, metrics: {}, divergence, hash, link,
/// link_exact, link_note, backend, frame}. loss is null before the first step, hash while a step is half done.
std::string script_state(ScriptHost& host);
/// {busy, done, total, error}: busy while something asked for is under way; playing does not count.
std::string script_progress(ScriptHost& host);

std::string script_open(ScriptHost& host, std::string_view link);
std::string script_play(ScriptHost& host, bool on);
std::string script_step(ScriptHost& host, std::int64_t steps);
std::string script_seek(ScriptHost& host, std::int64_t step);
std::string script_cancel(ScriptHost& host);
std::string script_reset(ScriptHost& host);
/// The phase within the step that comes next, see Player::next_phase.
std::string script_next_phase(ScriptHost& host);
/// What was undone, or redone, in words. Errors: there is nothing to undo.
std::string script_undo(ScriptHost& host);
std::string script_redo(ScriptHost& host);
std::string script_new_weights(ScriptHost& host, std::uint64_t seed);

/// [{name, label, help, type: integer|real|choice|switch, min, max, choices, value, initial, changes_model, restarts}];
/// min and max only for numbers, choices only for choices. Values: numbers, choices by name, switches true or false.
std::string script_params(ScriptHost& host);
/// Errors: unknown name (lists the names), value that the param does not allow (names the limits).
std::string script_set(ScriptHost& host, std::string_view name, std::string_view value);
std::string script_command(ScriptHost& host, std::string_view name, double number, std::span<const float> data);

/// [{name, shape: [...], kind}]
std::string script_tensors(ScriptHost& host);
/// {name, shape, step, address, count}: the floats lie in memory at address until the lesson changes.
std::string script_tensor(ScriptHost& host, std::string_view name);
std::string script_assign(ScriptHost& host, std::string_view name, std::span<const float> data);
/// {address, count}: the run as a run file, in `bytes`, which must outlive the answer's use.
std::string script_run_file(ScriptHost& host, std::vector<std::uint8_t>& bytes);
/// Sets one number of a tensor.
std::string script_edit(ScriptHost& host, std::string_view name, std::int64_t index, float value);
/// How a number came to be. {name, index, step, value, op, formula, leaf, text, sum, offset, total, terms}.
/// text: the right-hand side in numbers, up to 32 terms. terms: `limit` of `total` from `offset` on, each
/// {name, index, step, value, factor, product, running, factors: [{name, index, step, value}]}.
/// A sum's terms are its summands: value is the first operand's, factor the product of the others, so that
/// float32(value·factor) is product; running is the sum so far, and the last one is `sum`. factor is null for a summand
/// that is not such a product. Where there is no sum to speak of (max, softmax, Adam), terms are the distinct operands,
/// sum is null, and factor is 1 for the operand that was chosen, 0 for those that were not, else null. step < 0: the
/// present step; an older one is run again, here and now.
std::string script_explain(ScriptHost& host, std::string_view name, std::int64_t index, std::int64_t offset,
                           std::int64_t limit, std::int64_t step);

}  // namespace chainrule
