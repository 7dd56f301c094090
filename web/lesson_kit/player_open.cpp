// The Player's way out and in: links, run files, and the moments of undo.
#include <algorithm>

#include "engine/base/hash.h"
#include "web/lesson_kit/action_text.h"
#include "web/lesson_kit/player.h"

namespace chainrule {

// --------------------------------------------------------------------------------------------------------------- links

Player::Linked Player::linked() const {
  const std::span<const LoggedAction> log = timeline_.log();
  const auto past = std::ranges::upper_bound(log, step(), {}, &LoggedAction::step);
  // Params set before the first step are as good as set before the start.
  const auto rest = std::find_if(log.begin(), past, [](const LoggedAction& logged) {
    return logged.step > 0 || logged.action->kind != Action::Kind::kSet;
  });
  Link link{.slug = lesson_->info().slug, .seed = seed_, .step = step()};
  for (const ParamSpec& spec : lesson_->params())
    if (!spec.changes_model) link.params.push_back({spec.name, lesson_->param(spec.name)});
  for (const ParamValue& param : timeline_.start_params()) link.params.push_back(param);
  if (rest == past) {
    // A param may have decided about others: what they are now is what counts.
    for (ParamValue& param : link.params) param.value = lesson_->param(param.name);
  } else {
    for (auto set = log.begin(); set != rest; ++set)
      std::ranges::find(link.params, set->action->name, &ParamValue::name)->value = set->action->number;
  }
  link.actions.assign(rest, past);
  link.kept = lesson_->kept();
  Linked linked{link_text(link, lesson_->params()), ""};
  if (lesson_->uses_files()) linked.note = "The data come from files of yours, which a link cannot hold.";
  if (linked.text.size() <= kMostLinkLength) return linked;
  linked.note = "What was done here takes " + std::to_string(linked.text.size()) + " characters, and a link holds " +
                std::to_string(kMostLinkLength) + ": it leaves out what was changed by hand.";
  for (ParamValue& param : link.params) param.value = lesson_->param(param.name);
  link.actions.clear();
  link.kept.clear();
  linked.text = link_text(link, lesson_->params());
  return linked;
}

// Sets every param, those that are not given to their initial values. Those first: what is given may decide about others.
// Returns what was refused.
std::vector<std::string> Player::set_params(std::span<const ParamValue> params) {
  std::vector<std::string> refused;
  for (const bool wanted : {false, true}) {
    for (const ParamSpec& spec : lesson_->params()) {
      const auto given = std::ranges::find(params, spec.name, &ParamValue::name);
      if ((given != params.end()) != wanted) continue;
      Action action = Action::set(spec.name, clamp_param(spec, wanted ? given->value : spec.initial));
      Status status = checked(action);
      if (lesson_->param(spec.name) == action.number) continue;
      // A lesson may refuse a value that its table allows, digits of one's own that are not here say: the old one stays.
      if (status.ok()) status = lesson_->apply(action);
      if (!status.ok()) refused.push_back(status.error_message());
    }
  }
  return refused;
}

std::vector<std::string> Player::open(const Link& link) {
  history_.record(moment(), "Link");
  stop();
  if (half_done()) restart_step();
  std::vector<std::string> refused = set_params(link.params);
  seed_ = link.seed;
  restart();
  opening_ = Opening{.actions = link.actions, .kept = link.kept, .step = link.step, .last_step = link.step};
  if (runnable()) finish_opening();
  return refused;
}

// The run has begun: its params and seed are those of the link, its data are there.
void Player::finish_opening() {
  Opening opening = std::move(*opening_);
  opening_.reset();
  const std::uint64_t state = lesson_->state_hash();
  note(make_again(*lesson_, opening.kept));
  if (lesson_->state_hash() != state) timeline_.begin(*lesson_);  // the run starts from what a person made
  std::erase_if(opening.actions, [&](const LoggedAction& logged) {
    Action action = *logged.action;
    Status status = checked(action);
    const ParamSpec* spec = action.kind == Action::Kind::kSet ? find_param(lesson_->params(), action.name) : nullptr;
    const bool usable = lesson_->effect(action) == Effect::kModel && !(spec != nullptr && spec->restarts);
    if (status.ok() && !usable) status = Error{"\"" + action.name + "\" cannot be done on the way to a step."};
    if (!status.ok()) note({status.error_message()});
    return !status.ok();
  });
  timeline_.plan(std::move(opening.actions));
  note(timeline_.do_planned(*lesson_));
  if (!opening.frame.empty()) {
    if (const Status status = lesson_->check(opening.frame); status.ok()) {
      timeline_.keep(opening.frame_step, std::make_shared<const Snapshot>(std::move(opening.frame)));
      timeline_.set_last_step(opening.last_step);
    } else {
      note({status.error_message() + " The run is made again from its start."});
    }
  }
  seek(opening.step);
  if (opening.hash && opening.step > 0) expected_ = {opening.step, *opening.hash};
}

void Player::note(std::vector<std::string> sentences) {
  constexpr std::size_t kMost = 4;
  for (std::string& sentence : sentences)
    if (notes_.size() < kMost) notes_.push_back(std::move(sentence));
}

// --------------------------------------------------------------------------------------------------------- run files

RunFile Player::run_file(std::string address, bool with_files) const {
  RunFile run;
  run.slug = lesson_->info().slug;
  run.address = std::move(address);
  run.seed = seed_;
  run.params.assign(timeline_.start_params().begin(), timeline_.start_params().end());
  for (const ParamSpec& spec : lesson_->params())
    if (!spec.changes_model) run.params.push_back({spec.name, lesson_->param(spec.name)});
  run.actions.assign(timeline_.log().begin(), timeline_.log().end());
  run.kept = lesson_->kept();
  run.step = step();
  run.last_step = std::max(last_step(), step());
  run.hash = half_done() ? 0 : state_hash();
  run.files_elsewhere = lesson_->uses_files() && !with_files;
  if (lesson_->uses_files() && with_files) run.files = lesson_->received_files();
  if (step() == 0) return run;
  run.frame_step = timeline_.start_for(step());
  run.frame = *timeline_.keyframes().at(run.frame_step);
  return run;
}

Status Player::open(const RunFile& run) {
  if (run.slug != lesson_->info().slug)
    return Error{"The run file is of the lesson \"" + run.slug + "\", and this is \"" + lesson_->info().slug + "\"."};
  stop();
  if (half_done()) restart_step();
  for (const ReceivedFiles& received : run.files)
    if (const Status status = lesson_->receive(received.purpose, received.files); !status.ok()) return status;
  for (std::string& sentence : set_params(run.params)) note({std::move(sentence)});
  seed_ = run.seed;
  restart();
  history_.clear();
  opening_ = Opening{run.actions, run.kept, run.step, run.last_step, run.frame_step, run.frame, std::nullopt};
  if (run.hash != 0) opening_->hash = run.hash;
  if (runnable()) finish_opening();
  return Done{};
}

void Player::check_arrival() {
  if (step() != expected_->first) return;
  if (state_hash() != expected_->second)
    note({"Step " + std::to_string(step()) + " came out otherwise than when this run was saved: it was made by another "
          "version of Chainrule, or was changed."});
  expected_.reset();
}

// --------------------------------------------------------------------------------------------------------------- undo

Moment Player::moment() const {
  Moment moment = timeline_.moment(step());
  moment.seed = seed_;
  moment.kept = lesson_->kept();
  return moment;
}

void Player::go_to(const Moment& moment) {
  stop();
  gesture_ = false;
  opening_.reset();
  seed_ = moment.seed;
  forget_from(timeline_.go_to(moment) + 1);
  if (lesson_->kept() != moment.kept) note(make_again(*lesson_, moment.kept));
  const std::int64_t start = timeline_.nearest(moment.step);
  timeline_.restore(*lesson_, start);
  tensors_known_ = start == 0;
  seek(moment.step);
}

std::string Player::undo() {
  std::string what = history_.undo_text();
  go_to(history_.undo(moment()));
  return what;
}

std::string Player::redo() {
  std::string what = history_.redo_text();
  go_to(history_.redo(moment()));
  return what;
}

}  // namespace chainrule
