#include "web/lesson_kit/player.h"

#include <algorithm>
#include <cmath>

#include "engine/base/text.h"

namespace chainrule {
namespace {

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

// Of a frame's work, the part that background work gets while steps are being made.
constexpr std::int64_t kIdleShare = 8;

}  // namespace

Player::Player(const LessonFactory& factory, std::uint64_t seed, std::int64_t keyframe_bytes)
    : lesson_(factory()), seed_(seed), timeline_(keyframe_bytes) {
  CHECK(lesson_ != nullptr, "a lesson's factory made nothing");
  reset();
}

bool Player::link_is_exact() const {
  return std::ranges::all_of(timeline_.log(), [this](const LoggedAction& logged) {
    return logged.step > step() || (logged.step == 0 && logged.action.kind == Action::Kind::kSet);
  });
}

std::string Player::link() const { return make_link(*lesson_, seed_, step()); }

// ----------------------------------------------------------------------------------------------------- a run begins

void Player::begin_run() {
  stop();
  timeline_.begin(*lesson_);
  tensors_known_ = true;
  idle_pending_ = true;
  forget_from(0);
}

void Player::stop() {
  playing_ = false;
  target_.reset();
  seek_.reset();
}

void Player::reset() {
  lesson_->reset(seed_);
  begin_run();
}

void Player::new_weights(std::uint64_t seed) {
  seed_ = seed;
  reset();
}

std::vector<std::string> Player::open(const Link& link) {
  std::vector<std::string> refused;
  stop();
  if (half_done()) restart_step();
  for (const ParamSpec& spec : lesson_->params()) {
    const auto given = std::ranges::find(link.params, spec.name, &ParamValue::name);
    Action action = Action::set(spec.name, clamp_param(spec, given == link.params.end() ? spec.initial : given->value));
    Status status = checked(action);
    if (lesson_->param(spec.name) == action.number) continue;
    // A lesson may refuse a value that its table allows, digits of one's own that are not here say: the old one stays.
    if (status.ok()) status = lesson_->apply(action);
    if (!status.ok()) refused.push_back(status.error_message());
  }
  new_weights(link.seed);
  seek(link.step);
  return refused;
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
  if (lesson_->effect(action) != Effect::kModel) {
    idle_pending_ = true;
    return lesson_->apply(action);
  }
  if (seek_)
    return Error{"The lesson is on its way to step " + std::to_string(*target_) +
                 "; change it when it is there, or cancel."};
  const std::int64_t now = step();
  if (half_done()) restart_step();
  const bool was_playing = playing_;
  if (const Status status = lesson_->apply(action); !status.ok()) return status;
  const ParamSpec* spec = action.kind == Action::Kind::kSet ? find_param(lesson_->params(), action.name) : nullptr;
  if (step() != now || (spec != nullptr && spec->restarts)) {
    begin_run();
    playing_ = was_playing;
    return Done{};
  }
  timeline_.record(now, std::move(action));
  forget_from(now);
  idle_pending_ = true;
  return Done{};
}

// A run that could not begin without an asset begins now. What has been asked for meanwhile still holds.
void Player::begin_waiting_run() {
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
  const Status status = lesson_->receive(asset, files);
  idle_pending_ = true;
  if (step() == 0 && (before > 0 || last_step() == 0))
    begin_waiting_run();
  else
    forget_from(step());
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

void Player::play() { playing_ = true; }

void Player::pause() {
  playing_ = false;
  if (!seek_) target_.reset();
}

void Player::step_by(std::int64_t steps) {
  const bool adds_up = target_ && (seek_ || steps > 0);
  const std::int64_t from = adds_up ? *target_ : step();
  const std::int64_t target = std::max<std::int64_t>(0, steps > kNoLimit - from ? kNoLimit : from + steps);
  if (steps < 0 || seek_) return seek(target);
  playing_ = false;
  if (!target_) target_start_ = step();
  target_ = target;
}

void Player::seek(std::int64_t target) {
  playing_ = false;
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
}

void Player::cancel() {
  if (!seek_) return pause();
  timeline_.keep(seek_->origin, std::move(seek_->keyframe));
  timeline_.restore(*lesson_, seek_->origin);
  tensors_known_ = step() == 0;
  arrive();
}

// Back to the beginning of the step that is half done.
void Player::restart_step() {
  timeline_.restore(*lesson_, step());
  tensors_known_ = step() == 0;
}

// --------------------------------------------------------------------------------------------------------------- work

bool Player::working() const { return target_ || half_done() || must_rerun(); }

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
  timeline_.complete_step(*lesson_);
  if (target_ && step() >= *target_) {
    arrive();
    return playing_;
  }
  return true;
}

void Player::advance(std::int64_t budget, double seconds) {
  if (must_rerun()) seek(step());
  const double allowance = std::isinf(speed_) ? speed_ : speed_ * seconds;
  credit_ = playing_ ? std::min(credit_ + allowance, std::max(1.0, allowance)) : 0.0;

  std::int64_t left = budget;
  while (left > 0 && step_due() && runnable()) {
    const bool paced = !target_ && !half_done();  // a step asked for, or begun, is not held up by the speed
    if (paced && credit_ < 1.0) break;
    if (paced) credit_ -= 1.0;
    const bool was_finite = lesson_->divergence().empty();
    const std::int64_t goal = target_ && !half_done() ? *target_ : step() + 1;
    left = run_steps(*lesson_, goal, left, [&] {
      const bool diverged = was_finite && !lesson_->divergence().empty();
      const bool sought = seek_.has_value();
      const bool more = complete_step();
      if (diverged && !sought) {
        playing_ = false;
        target_.reset();
        return false;
      }
      return more;
    });
  }
  const std::int64_t share = step_due() ? std::max(left, budget / kIdleShare) : left;
  if (idle_pending_ && !seek_ && share > 0) idle_pending_ = lesson_->idle_work(share);
}

// ------------------------------------------------------------------------------------------------------- explanations

void Player::forget_from(std::int64_t step) {
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
