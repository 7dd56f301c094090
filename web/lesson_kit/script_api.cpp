#include "web/lesson_kit/script_api.h"

#include <algorithm>
#include <numeric>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "web/lesson_kit/json.h"
#include "web/lesson_kit/script_explain.h"

namespace chainrule {
namespace {

std::string answer(const JsonText& json) { return JsonObject().add("ok", json).done().text; }
std::string refusal(const std::string& sentence) { return JsonObject().add("error", sentence).done().text; }
std::string answer(const Status& status) {
  return status.ok() ? answer(JsonText{"true"}) : refusal(status.error_message());
}

// What a script does is done at once, and is no part of a drag.
std::string act(Player& player, Action action) {
  player.end_gesture();
  const Status status = player.apply(std::move(action));
  player.end_gesture();
  return answer(status);
}

// Runs `use` on the open lesson's player.
template <class Use>
std::string with_player(ScriptHost& host, Use use) {
  Player* player = host.player();
  return player != nullptr ? use(*player)
                           : refusal("No lesson is open; open one by its name, open(\"lenet-mnist\") say.");
}

// ------------------------------------------------------------------------------------------------------------- names

// Levenshtein's distance: single characters inserted, left out or replaced.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

// `name`, at most as long as a sentence bears.
std::string quoted(std::string_view name) {
  constexpr std::size_t most = 60;
  return "\"" + std::string(name.substr(0, most)) + (name.size() > most ? "...\"" : "\"");
}

std::string nearest_names(std::string_view name, const std::vector<TensorSummary>& tensors) {
  constexpr std::size_t most = 3;
  if (name.size() > 60) return "tensors() lists them all";
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const TensorSummary& tensor : tensors) {
    const bool contains = !name.empty() && tensor.name.find(name) != std::string::npos;
    const std::size_t distance = contains ? 1 : edit_distance(name, tensor.name);
    if (contains || distance <= std::max<std::size_t>(2, name.size() / 3)) near.emplace_back(distance, tensor.name);
  }
  std::ranges::sort(near);  // by distance, then by name
  if (near.empty()) return "tensors() lists them all";
  std::string list;
  for (std::size_t i = 0; i < std::min(near.size(), most); ++i) list += (i == 0 ? "" : ", ") + near[i].second;
  return "the nearest names are " + list;
}

Result<TensorSummary> find_tensor(const Player& player, std::string_view name) {
  const std::vector<TensorSummary> tensors = player.lesson().tensors();
  const auto found = std::ranges::find(tensors, name, &TensorSummary::name);
  if (found != tensors.end()) return *found;
  return Error{"There is no tensor " + quoted(name) + "; " + nearest_names(name, tensors) + "."};
}

JsonText shape_json(const Shape& shape) {
  JsonArray sizes;
  for (int axis = 0; axis < shape.rank(); ++axis) sizes.add(shape[axis]);
  return sizes.done();
}

// ------------------------------------------------------------------------------------------------------------ params

std::string_view type_name(ParamType type) {
  switch (type) {
    case ParamType::kInteger:
      return "integer";
    case ParamType::kReal:
      return "real";
    case ParamType::kChoice:
      return "choice";
    case ParamType::kSwitch:
      return "switch";
  }
  return "";
}

JsonText value_json(const ParamSpec& spec, double value) {
  switch (spec.type) {
    case ParamType::kChoice:
      return {json_quoted(param_text(spec, value))};
    case ParamType::kSwitch:
      return {value != 0 ? "true" : "false"};
    case ParamType::kInteger:
    case ParamType::kReal:
      break;
  }
  return {param_text(spec, value)};
}

JsonText param_json(const ParamSpec& spec, double value) {
  JsonObject json;
  json.add("name", spec.name).add("label", spec.label).add("help", spec.help).add("type", type_name(spec.type));
  if (spec.type == ParamType::kInteger || spec.type == ParamType::kReal)
    json.add("min", spec.minimum).add("max", spec.maximum);
  if (spec.type == ParamType::kChoice) {
    JsonArray choices;
    for (const std::string& choice : spec.choices) choices.add(choice);
    json.add("choices", choices.done());
  }
  json.add("value", value_json(spec, value)).add("initial", value_json(spec, spec.initial));
  return json.add("changes_model", spec.changes_model).add("restarts", spec.restarts).done();
}

JsonText state_json(const Player& player, const ScriptHost& host) {
  const Lesson& lesson = player.lesson();
  JsonObject params, metrics;
  for (const ParamSpec& spec : lesson.params()) params.add(spec.name, value_json(spec, lesson.param(spec.name)));
  for (const Metric& metric : lesson.metrics()) metrics.add(metric.name, metric.value);
  const JsonText hash = lesson.phase().empty() ? JsonText{json_quoted(hash_text(player.state_hash()))} : kJsonNull;
  const std::optional<double> loss = lesson.loss();
  JsonObject json;
  json.add("lesson", lesson.info().slug).add("title", lesson.info().title).add("params", params.done());
  json.add("seed", player.seed()).add("step", player.step()).add("last_step", player.last_step());
  json.add("phase", lesson.phase()).add("playing", player.playing());
  json.add("loss", loss ? JsonText{json_number(*loss)} : kJsonNull).add("metrics", metrics.done());
  json.add("divergence", lesson.divergence()).add("hash", hash);
  const std::string note = player.link_note();
  json.add("link", player.link()).add("link_exact", note.empty()).add("link_note", note);
  return json.add("backend", host.backend()).add("frame", host.frame()).done();
}

}  // namespace

