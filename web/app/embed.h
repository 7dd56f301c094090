// Embed: what the address hides, for pages that show a lesson within their own: "?embed=1&hide=lr,reset".
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "web/lesson_kit/lesson.h"

namespace chainrule {

class Embed {
 public:
  /// What the transport bar and the page have that can be hidden, besides a lesson's params.
  static constexpr std::string_view kControls[] = {"panel", "step-back", "play", "step", "phase", "reset", "new-weights", "speed"};

  Embed() = default;
  /// `embed`: "1" hides navigation; `hide`: names of controls and params, parted by commas.
  Embed(std::string_view embed, std::string_view hide);

  /// Without navigation: no contents, no share, no settings of the page itself.
  bool is_on() const { return on_; }
  bool hides(std::string_view name) const { return hidden_.contains(name); }
  /// Errors: a name that is no control and no param of the lesson; names it, and what there is.
  Status check(const Lesson& lesson) const;

 private:
  bool on_ = false;
  std::set<std::string, std::less<>> hidden_;
};

}  // namespace chainrule
