// What the page around the canvas is told in each frame, and what it tells: elements for all controls, and sentences.
#include "engine/base/text.h"
#include "web/app/app.h"
#include "web/text/tr.h"

namespace chainrule {
namespace {

constexpr double kToldSeconds = 5.0;  // between two steps that are read out while it plays

}  // namespace

void App::twin_event(std::uint32_t id, std::string_view kind, std::string_view text) {
  if (id == 0 && kind == "scale")
    do_page({.scale_steps = text == "1" ? 1 : -1});
  else
    twin_.receive(id, kind, text);
  input();
}

void App::send_twin() {
  const std::string changes = twin_.end_frame();
  if (!changes.empty()) platform::update_twin(changes);
  for (const std::string& sentence : twin_.take_refusals()) toasts_.add(ToastKind::kWarning, sentence, platform::now());
  tell_step();
}

void App::tell_step() {
  const Player& player = session_.player();
  const std::int64_t step = player.step();
  if (step == told_step_ || player.working()) return;
  const double now = platform::now();
  if (player.playing() && now - told_step_at_ < kToldSeconds) return;
  told_step_ = step;
  told_step_at_ = now;
  const std::optional<double> loss = player.lesson().loss();
  const std::string number = grouped_text(step);
  platform::announce(loss ? tr("Step {0}. Loss {1}.", number, fixed_text(*loss, 3)) : tr("Step {0}.", number));
}

}  // namespace chainrule