std::string script_state(ScriptHost& host) {
  return with_player(host, [&](const Player& player) { return answer(state_json(player, host)); });
}

std::string script_progress(ScriptHost& host) {
  const Player* player = host.player();
  const Progress progress = player != nullptr ? player->progress() : Progress{};
  JsonObject json;
  // An asset is wanted before the app has begun to fetch it.
  const bool waits = player != nullptr && !player->lesson().wanted_asset().empty();
  json.add("busy", host.loading() || waits || (player != nullptr && player->working()));
  json.add("done", progress.done).add("total", progress.total);
  return answer(json.add("error", host.take_error()).done());
}

// ---------------------------------------------------------------------------------------------------------- transport

std::string script_open(ScriptHost& host, std::string_view link) { return answer(host.open(link)); }

std::string script_play(ScriptHost& host, bool on) {
  return with_player(host, [&](Player& player) {
    on ? player.play() : player.pause();
    return answer(Done{});
  });
}

std::string script_step(ScriptHost& host, std::int64_t steps) {
  return with_player(host, [&](Player& player) {
    player.step_by(steps);
    return answer(Done{});
  });
}

std::string script_seek(ScriptHost& host, std::int64_t step) {
  return with_player(host, [&](Player& player) {
    if (step < 0) return refusal("Steps are counted from 0; there is no step " + std::to_string(step) + ".");
    player.seek(step);
    return answer(Done{});
  });
}

std::string script_cancel(ScriptHost& host) {
  return with_player(host, [&](Player& player) {
    player.cancel();
    return answer(Done{});
  });
}

std::string script_reset(ScriptHost& host) {
  return with_player(host, [&](Player& player) {
    player.reset();
    return answer(Done{});
  });
}

std::string script_next_phase(ScriptHost& host) {
  return with_player(host, [&](Player& player) {
    player.next_phase();
    return answer(Done{});
  });
}

std::string script_undo(ScriptHost& host) {
  return with_player(host, [&](Player& player) {
    if (!player.can_undo()) return refusal("There is nothing to undo.");
    return answer(JsonText{json_quoted(player.undo())});
  });
}

std::string script_redo(ScriptHost& host) {
  return with_player(host, [&](Player& player) {
    if (!player.can_redo()) return refusal("There is nothing to do again.");
    return answer(JsonText{json_quoted(player.redo())});
  });
}

std::string script_new_weights(ScriptHost& host, std::uint64_t seed) {
  return with_player(host, [&](Player& player) {
    player.new_weights(seed);
    return answer(Done{});
  });
}

// ------------------------------------------------------------------------------------------------------------ params

std::string script_params(ScriptHost& host) {
  return with_player(host, [&](const Player& player) {
    JsonArray list;
    for (const ParamSpec& spec : player.lesson().params()) list.add(param_json(spec, player.lesson().param(spec.name)));
    return answer(list.done());
  });
}

