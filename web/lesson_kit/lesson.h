// Lesson: one model and everything a person can do to it. No ImGui, no clock, no randomness but its seed, so that it can
// be replayed, tested without a screen, and driven by a script.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/tensor/shape.h"
#include "engine/trace/derivation.h"
#include "web/lesson_kit/params.h"

namespace chainrule {

struct DrawContext;  // web/app/draw_context.h: the canvas, the derivation panel, the queue of actions

/// What the table of contents shows.
struct LessonInfo {
  std::string slug;     // kebab-case; in links
  std::string title;
  std::string summary;  // one sentence
  std::string topic;    // chapter of the table of contents
  std::string decks;    // "000, 002"
  bool is_read = false;  // steps are to be read one by one: playing starts slowly
  bool is_random = true;  // another seed gives another start
};

struct ParamValue {
  std::string name;
  double value = 0.0;
  bool operator==(const ParamValue&) const = default;
};

/// Something a person did. Every change of a model is an action, so that replay knows it.
struct Action {
  enum class Kind : std::uint8_t { kSet, kEdit, kAssign, kCommand } kind = Kind::kSet;
  std::string name;         // kSet: param; kEdit, kAssign: tensor; kCommand: the lesson's word for it
  double number = 0.0;      // kSet: the value; kEdit: the element's index; kCommand: its argument
  std::vector<float> data;  // kEdit: the new number; kAssign: the whole tensor, row-major; kCommand: as the lesson says
  std::string text;         // kCommand: what was typed

  static Action set(std::string name, double value) { return {Kind::kSet, std::move(name), value, {}, {}}; }
  static Action edit(std::string name, std::int64_t index, float value) {
    return {Kind::kEdit, std::move(name), static_cast<double>(index), {value}, {}};
  }
  static Action assign(std::string name, std::vector<float> data) {
    return {Kind::kAssign, std::move(name), 0.0, std::move(data), {}};
  }
  static Action command(std::string name, double number = 0.0, std::vector<float> data = {}, std::string text = {}) {
    return {Kind::kCommand, std::move(name), number, std::move(data), std::move(text)};
  }
  bool operator==(const Action&) const = default;
};

inline constexpr std::int64_t kMostLinkSteps = 1'000'000;  // a link must not keep a machine busy for hours

/// An action, and when it was done. Shared, because the whole tensors of some are large and undo keeps many logs.
struct LoggedAction {
  std::int64_t step = 0;  // steps completed when it was done
  std::shared_ptr<const Action> action;
  bool operator==(const LoggedAction& other) const { return step == other.step && *action == *other.action; }
};

/// What an action is to the lesson's past.
enum class Effect : std::uint8_t {
  kModel,  // changes the model's future: logged with its step and replayed
  kKept,   // changes no model, but what a person made, a drawing say: goes along in links, run files and undo
  kView,   // changes only what is shown
};

/// One number of the model, at one step: what a person clicks and what a derivation's operand refers to.
struct ElementRef {
  std::string tensor;
  std::int64_t index = 0;
  std::int64_t step = 0;
  bool operator==(const ElementRef&) const = default;
};

/// One row of tensors(): kind is input, activation, parameter, gradient, state or loss.
struct TensorSummary {
  std::string name;
  Shape shape;
  std::string kind;
};

struct TensorValues {
  Shape shape;
  std::span<const float> data;  // valid until the lesson changes
  std::int64_t step = 0;
};

/// A number and how it was computed.
struct Explanation {
  ElementRef element;
  Shape shape;
  float value = 0.0f;
  std::string op;       // empty for a number that no op computed
  std::string formula;  // symbolic; for a leaf a sentence: "pixel of training digit 4711", "initial weight, ..."
  Derivation derivation;  // empty for a leaf
  std::vector<ElementRef> operands;  // of derivation operand numbers: operands[k] is what its operand k refers to
};

/// A metric for the script API and the announcements.
struct Metric {
  std::string name;
  double value = 0.0;
};

/// A file from outside: an asset of the site or something that a person chose. Immutable, so that lessons share it.
struct Blob {
  std::string name;
  std::shared_ptr<const std::vector<std::uint8_t>> bytes;
};

/// Files that a person chose, for a purpose that the lesson named.
struct ReceivedFiles {
  std::string purpose;
  std::vector<Blob> files;
};

/// Everything that decides the lesson's future, as bytes: parameters, optimizer state, step, params. Not: activations and
/// gradients, which running a step makes again; nor what was received, which it names only. Written by a lesson, read by
/// it and its siblings.
using Snapshot = std::vector<std::uint8_t>;

/// Making one is cheap: the table of contents makes each once for its info(). The model is there after the first reset().
class Lesson {
 public:
  virtual ~Lesson() = default;
  // info() and params() are valid before the first reset(), and never change.
  virtual const LessonInfo& info() const = 0;

  virtual std::span<const ParamSpec> params() const = 0;
  virtual double param(std::string_view name) const = 0;

  /// A new lesson of the same kind at step 0 that shares what this one has received. Replays run in one.
  virtual std::unique_ptr<Lesson> sibling() const = 0;

