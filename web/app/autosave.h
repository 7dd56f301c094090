// Autosave: the open run as a record that outlives the page, so that a reload, a crash or a closed tab loses nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "web/lesson_kit/player.h"

namespace chainrule {

class Autosave {
 public:
  /// Saves the run when it has changed and was not saved for a while; `address` is what the page's address says.
  void update(const Player& player, const std::string& address, double now);
  /// Saves it at once if it has changed: the page may end.
  void save_now(const Player& player, const std::string& address);
  /// Seconds until update has something to do; 0: nothing.
  double next_save(const Player& player, double now) const;

  /// A person's files, which every run that uses them needs: saved once.
  void save_files(const Player& player);

  /// What happens from now on is another run's: it is as it was saved, or worth nothing yet.
  void begin(const Player& player) { saved_version_ = player.version(); }
  /// Looks for the saved run of a lesson; `found` is called when there is one that can be read.
  static void load(const std::string& slug, std::function<void(RunFile)> found);

 private:
  bool is_due(const Player& player) const;

  std::uint64_t saved_version_ = 0;
  double saved_at_ = 0.0;
};

}  // namespace chainrule
