// Background: one thread beside the caller's, for work that takes longer than a frame.
#pragma once

#include <functional>
#include <memory>

namespace chainrule {

/// Runs `task` on the background thread, after those that were posted before; the thread is made on first use.
/// False: this machine or page gives no thread (a page that is not cross-origin isolated has none), so the caller must do the
/// work itself. The thread lives as long as the program; a task that is to end early must be told so.
bool post_to_background(std::function<void()> task);

/// May anything be posted? Off until somebody allows it, so that a program without threads stays one.
void allow_background(bool allowed);
bool background_allowed();

}  // namespace chainrule