  /// The asset that the params as they are need next and that has not been received ("digits-subset", "digits-full",
  /// "weights-lenet"); empty when nothing is missing. The app fetches it and calls `receive`; until then `advance`
  /// does nothing. Receiving changes no model: what is used is decided by params, which are actions.
  virtual std::string wanted_asset() const { return ""; }
  /// Takes an asset, or the files that a person chose (`asset` is then the purpose of the request). On an error what
  /// was there before stays, and the params that wanted the asset go back to what they were.
  virtual Status receive(std::string_view asset, const std::vector<Blob>& files) {
    return Error{"This lesson takes no files, and it was given " + std::string(asset) + " with " +
                 std::to_string(files.size()) + " files."};
  }
  /// The fetch of `asset` failed or was cancelled: the params that wanted it go back.
  virtual void asset_failed(std::string_view asset) { (void)asset; }

  /// Back to step 0 with the params as they are and the initial weights of `seed`.
  virtual void reset(std::uint64_t seed) = 0;
  virtual Effect effect(const Action& action) const;
  /// Can `last` stand for both, so that a drag is one action? Requires: both change the model, at one step.
  /// Ensures: the state after both is the state after the merged one. Returns false, or changes `last`.
  virtual bool merge(Action& last, const Action& next) const;
  /// The actions of Effect::kKept that make what is there of a person's making: applied after clear_kept, they do again.
  virtual std::vector<Action> kept() const { return {}; }
  virtual void clear_kept() {}
  /// Does what a person asked, or says why not and changes nothing. The only way in. What changes the model comes between
  /// steps. Setting a param that restarts leads back to step 0.
  virtual Status apply(const Action& action) = 0;
  /// Works on the next step for about `budget` multiply-adds; true when it just became complete.
  virtual bool advance(std::int64_t budget) = 0;
  /// Has steps made on a thread of its own, up to `last`, and shows the newest that is whole: true when that is another one.
  /// nullopt: there is no thread, or the lesson needs none. Requires: between steps.
  virtual std::optional<bool> advance_ahead(std::int64_t /*last*/) { return std::nullopt; }
  /// What that thread is at is not wanted any more.
  virtual void stop_ahead() {}
  /// About how many multiply-adds a step takes, so that the Player knows how many steps fit into a frame.
  /// 0: not known, so at most one step a frame.
  virtual std::int64_t work_per_step() const { return 0; }
  /// Background work that does not change the model (test accuracy, the shown digit); true while there is more.
  virtual bool idle_work(std::int64_t budget) = 0;
  /// While steps are made: how much background work is done beside them, for each unit of theirs.
  virtual double idle_share() const { return 0.125; }

  virtual std::int64_t step() const = 0;
  /// Between steps "", else the phase that `advance` is in: forward, loss, backward, update.
  virtual std::string_view phase() const = 0;
  /// Where a step is less than a phase or an update: the step with which the present one ends. Empty: steps are updates,
  /// and phases lie within them.
  virtual std::optional<std::int64_t> phase_end() const { return std::nullopt; }
  virtual std::optional<std::int64_t> update_end() const { return std::nullopt; }
  /// The names of a step's parts, in order, for the strip beside the transport; none: no strip.
  virtual std::span<const std::string_view> phase_names() const;
  /// Which of them is marked: the one that comes next within a step, or the one that the present step belongs to.
  virtual std::string_view marked_phase() const { return phase(); }
  /// How long the next step takes to read, for playing at a steady speed; 1 is usual.
  virtual double reading_time() const { return 1.0; }
  virtual std::optional<double> loss() const = 0;
  virtual std::vector<Metric> metrics() const = 0;
  /// A sentence when numbers stopped being finite (step, tensor, element), else empty.
  virtual std::string divergence() const = 0;
  /// Of what save() holds. Between steps.
  virtual std::uint64_t state_hash() const = 0;
  virtual Snapshot save() const = 0;
  /// Requires: a snapshot of this lesson or a sibling, whatever the params are now. Drops a step that is half done.
  virtual void restore(const Snapshot& snapshot) = 0;
  /// May bytes from outside be restored, with the params and data as they are? Errors: a sentence.
  virtual Status check(const Snapshot& snapshot) const = 0;
  /// Does the present run use files of a person, which a link cannot hold?
  virtual bool uses_files() const { return false; }
  /// Those files, for `receive`. They may be made for the occasion, so this may take a while.
  virtual std::vector<ReceivedFiles> received_files() const { return {}; }

  virtual std::vector<TensorSummary> tensors() const = 0;
  virtual Result<TensorValues> tensor(std::string_view name) const = 0;
  /// How `element` came to be. Elements of an older step need a model of that step: the Player finds one.
  virtual Result<Explanation> explain(const ElementRef& element) const = 0;

  /// Draws the canvas with what the engine holds; what people do goes to context's actions.
  virtual void draw(DrawContext& context) const = 0;
};

/// The row named `name`, or null.
const ParamSpec* find_param(std::span<const ParamSpec> params, std::string_view name);

}  // namespace chainrule
