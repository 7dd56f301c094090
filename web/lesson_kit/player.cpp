#include "web/lesson_kit/player.h"

#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/lesson_kit/action_text.h"

namespace chainrule {
namespace {

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

}  // namespace

Player::Player(const LessonFactory& factory, std::uint64_t seed, std::int64_t keyframe_bytes)
    : lesson_(factory()), seed_(seed), timeline_(keyframe_bytes) {
  CHECK(lesson_ != nullptr, "a lesson's factory made nothing");
  restart();
}

// ----------------------------------------------------------------------------------------------------- a run begins

void Player::begin_run() {
  stop();
  timeline_.begin(*lesson_);
  tensors_known_ = true;
  forget_from(0);
}

void Player::stop() {
  playing_ = held_ = false;
  target_.reset();
  seek_.reset();
  phase_left_.reset();
  expected_.reset();
}

void Player::restart() {
  opening_.reset();
  lesson_->reset(seed_);
  begin_run();
}

void Player::reset() {
  history_.record(moment(), "Reset");
  restart();
}

void Player::new_weights(std::uint64_t seed) {
  history_.record(moment(), "New weights");
  seed_ = seed;
  restart();
}

// ------------------------------------------------------------------------------------------------------------ actions

// The checks that are the same for every lesson.
Status Player::checked(Action& action) const {
  if (action.kind != Action::Kind::kSet) return Done{};
  const ParamSpec* spec = find_param(lesson_->params(), action.name);
  if (spec == nullptr) return Error{"This lesson has no param \"" + action.name + "\"; params() lists those it has."};
  if (spec->type == ParamType::kReal) action.number = static_cast<double>(static_cast<float>(action.number));
  if (clamp_param(*spec, action.number) != action.number)
    return Error{spec->label + " (" + spec->name + ") cannot be " + shortest_text(action.number) + "; it is " +
                 allowed_text(*spec) + "."};
  return Done{};
}

Status Player::apply(Action action) {
  if (const Status status = checked(action); !status.ok()) return status;
  const Effect effect = lesson_->effect(action);
  if (effect == Effect::kModel) return change_model(std::move(action));
  const bool goes_on = goes_on_with_gesture();
  std::optional<Moment> before;
  if (effect == Effect::kKept && !goes_on) before = moment();
  const bool whole = effect == Effect::kKept && !half_done();
  const std::uint64_t state = whole ? lesson_->state_hash() : 0;
  const Status status = lesson_->apply(action);
  if (status.ok() && before) {
    history_.record(std::move(*before), action_name(action, lesson_->params()));
    recorded_ = true;
  }
  // What a person made may be what the run starts from, a formula say.
  if (whole && lesson_->state_hash() != state) {
    const bool was_playing = playing_;
    begin_run();
    playing_ = was_playing;
  }
  idle_pending_ = true;
  ++version_;
  return status;
}

Status Player::change_model(Action action) {
  if (seek_)
    return Error{"The lesson is on its way to step " + std::to_string(*target_) +
                 "; change it when it is there, or cancel."};
  const std::int64_t now = step();
  if (half_done()) restart_step();
  const bool was_playing = playing_;
  Moment before = moment();
  if (const Status status = lesson_->apply(action); !status.ok()) return status;
  ++edits_;
  const bool goes_on = goes_on_with_gesture();
  const ParamSpec* spec = action.kind == Action::Kind::kSet ? find_param(lesson_->params(), action.name) : nullptr;
  std::string what = action_name(action, lesson_->params());
  if (step() != now || (spec != nullptr && spec->restarts)) {
    // A slider that is dragged starts over at every place on its way: undo goes back to where it was taken hold of.
    if (!std::exchange(recorded_, true)) history_.record(std::move(before), std::move(what));
    begin_run();
    playing_ = was_playing;
    return Done{};
  }
  forget_from(now);
  const std::span<const LoggedAction> log = timeline_.log();
  Action merged = goes_on && !log.empty() && log.back().step == now ? *log.back().action : Action{};
  if (!merged.name.empty() && lesson_->merge(merged, action)) {
    timeline_.replace_last(std::move(merged));
    return Done{};
  }
  history_.record(std::move(before), std::move(what));
  recorded_ = true;
  timeline_.record(now, std::move(action));
  return Done{};
}

// Does what a person does now go on with what was done last?
bool Player::goes_on_with_gesture() {
  const bool goes_on = std::exchange(gesture_, true);
  recorded_ = recorded_ && goes_on;
  return goes_on;
}

// A run that could not begin without an asset begins now. What has been asked for meanwhile still holds.
void Player::begin_waiting_run() {
  if (opening_) {
    begin_run();
    if (runnable()) finish_opening();
    return;
  }
  const bool play_on = playing_;
  const bool seek_on = seek_.has_value();
  const std::optional<std::int64_t> target = target_;
  begin_run();
  if (target && seek_on) seek(*target);
  if (target && !seek_on) step_by(*target);
  playing_ = play_on;
}

Status Player::receive(std::string_view asset, const std::vector<Blob>& files) {
  const std::int64_t before = step();
  const bool own_files_before = lesson_->uses_files();
  const Status status = lesson_->receive(asset, files);
  idle_pending_ = true;
  ++version_;
  if (step() == 0 && (before > 0 || last_step() == 0))
    begin_waiting_run();
  else
    forget_from(step());
  // What was learned from a person's files cannot be learned again from others.
  if (status.ok() && (own_files_before || lesson_->uses_files())) history_.clear();
  return status;
}

void Player::asset_failed(std::string_view asset) {
  std::vector<double> before;
  for (const ParamSpec& spec : lesson_->params()) before.push_back(lesson_->param(spec.name));
  lesson_->asset_failed(asset);
  idle_pending_ = true;
  // A param that went back was never set: replay must not ask for the asset again.
  for (std::size_t i = 0; i < before.size(); ++i)
    if (const std::string& name = lesson_->params()[i].name; lesson_->param(name) != before[i])
      timeline_.forget_set(step(), name);
  if (last_step() > 0 || !timeline_.log().empty()) return;
  lesson_->reset(seed_);
  begin_waiting_run();
}

// ---------------------------------------------------------------------------------------------------------- transport

void Player::play() {
  playing_ = true;
  held_ = gesture_ = false;
}

void Player::pause() {
  playing_ = false;
  if (!seek_) target_.reset();
  if (!target_) end_ahead();
}

void Player::end_ahead() {
  if (std::exchange(ahead_, false)) lesson_->stop_ahead();
}

void Player::step_by(std::int64_t steps) {
  const bool adds_up = target_ && (seek_ || steps > 0);
  const std::int64_t from = adds_up ? *target_ : step();
  const std::int64_t target = std::max<std::int64_t>(0, steps > kNoLimit - from ? kNoLimit : from + steps);
  if (steps < 0 || seek_) return seek(target);
  playing_ = held_ = false;
  if (!target_) target_start_ = step();
  target_ = target;
}

void Player::next_phase() {
  if (seek_) return;
  if (const std::optional<std::int64_t> end = lesson_->phase_end()) return step_by(std::max<std::int64_t>(*end - step(), 1));
  playing_ = held_ = false;
  target_.reset();
  phase_left_ = std::string(lesson_->phase());
}

void Player::next_update() {
  const std::optional<std::int64_t> end = lesson_->update_end();
  step_by(end ? std::max<std::int64_t>(*end - step(), 1) : 1);
}

void Player::seek(std::int64_t target) {
  playing_ = gesture_ = false;
  phase_left_.reset();
  if (!seek_) {
    if (half_done()) restart_step();
    seek_ = Seek{step(), timeline_.keyframes().at(step())};
  }
  go_towards(std::max<std::int64_t>(0, target));
}

// From where the lesson is, or from a keyframe if that is nearer (or the only way).
void Player::go_towards(std::int64_t target) {
  target_ = target;
  if (step() == target && !half_done() && tensors_known_) return arrive();
  const std::int64_t start = timeline_.start_for(target);
  if (step() >= target || start > step()) {
    timeline_.restore(*lesson_, start);
    tensors_known_ = start == 0;
  }
  target_start_ = step();
  if (step() == target) arrive();
}

void Player::arrive() {
  target_.reset();
  seek_.reset();
  idle_pending_ = true;
  ++version_;
}

std::int64_t Player::steps_to_run(std::int64_t target) const {
  if (target == step()) return 0;
  const std::int64_t start = timeline_.start_for(target);
  return target - (step() >= target || start > step() ? start : step());
}

void Player::cancel() {
  if (!seek_) return pause();
  timeline_.keep(seek_->origin, std::move(seek_->keyframe));
  timeline_.restore(*lesson_, seek_->origin);
  timeline_.forget_plan(std::max(seek_->origin, last_step()));
  tensors_known_ = step() == 0;
  expected_.reset();
  arrive();
}

// Back to the beginning of the step that is half done.
void Player::restart_step() {
  held_ = false;
  phase_left_.reset();
  timeline_.restore(*lesson_, step());
  tensors_known_ = step() == 0;
}

// --------------------------------------------------------------------------------------------------------------- work

bool Player::working() const { return opening_ || target_ || phase_left_ || (half_done() && !held_) || must_rerun(); }

bool Player::wants_work() const {
  return (step_due() && runnable()) || idle_pending_ || (explain_job_ && !explain_job_->result);
}

Progress Player::progress() const {
  if (!target_) return {};
  return {step() - target_start_, *target_ - target_start_};
}

// Returns whether to go on.
bool Player::complete_step() {
  tensors_known_ = true;
  idle_pending_ = true;
  held_ = false;
  phase_left_.reset();
  ++version_;
  note(timeline_.complete_step(*lesson_));
  if (expected_) check_arrival();
  if (target_ && step() >= *target_) {
    arrive();
    return playing_;
  }
  return true;
}

// An op at a time, because a phase may end with any of them. Returns the budget that is left.
std::int64_t Player::work_on_phase(std::int64_t budget) {
  constexpr std::int64_t kOps = 32;  // a frame bears so many of the largest
  for (std::int64_t op = 0; op < kOps; ++op) {
    if (lesson_->advance(1)) {
      complete_step();
      return budget / 2;
    }
    if (phase_left_->empty()) phase_left_ = std::string(lesson_->phase());  // the step has just begun
    if (lesson_->phase() == *phase_left_) continue;
    phase_left_.reset();
    held_ = true;
    return 0;
  }
  return 0;
}

// What follows from a step that is there now. Returns whether to go on.
bool Player::step_completed(bool was_finite) {
  const bool diverged = was_finite && !lesson_->divergence().empty();
  const bool sought = seek_.has_value();
  const bool more = complete_step();
  if (!diverged || sought) return more;
  playing_ = false;
  target_.reset();
  return false;
}

// Are many steps to be made, as fast as they come?
bool Player::in_haste() const {
  if (phase_left_ || !runnable()) return false;
  return target_ ? *target_ > step() + (ahead_ ? 0 : 1) : playing_ && std::isinf(speed_);
}

// Those are made on a thread of their own where there is one. Returns whether it is so.
bool Player::runs_ahead() {
  if (!in_haste() || half_done()) {
    end_ahead();
    return false;
  }
  const bool was_finite = lesson_->divergence().empty();
  const std::optional<bool> taken = lesson_->advance_ahead(std::min(target_.value_or(kNoLimit), timeline_.next_logged(step())));
  ahead_ = threaded_ = taken.has_value();
  if (taken.value_or(false)) step_completed(was_finite);
  return ahead_;
}

void Player::advance(std::int64_t budget, double seconds) {
  if (must_rerun()) seek(step());
  const double allowance = std::isinf(speed_) ? speed_ : speed_ * seconds;
  credit_ = playing_ ? std::min(credit_ + allowance, std::max(1.0, allowance)) : 0.0;

  if (runs_ahead()) {
    if (idle_pending_ && !seek_) idle_pending_ = lesson_->idle_work(budget);
    return;
  }
  std::int64_t left = phase_left_ && runnable() ? work_on_phase(budget) : budget;
  while (left > 0 && step_due() && runnable()) {
    const bool paced = !target_ && !half_done();  // a step asked for, or begun, is not held up by the speed
    if (paced && credit_ < 1.0) break;
    if (paced) credit_ -= std::isinf(speed_) ? 1.0 : lesson_->reading_time();
    const bool was_finite = lesson_->divergence().empty();
    const std::int64_t goal = target_ && !half_done() ? *target_ : step() + 1;
    const bool begun = half_done();
    left = run_steps(*lesson_, goal, left, [&] { return step_completed(was_finite); });
    if (begun && !half_done() && threaded_ && in_haste()) break;  // the thread takes the next one
  }
  const auto beside = static_cast<std::int64_t>(static_cast<double>(budget) * lesson_->idle_share());
  const std::int64_t share = step_due() ? std::max(left, beside) : left;
  if (idle_pending_ && !seek_ && share > 0) idle_pending_ = lesson_->idle_work(share);
}

// ------------------------------------------------------------------------------------------------------- explanations

void Player::forget_from(std::int64_t step) {
  idle_pending_ = true;
  ++version_;
  explainer_.forget_from(step);
  if (explain_job_ && !explain_job_->result && explain_job_->element.step >= step) {
    explainer_.end(*explain_job_);
    explain_job_->result = Error{"The model was changed while step " + std::to_string(explain_job_->element.step) +
                                 " was being run again; click the number once more."};
  }
}

ExplainJob Player::begin_explain(const ElementRef& element) {
  if (element.step != step() || half_done() || !tensors_known_) return explainer_.start(element, timeline_, *lesson_);
  ExplainJob job{.element = element};
  job.result = lesson_->explain(element);
  return job;
}

Result<Explanation> Player::explain(const ElementRef& element) {
  ExplainJob job = begin_explain(element);
  while (!explainer_.advance(job, timeline_, *lesson_, kNoLimit)) {
  }
  return *job.result;
}

void Player::start_explain(const ElementRef& element) {
  cancel_explain();
  explain_job_ = begin_explain(element);
}

bool Player::advance_explain(std::int64_t budget) {
  return !explain_job_ || explainer_.advance(*explain_job_, timeline_, *lesson_, budget);
}

Progress Player::explain_progress() const { return explain_job_ ? explainer_.progress(*explain_job_) : Progress{}; }

const Result<Explanation>* Player::explain_result() const {
  return explain_job_ && explain_job_->result ? &*explain_job_->result : nullptr;
}

void Player::cancel_explain() {
  if (explain_job_) explainer_.end(*explain_job_);
  explain_job_.reset();
}

}  // namespace chainrule
