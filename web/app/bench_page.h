// BenchPage, the address #/bench: how fast the engine is on the visitor's machine, work by work, with a result to copy.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "web/app/theme.h"
#include "web/bench/works.h"
#include "web/lesson_kit/lesson.h"
#include "web/widgets/ink.h"

namespace chainrule {

/// Is it the address of this page?
bool is_bench_link(std::string_view link);

class BenchPage {
 public:
  enum class Choice { kNone, kLeave, kCopyText, kCopyJson };

  bool is_open() const { return open_; }
  void open();
  /// Ends a measurement that is under way.
  void close();
  /// Title and summary, for the header.
  static const LessonInfo& info();

  /// Runs pieces of the current work for about `seconds`, one at least. `now`: the clock, in seconds.
  void work(double seconds, double (*now)());
  bool running() const { return current_ < rows_.size(); }
  /// From the first work on.
  void start();
  void stop();

  /// `machine`: a line on what it runs on; `most_threads`: that may be chosen.
  Choice draw(const Theme& theme, ImVec2 size, bool narrow, std::string_view machine, int most_threads);

  /// The result, to be read, and to be compared by a program.
  std::string text(std::string_view machine) const;
  std::string threads_text() const;
  std::string json(std::string_view machine) const;

 private:
  struct Row {
    const WorkInfo* info;
    WorkMeter meter;
    bool done = false;
  };

  Choice draw_head(const Theme& theme, float width, std::string_view machine, int most_threads);
  void draw_row(const Theme& theme, const Row& row, const Rect& box, bool narrow) const;
  double peak() const;
  static double shown(const Row& row);
  /// Of the peak of all cores that it had; 0 where that says nothing.
  double share(const Row& row) const;
  std::string value_of(const Row& row) const;
  std::string detail_of(const Row& row) const;
  bool complete() const;

  bool open_ = false;
  std::vector<Row> rows_;
  std::size_t current_ = 0;
  int threads_ = 1;      // for the next measurement
  ThreadPool pool_{1};  // of the present one
  std::unique_ptr<RunningWork> work_;
};

}  // namespace chainrule
