#include "web/lesson_kit/timeline.h"

#include <algorithm>
#include <iterator>
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

void copy_view(const Lesson& from, Lesson& to) { set_view(to, view_of(from)); }

void Timeline::begin(const Lesson& lesson) {
  CHECK(lesson.step() == 0, "a run starts at step 0, the lesson is at ", lesson.step());
  log_.clear();
  last_step_ = 0;
  keyframes_.clear();
  keyframes_.insert(0, lesson.save());
}

void Timeline::complete_step(Lesson& lesson) {
  const std::int64_t step = lesson.step();
  keyframes_.insert(step, lesson.save());
  last_step_ = std::max(last_step_, step);
  replay_actions(lesson);
}

void Timeline::record(std::int64_t step, Action action) {
  std::erase_if(log_, [step](const LoggedAction& logged) { return logged.step > step; });
  keyframes_.drop_after(step);
  last_step_ = step;
  log_.push_back({step, std::move(action)});
}

void Timeline::forget_set(std::int64_t step, std::string_view param) {
  const auto last = std::find_if(log_.rbegin(), log_.rend(), [&](const LoggedAction& logged) {
    return logged.step == step && logged.action.kind == Action::Kind::kSet && logged.action.name == param;
  });
  if (last != log_.rend()) log_.erase(std::next(last).base());
}

void Timeline::replay_actions(Lesson& lesson) const {
  const std::int64_t step = lesson.step();
  const auto same_step = std::ranges::equal_range(log_, step, {}, &LoggedAction::step);
  for (const LoggedAction& logged : same_step) {
    const Status status = lesson.apply(logged.action);
    CHECK(status.ok(), "replay at step ", step, " is refused what was accepted before: ", status.error_message());
    CHECK(lesson.step() == step, "replay went from step ", step, " to ", lesson.step());
  }
}

void Timeline::restore(Lesson& lesson, std::int64_t step) const {
  const View view = view_of(lesson);
  lesson.restore(keyframes_.at(step));
  set_view(lesson, view);
  CHECK(lesson.step() == step && lesson.phase().empty(), "restored step ", step, ", the lesson is at ", lesson.step());
  replay_actions(lesson);
}

}  // namespace chainrule
