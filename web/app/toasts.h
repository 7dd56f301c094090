// Toasts: short messages that come, wait and go, and bars of progress that stay until their work is over.
#pragma once

#include <string>
#include <vector>

#include "web/app/layout.h"
#include "web/app/theme.h"

namespace chainrule {

enum class ToastKind { kInfo, kGood, kWarning, kError };

class Toasts {
 public:
  /// Shows a sentence for some seconds, longer ones for longer; one that is shown already only stays longer.
  void add(ToastKind kind, std::string sentence, double now);
  /// Shows, or updates, the progress of the work named `key`, from 0 to 1; below 0: unknown.
  void set_progress(const std::string& key, std::string sentence, float progress);
  void end_progress(const std::string& key);

  /// Draws them above `bottom`. Returns the key of a progress whose Cancel was pressed, else "".
  std::string draw(const Theme& theme, Area canvas, double now);
  /// One is coming in: there should be another frame.
  bool moving(double now) const;
  /// Seconds until the next one goes, 0 when there is none that does.
  double next_change(double now) const;
  bool empty() const { return toasts_.empty(); }

 private:
  struct Toast {
    ToastKind kind = ToastKind::kInfo;
    std::string sentence;
    double until = 0.0;  // 0: stays until its progress ends
    std::string key;
    float progress = -1.0f;
    double since = 0.0;  // when it was first drawn; 0: not yet
  };
  static float draw_one(const Theme& theme, const Toast& toast, float width, bool& pressed);

  std::vector<Toast> toasts_;
};

}  // namespace chainrule
