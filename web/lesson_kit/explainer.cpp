#include "web/lesson_kit/explainer.h"

#include <algorithm>

namespace chainrule {

int Explainer::shadow_at(std::int64_t step) const {
  const auto found =
      std::ranges::find_if(shadows_, [step](const Shadow& shadow) { return !shadow.busy && shadow.step == step; });
  return found == shadows_.end() ? -1 : static_cast<int>(found - shadows_.begin());
}

// Outdated ones first, then the one that was used longest ago. More than kShadows are made only while jobs hold them.
int Explainer::free_shadow(const Lesson& lesson) {
  Shadow* best = nullptr;
  for (Shadow& shadow : shadows_) {
    if (shadow.busy) continue;
    const bool better = !best || (shadow.step < 0) > (best->step < 0) ||
                        ((shadow.step < 0) == (best->step < 0) && shadow.last_use < best->last_use);
    if (better) best = &shadow;
  }
  const bool reuse = best && (best->step < 0 || shadows_.size() >= kShadows);
  if (!reuse) best = &shadows_.emplace_back(Shadow{.lesson = lesson.sibling()});
  return static_cast<int>(best - shadows_.data());
}

ExplainJob Explainer::start(const ElementRef& element, const Timeline& timeline, const Lesson& lesson) {
  ExplainJob job{.element = element};
  if (element.step < 0 || element.step > timeline.last_step()) {
    job.result = Error{"Step " + std::to_string(element.step) + " has not been run; the steps are 0 to " +
                       std::to_string(timeline.last_step()) + "."};
    return job;
  }
  job.shadow = shadow_at(element.step);
  if (job.shadow >= 0) {
    job.start = element.step;
    finish(job, lesson);
    return job;
  }
  job.shadow = free_shadow(lesson);
  Shadow& shadow = shadows_[static_cast<std::size_t>(job.shadow)];
  shadow.busy = true;
  shadow.step = -1;
  job.start = timeline.start_for(element.step);
  timeline.restore(*shadow.lesson, job.start);
  if (element.step == job.start) finish(job, lesson);
  return job;
}

bool Explainer::advance(ExplainJob& job, const Timeline& timeline, const Lesson& lesson, std::int64_t budget) {
  if (job.result) return true;
  Lesson& shadow = *shadows_[static_cast<std::size_t>(job.shadow)].lesson;
  if (const std::string asset = shadow.wanted_asset(); !asset.empty()) {
    end(job);
    job.result = Error{"Step " + std::to_string(job.element.step) + " cannot be run again without " + asset + "."};
    return true;
  }
  run_steps(shadow, job.element.step, budget, [&] {
    timeline.replay_actions(shadow);
    return true;
  });
  if (shadow.step() == job.element.step) finish(job, lesson);
  return job.result.has_value();
}

void Explainer::finish(ExplainJob& job, const Lesson& lesson) {
  Shadow& shadow = shadows_[static_cast<std::size_t>(job.shadow)];
  shadow.busy = false;
  shadow.step = job.element.step;
  shadow.last_use = ++uses_;
  copy_view(lesson, *shadow.lesson);
  job.result = shadow.lesson->explain(job.element);
  job.shadow = -1;
}

void Explainer::end(ExplainJob& job) {
  if (job.shadow >= 0) shadows_[static_cast<std::size_t>(job.shadow)].busy = false;
  job.shadow = -1;
}

Progress Explainer::progress(const ExplainJob& job) const {
  const std::int64_t total = job.element.step - job.start;
  if (job.shadow < 0) return {total, total};
  return {shadows_[static_cast<std::size_t>(job.shadow)].lesson->step() - job.start, total};
}

void Explainer::forget_from(std::int64_t step) {
  for (Shadow& shadow : shadows_)
    if (shadow.step >= step) shadow.step = -1;
}

}  // namespace chainrule
