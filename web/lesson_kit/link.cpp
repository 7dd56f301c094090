#include "web/lesson_kit/link.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "engine/base/text.h"
#include "web/lesson_kit/action_text.h"

namespace chainrule {
namespace {

constexpr std::string_view kOwnKeys[] = {"v", "seed", "step", "do", "made"};

struct Parts {
  std::string_view slug, query;
};

Parts split(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  if (text.starts_with('/')) text.remove_prefix(1);
  const std::size_t mark = text.find('?');
  std::string_view slug = text.substr(0, mark);
  if (slug.ends_with('/')) slug.remove_suffix(1);
  return {slug, mark == text.npos ? std::string_view() : text.substr(mark + 1)};
}

// Besides those that never need it, those that a fragment may hold as they are (RFC 3986, section 3.5) and actions use.
constexpr std::string_view kPlainActions = "-._~,;:!$'()*/@?";

void read_seed(Link& link, std::string_view text) {
  std::uint64_t seed = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (!text.empty() && code == std::errc{} && end == text.data() + text.size()) {
    link.seed = seed;
  } else {
    link.notes.push_back("The link's seed cannot be " + printable(text) + "; it is a whole number from 0 to " +
                         std::to_string(~std::uint64_t{0}) + ", and " + std::to_string(link.seed) + " is used.");
  }
}

void read_step(Link& link, std::string_view text) {
  const Result<long long> step = parse_integer(text);
  if (!step.ok()) {
    link.notes.push_back("The link's step cannot be " + printable(text) + "; it is a whole number from 0 to " +
                         std::to_string(kMostLinkSteps) + ", and 0 is used.");
    return;
  }
  link.step = std::clamp<std::int64_t>(step.value(), 0, kMostLinkSteps);
  if (link.step != step.value())
    link.notes.push_back("The link's step is " + std::to_string(step.value()) + "; the " +
                         (step.value() < 0 ? "first" : "last") + " that a link can ask for is " +
                         std::to_string(link.step) + ", which is used.");
}

void read_version(Link& link, std::string_view text) {
  if (text == std::to_string(kLinkVersion)) return;
  link.notes.push_back("The link is of version " + printable(text) + " and this page reads version " +
                       std::to_string(kLinkVersion) + "; what it understands of it is used.");
}

void read_param(Link& link, const ParamSpec& spec, std::string_view text) {
  const Result<double> exact = parse_param(spec, text);
  if (exact.ok()) {
    link.params.push_back({spec.name, exact.value()});
    return;
  }
  const bool number = spec.type == ParamType::kInteger || spec.type == ParamType::kReal;
  const Result<float> real = parse_float(text);
  if (!number || !real.ok() || (spec.type == ParamType::kInteger && !parse_integer(text).ok())) {
    link.notes.push_back("The link's " + spec.label + " (" + spec.name + ") cannot be " + printable(text) + "; it is " +
                         allowed_text(spec) + ", and " + param_text(spec, spec.initial) + " is used.");
    return;
  }
  const double clamped = clamp_param(spec, static_cast<double>(real.value()));
  link.params.push_back({spec.name, clamped});
  link.notes.push_back("The link's " + spec.label + " (" + spec.name + ") is " + printable(text) + "; the " +
                       (static_cast<double>(real.value()) < clamped ? "smallest" : "largest") + " allowed is " +
                       param_text(spec, clamped) + ", which is used.");
}

void read_pair(Link& link, std::span<const ParamSpec> specs, std::string_view key, std::string_view value) {
  if (key == "v") return read_version(link, value);
  if (key == "seed") return read_seed(link, value);
  if (key == "step") return read_step(link, value);
  if (key == "do") {
    link.actions = parse_actions(value, specs, link.notes);
    return;
  }
  if (key == "made") {
    for (const LoggedAction& logged : parse_actions(value, specs, link.notes)) link.kept.push_back(*logged.action);
    return;
  }
  if (const ParamSpec* spec = find_param(specs, key)) return read_param(link, *spec, value);
  link.notes.push_back("The link sets " + printable(key) + ", which this lesson does not have; it is ignored.");
}

}  // namespace

std::string link_slug(std::string_view text) { return percent_decoded(split(text).slug); }

Link parse_link(std::string_view text, std::span<const ParamSpec> specs) {
  const Parts parts = split(text);
  Link link;
  link.slug = percent_decoded(parts.slug);
  std::set<std::string> seen;
  for (std::string_view rest = parts.query; !rest.empty();) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string key = percent_decoded(pair.substr(0, equals));
    if (equals == pair.npos) {
      link.notes.push_back("The link has " + printable(key) + " without a value; it is ignored.");
    } else if (!seen.insert(key).second) {
      link.notes.push_back("The link sets " + printable(key) + " more than once; the first value counts.");
    } else {
      read_pair(link, specs, key, percent_decoded(pair.substr(equals + 1)));
    }
  }
  const std::size_t late = std::erase_if(link.actions, [&](const LoggedAction& logged) { return logged.step > link.step; });
  if (late > 0)
    link.notes.push_back("The link ends at step " + std::to_string(link.step) + "; of its changes, " + std::to_string(late) +
                         " come later and are ignored.");
  return link;
}

std::string link_text(const Link& link, std::span<const ParamSpec> specs) {
  std::string text = "#/" + percent_encoded(link.slug) + "?v=" + std::to_string(kLinkVersion);
  for (const ParamSpec& spec : specs) {
    CHECK(std::ranges::find(kOwnKeys, spec.name) == std::end(kOwnKeys), spec.name, " has a meaning in links of its own");
    const auto given = std::ranges::find(link.params, spec.name, &ParamValue::name);
    if (given == link.params.end()) continue;
    const std::string value = param_text(spec, given->value);
    if (value != param_text(spec, spec.initial))
      text += "&" + percent_encoded(spec.name) + "=" + percent_encoded(value);
  }
  if (link.seed != kDefaultSeed) text += "&seed=" + std::to_string(link.seed);
  if (link.step > 0) text += "&step=" + std::to_string(link.step);
  if (!link.actions.empty()) text += "&do=" + percent_encoded(action_text(link.actions, specs), kPlainActions);
  if (!link.kept.empty()) {
    std::vector<LoggedAction> made;
    for (const Action& action : link.kept) made.push_back({0, std::make_shared<const Action>(action)});
    text += "&made=" + percent_encoded(action_text(made, specs), kPlainActions);
  }
  return text;
}

}  // namespace chainrule