std::string script_set(ScriptHost& host, std::string_view name, std::string_view value) {
  return with_player(host, [&](Player& player) {
    const ParamSpec* spec = find_param(player.lesson().params(), name);
    if (spec == nullptr) {
      std::string names;
      for (const ParamSpec& each : player.lesson().params()) names += (names.empty() ? "" : ", ") + each.name;
      return refusal("This lesson has no param " + quoted(name) + "; it has " + names + ".");
    }
    const Result<double> parsed = parse_param(*spec, value);
    return parsed.ok() ? act(player, Action::set(spec->name, parsed.value()))
                       : refusal(parsed.error_message());
  });
}

std::string script_command(ScriptHost& host, std::string_view name, double number, std::span<const float> data) {
  return with_player(host, [&](Player& player) {
    return act(player, Action::command(std::string(name), number, {data.begin(), data.end()}));
  });
}

// ----------------------------------------------------------------------------------------------------------- tensors

std::string script_tensors(ScriptHost& host) {
  return with_player(host, [&](const Player& player) {
    JsonArray list;
    for (const TensorSummary& tensor : player.lesson().tensors())
      list.add(
          JsonObject().add("name", tensor.name).add("shape", shape_json(tensor.shape)).add("kind", tensor.kind).done());
    return answer(list.done());
  });
}

std::string script_tensor(ScriptHost& host, std::string_view name) {
  return with_player(host, [&](const Player& player) {
    const Result<TensorSummary> known = find_tensor(player, name);
    if (!known.ok()) return refusal(known.error_message());
    const Result<TensorValues> tensor = player.lesson().tensor(name);
    if (!tensor.ok()) return refusal(tensor.error_message());
    const TensorValues& values = tensor.value();
    JsonObject json;
    json.add("name", name).add("shape", shape_json(values.shape)).add("step", values.step);
    json.add("address", reinterpret_cast<std::uintptr_t>(values.data.data()));
    return answer(json.add("count", values.data.size()).done());
  });
}

std::string script_assign(ScriptHost& host, std::string_view name, std::span<const float> data) {
  return with_player(host, [&](Player& player) {
    const Result<TensorSummary> tensor = find_tensor(player, name);
    if (!tensor.ok()) return refusal(tensor.error_message());
    const Shape& shape = tensor.value().shape;
    if (static_cast<std::int64_t>(data.size()) != shape.size())
      return refusal(std::string(name) + " is " + shape.text() + ", which takes " + std::to_string(shape.size()) +
                     " numbers, and " + std::to_string(data.size()) + " were given.");
    return act(player, Action::assign(std::string(name), {data.begin(), data.end()}));
  });
}

std::string script_run_file(ScriptHost& host, std::vector<std::uint8_t>& bytes) {
  return with_player(host, [&](Player& player) {
    bytes = write_run(player.run_file());
    JsonObject json;
    json.add("address", reinterpret_cast<std::uintptr_t>(bytes.data())).add("count", bytes.size());
    return answer(json.done());
  });
}

std::string script_edit(ScriptHost& host, std::string_view name, std::int64_t index, float value) {
  return with_player(host, [&](Player& player) {
    const Result<TensorSummary> tensor = find_tensor(player, name);
    if (!tensor.ok()) return refusal(tensor.error_message());
    const Shape& shape = tensor.value().shape;
    if (index < 0 || index >= shape.size())
      return refusal(std::string(name) + " is " + shape.text() + ", whose numbers are 0 to " + std::to_string(shape.size() - 1) +
                     "; there is no number " + std::to_string(index) + ".");
    return act(player, Action::edit(std::string(name), index, value));
  });
}

std::string script_explain(ScriptHost& host, std::string_view name, std::int64_t index, std::int64_t offset,
                           std::int64_t limit, std::int64_t step) {
  return with_player(host, [&](Player& player) {
    const Result<TensorSummary> tensor = find_tensor(player, name);
    if (!tensor.ok()) return refusal(tensor.error_message());
    const std::int64_t size = tensor.value().shape.size();
    if (index < 0 || index >= size)
      return refusal(std::string(name) + " is " + tensor.value().shape.text() + " and has " + std::to_string(size) +
                     " elements, numbered from 0; there is no element " + std::to_string(index) + ".");
    if (offset < 0 || limit < 0) return refusal("offset and limit of the terms cannot be negative.");
    const Result<Explanation> explanation = player.explain({std::string(name), index, step < 0 ? player.step() : step});
    return explanation.ok() ? answer(explanation_json(explanation.value(), offset, limit))
                            : refusal(explanation.error_message());
  });
}

}  // namespace chainrule
