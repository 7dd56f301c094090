// Explainer: answers "where does this number come from" for steps that are over, with second lessons brought to them.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "web/lesson_kit/timeline.h"

namespace chainrule {

/// How far a piece of work is.
struct Progress {
  std::int64_t done = 0, total = 0;
};

/// An explanation on its way: the older step is run again, in slices.
struct ExplainJob {
  ElementRef element;
  int shadow = -1;         // number of the shadow lesson that is being brought to the step
  std::int64_t start = 0;  // the step from which it ran
  std::optional<Result<Explanation>> result = std::nullopt;  // set when done
};

class Explainer {
 public:
  static constexpr std::size_t kShadows = 3;  // steps whose further operands are explained at once

  /// Begins; the result may be there at once. The shadows are siblings of `lesson`, and show what it shows.
  ExplainJob start(const ElementRef& element, const Timeline& timeline, const Lesson& lesson);
  /// True when job.result is there.
  bool advance(ExplainJob& job, const Timeline& timeline, const Lesson& lesson, std::int64_t budget);
  /// Gives up the job's lesson.
  void end(ExplainJob& job);
  Progress progress(const ExplainJob& job) const;

  /// What happened from `step` on is no longer true.
  void forget_from(std::int64_t step);

 private:
  struct Shadow {
    std::unique_ptr<Lesson> lesson;
    std::int64_t step = -1;  // whose tensors it knows; -1: under way or outdated
    std::uint64_t last_use = 0;
    bool busy = false;
  };

  int shadow_at(std::int64_t step) const;
  int free_shadow(const Lesson& lesson);
  void finish(ExplainJob& job, const Lesson& lesson);

  std::vector<Shadow> shadows_;
  std::uint64_t uses_ = 0;
};

}  // namespace chainrule
