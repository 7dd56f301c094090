#include "web/app/explain_panel.h"

#include <algorithm>
#include <utility>

#include "engine/base/text.h"
#include "web/platform/platform.h"
#include "web/widgets/controls.h"
#include "web/text/tr.h"

namespace chainrule {

void ExplainPanel::open(Session& session, ElementRef element) {
  if (current_ >= 0 && history_[static_cast<std::size_t>(current_)] == element && error_.empty()) return;
  history_.resize(static_cast<std::size_t>(current_ + 1));
  history_.push_back(std::move(element));
  go(session, 1);
}

void ExplainPanel::clear() { *this = {}; }

void ExplainPanel::go(Session& session, int by) {
  current_ = std::clamp(current_ + by, 0, static_cast<int>(history_.size()) - 1);
  error_.clear();
  waiting_ = true;
  session.player().start_explain(history_[static_cast<std::size_t>(current_)]);
  update(session);
}

void ExplainPanel::update(Session& session) {
  if (std::exchange(edits_, session.player().edits()) != session.player().edits() && current_ >= 0) {
    edited_ = true;
    return go(session, 0);
  }
  if (!waiting_) return;
  const Result<Explanation>* result = session.player().explain_result();
  if (result == nullptr) return;
  waiting_ = false;
  if (result->ok()) {
    explanation_ = result->value();
    panel_.shown.reset();
    platform::announce(tr_sentence(derivation_text(*explanation_)));
    learned_ = is_learned(session, explanation_->element.tensor);
  } else if (edited_) {  // the number is not there any more
    session.player().cancel_explain();
    return clear();
  } else {
    explanation_.reset();
    error_ = result->error_message();
  }
  edited_ = false;
  session.player().cancel_explain();
}

void ExplainPanel::draw_bar(const Theme& theme, Session& session, float width) {
  const float target = target_size(theme);
  if (icon_button(theme, "Previous number", Icon::kLeft, "The number that was open before", ButtonLook::kQuiet, current_ > 0)) {
    go(session, -1);
  }
  ImGui::SameLine(0, 2);
  const bool forward = current_ + 1 < static_cast<int>(history_.size());
  if (icon_button(theme, "Next number", Icon::kRight, "Forward again", ButtonLook::kQuiet, forward)) go(session, 1);
  if (current_ < 0) return;
  ImGui::SameLine(0, theme.unit);
  const std::int64_t step = history_[static_cast<std::size_t>(current_)].step;
  ImFont* face = theme.face(TextSize::kCaption);
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (target - face->FontSize) / 2);
  text_line(theme, face, theme.colors.text_muted,
            "Number " + std::to_string(current_ + 1) + " of " + std::to_string(history_.size()) + ", at step " + grouped_text(step),
            width - 2 * target - 2 * theme.unit);
}

bool ExplainPanel::is_learned(const Session& session, const std::string& tensor) {
  const std::vector<TensorSummary> all = session.player().lesson().tensors();
  return std::any_of(all.begin(), all.end(), [&](const TensorSummary& one) {
    return one.name == tensor && (one.kind == "parameter" || one.kind == "state");
  });
}

void ExplainPanel::draw(const Theme& theme, Session& session, float width, std::vector<Action>& actions) {
  const float unit = theme.unit;
  if (history_.empty()) {
    ImGui::Dummy({0, unit});
    text_block(theme.strong_face(TextSize::kHeading), theme.colors.text, "Where does a number come from?", width);
    ImGui::Dummy({0, 0.5f * unit});
    text_block(theme.face(TextSize::kBody), theme.colors.text_muted,
               "Click any number or coloured cell in the picture. Its derivation appears here: the formula, the numbers that "
               "went in, and every term in the order in which it was added. Each of those can be clicked in turn, down to the "
               "pixels and the initial weights.",
               width);
    return;
  }
  draw_bar(theme, session, width);
  ImGui::Dummy({0, 0.5f * unit});
  if (waiting_) {
    const Progress progress = session.player().explain_progress();
    text_block(theme.face(TextSize::kBody), theme.colors.text_muted,
               "Running step " + grouped_text(history_[static_cast<std::size_t>(current_)].step) + " again …", width);
    const float share = progress.total > 0 ? static_cast<float>(progress.done) / static_cast<float>(progress.total) : 0.0f;
    progress_bar(theme, "Running the step again", share, width);
    return;
  }
  if (!error_.empty()) text_block(theme.face(TextSize::kBody), theme.colors.bad, error_, width);
  if (!explanation_) return;
  std::optional<ElementRef> clicked;
  const ElementRef& shown = explanation_->element;
  panel_.settable = learned_ && shown.step == session.player().step() && !session.player().seeking();
  draw_derivation_panel(theme, *explanation_, panel_, clicked);
  if (panel_.set) actions.push_back(Action::edit(shown.tensor, shown.index, *panel_.set));
  if (clicked) open(session, *clicked);
}

}  // namespace chainrule
