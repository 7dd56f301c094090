// History: the moments that undo goes back to, and redo forward to.
#pragma once

#include <deque>
#include <string>

#include "web/lesson_kit/timeline.h"

namespace chainrule {

class History {
 public:
  static constexpr std::size_t kMost = 200;              // moments
  static constexpr std::int64_t kFrameBytes = 32 << 20;  // of snapshots; older moments lose their frames and are run again
  static constexpr std::int64_t kMostBytes = 64 << 20;   // and even older ones, whose starts alone take more, are forgotten

  /// A person does `what`; the run was at `before`. What was undone is forgotten.
  void record(Moment before, std::string what);
  void clear();

  bool can_undo() const { return !past_.empty(); }
  bool can_redo() const { return !future_.empty(); }
  /// What undo takes back, and redo does again: "Learning rate = 0.05". Requires: can_undo, can_redo.
  const std::string& undo_text() const { return past_.back().what; }
  const std::string& redo_text() const { return future_.back().what; }
  /// The moment to go to; `now` is the one that is left.
  Moment undo(Moment now) { return move(past_, future_, std::move(now)); }
  Moment redo(Moment now) { return move(future_, past_, std::move(now)); }

 private:
  struct Entry {
    Moment moment;
    std::string what;
  };
  using Entries = std::deque<Entry>;

  static Moment move(Entries& from, Entries& to, Moment now);
  void limit();

  Entries past_, future_;  // the latest at the back
};

}  // namespace chainrule
