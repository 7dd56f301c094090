#include "web/lesson_kit/timeline.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace chainrule {
namespace {

using View = std::vector<std::pair<std::string, double>>;

View view_of(const Lesson& lesson) {
  View view;
  for (const ParamSpec& spec : lesson.params())
    if (!spec.changes_model) view.emplace_back(spec.name, lesson.param(spec.name));
  return view;
}

void set_view(Lesson& lesson, const View& view) {
  for (const auto& [name, value] : view) {
    if (lesson.param(name) == value) continue;
    const Status status = lesson.apply(Action::set(name, value));
    CHECK(status.ok(), status.error_message());
  }
}

}  // namespace

std::vector<std::string> make_again(Lesson& lesson, std::span<const Action> kept) {
  const View view = view_of(lesson);
  std::vector<std::string> refused;
  lesson.clear_kept();
  for (const Action& action : kept) {
    const bool makes = lesson.effect(action) == Effect::kKept;
    const Status status = makes ? lesson.apply(action) : Error{"\"" + action.name + "\" makes nothing that is kept."};
    if (!status.ok()) refused.push_back(status.error_message());
  }
  set_view(lesson, view);
  return refused;
}

void copy_view(const Lesson& from, Lesson& to) { set_view(to, view_of(from)); }

void Timeline::begin(const Lesson& lesson) {
  CHECK(lesson.step() == 0, "a run starts at step 0, the lesson is at ", lesson.step());
  log_.clear();
  last_step_ = 0;
  keyframes_.clear();
  keyframes_.insert(0, lesson.save());
  start_params_.clear();
  for (const ParamSpec& spec : lesson.params())
    if (spec.changes_model) start_params_.push_back({spec.name, lesson.param(spec.name)});
}

std::vector<std::string> Timeline::complete_step(Lesson& lesson) {
  const std::int64_t step = lesson.step();
  keyframes_.insert(step, lesson.save());
  last_step_ = std::max(last_step_, step);
  return do_planned(lesson);
}

std::int64_t Timeline::next_logged(std::int64_t step) const {
  const auto next = std::ranges::upper_bound(log_, step, {}, &LoggedAction::step);
  return next == log_.end() ? std::numeric_limits<std::int64_t>::max() : next->step;
}

std::vector<std::string> Timeline::do_planned(Lesson& lesson) {
  std::vector<std::string> refused;
  const std::int64_t step = lesson.step();
  auto next = std::ranges::lower_bound(log_, step, {}, &LoggedAction::step);
  while (next != log_.end() && next->step == step) {
    const Status status = lesson.apply(*next->action);
    if (status.ok() && lesson.step() == step) {
      ++next;
      continue;
    }
    refused.push_back(status.ok() ? next->action->name + " leads to another step; it cannot be done on the way."
                                  : status.error_message());
    next = log_.erase(next);
    if (lesson.step() == step) continue;
    lesson.restore(*keyframes_.at(step));  // begins again, without it
    next = std::ranges::lower_bound(log_, step, {}, &LoggedAction::step);
  }
  return refused;
}

void Timeline::record(std::int64_t step, Action action) {
  forget_plan(step);
  keyframes_.drop_after(step);
  last_step_ = step;
  log_.push_back({step, std::make_shared<const Action>(std::move(action))});
}

void Timeline::forget_plan(std::int64_t step) {
  std::erase_if(log_, [step](const LoggedAction& logged) { return logged.step > step; });
}

Moment Timeline::moment(std::int64_t step) const {
  Moment moment;
  moment.start_params = start_params_;
  moment.log = log_;
  moment.step = step;
  moment.last_step = last_step_;
  moment.start = {0, keyframes_.at(0)};
  for (const std::int64_t at : {start_for(step), nearest(step)}) moment.frames.push_back({at, keyframes_.at(at)});
  return moment;
}

std::int64_t Timeline::go_to(const Moment& moment) {
  std::int64_t same = -1;
  if (keyframes_.at(0) == moment.start.second) {
    const auto [mine, its] = std::ranges::mismatch(log_, moment.log);
    same = std::min(mine == log_.end() ? last_step_ : mine->step, its == moment.log.end() ? last_step_ : its->step);
    keyframes_.drop_after(same);
  } else {
    keyframes_.clear();
    keyframes_.insert(0, moment.start.second);
  }
  for (const auto& [step, snapshot] : moment.frames) keyframes_.insert(step, snapshot);
  log_ = moment.log;
  start_params_ = moment.start_params;
  last_step_ = moment.last_step;
  return same;
}

void Timeline::forget_set(std::int64_t step, std::string_view param) {
  const auto last = std::find_if(log_.rbegin(), log_.rend(), [&](const LoggedAction& logged) {
    return logged.step == step && logged.action->kind == Action::Kind::kSet && logged.action->name == param;
  });
  if (last != log_.rend()) log_.erase(std::next(last).base());
}

void Timeline::replay_actions(Lesson& lesson) const {
  const std::int64_t step = lesson.step();
  const auto same_step = std::ranges::equal_range(log_, step, {}, &LoggedAction::step);
  for (const LoggedAction& logged : same_step) {
    static_cast<void>(lesson.apply(*logged.action));  // what is refused was left out the first time, too
    CHECK(lesson.step() == step, "replay went from step ", step, " to ", lesson.step());
  }
}

void Timeline::restore(Lesson& lesson, std::int64_t step) const {
  const View view = view_of(lesson);
  lesson.restore(*keyframes_.at(step));
  set_view(lesson, view);
  CHECK(lesson.step() == step && lesson.phase().empty(), "restored step ", step, ", the lesson is at ", lesson.step());
  replay_actions(lesson);
}

}  // namespace chainrule
