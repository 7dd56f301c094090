// ExplainPanel: the numbers that were asked for, one after the other like pages of a browser, and the one that is open.
#pragma once

#include <optional>
#include <vector>

#include "web/app/session.h"
#include "web/widgets/derivation_panel.h"

namespace chainrule {

class ExplainPanel {
 public:
  /// Opens the derivation of a number; those that were gone back from are forgotten.
  void open(Session& session, ElementRef element);
  void clear();
  void go(Session& session, int by);

  /// Takes what the player has found out.
  void update(Session& session);
  /// Numbers that are set by hand go to `actions`.
  void draw(const Theme& theme, Session& session, float width, std::vector<Action>& actions);

  bool empty() const { return history_.empty(); }
  const Explanation* explanation() const { return explanation_ ? &*explanation_ : nullptr; }

 private:
  static bool is_learned(const Session& session, const std::string& tensor);
  void draw_bar(const Theme& theme, Session& session, float width);

  std::vector<ElementRef> history_;
  int current_ = -1;
  bool waiting_ = false;
  std::uint64_t edits_ = 0;  // of the player, when the open number was explained
  bool edited_ = false;      // it is explained anew because of one
  bool learned_ = false;  // it can be
  std::optional<Explanation> explanation_;
  std::string error_;
  DerivationPanelState panel_;
};

}  // namespace chainrule
