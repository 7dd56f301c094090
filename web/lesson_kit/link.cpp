#include "web/lesson_kit/link.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "engine/base/text.h"

namespace chainrule {
namespace {

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

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// RFC 3986, section 2.1. A '%' without two hexadecimal digits stands for itself.
std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    out += escape ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return out;
}

// RFC 3986's unreserved characters stay.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

// Fit for a sentence: short, and without what does not print.
std::string quoted(std::string_view text) {
  constexpr std::size_t most = 40;
  std::string out = "\"";
  for (const char c : text.substr(0, most)) out += c >= 0x20 && c < 0x7f ? c : '?';
  return out + (text.size() > most ? "...\"" : "\"");
}

void read_seed(Link& link, std::string_view text) {
  std::uint64_t seed = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (!text.empty() && code == std::errc{} && end == text.data() + text.size()) {
    link.seed = seed;
  } else {
    link.notes.push_back("The link's seed cannot be " + quoted(text) + "; it is a whole number from 0 to " +
                         std::to_string(~std::uint64_t{0}) + ", and " + std::to_string(link.seed) + " is used.");
  }
}

void read_step(Link& link, std::string_view text) {
  const Result<long long> step = parse_integer(text);
  if (!step.ok()) {
    link.notes.push_back("The link's step cannot be " + quoted(text) + "; it is a whole number from 0 to " +
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
  link.notes.push_back("The link is of version " + quoted(text) + " and this page reads version " +
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
    link.notes.push_back("The link's " + spec.label + " (" + spec.name + ") cannot be " + quoted(text) + "; it is " +
                         allowed_text(spec) + ", and " + param_text(spec, spec.initial) + " is used.");
    return;
  }
  const double clamped = clamp_param(spec, static_cast<double>(real.value()));
  link.params.push_back({spec.name, clamped});
  link.notes.push_back("The link's " + spec.label + " (" + spec.name + ") is " + quoted(text) + "; the " +
                       (static_cast<double>(real.value()) < clamped ? "smallest" : "largest") + " allowed is " +
                       param_text(spec, clamped) + ", which is used.");
}

void read_pair(Link& link, std::span<const ParamSpec> specs, std::string_view key, std::string_view value) {
  if (key == "v") return read_version(link, value);
  if (key == "seed") return read_seed(link, value);
  if (key == "step") return read_step(link, value);
  if (const ParamSpec* spec = find_param(specs, key)) return read_param(link, *spec, value);
  link.notes.push_back("The link sets " + quoted(key) + ", which this lesson does not have; it is ignored.");
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
      link.notes.push_back("The link has " + quoted(key) + " without a value; it is ignored.");
    } else if (!seen.insert(key).second) {
      link.notes.push_back("The link sets " + quoted(key) + " more than once; the first value counts.");
    } else {
      read_pair(link, specs, key, percent_decoded(pair.substr(equals + 1)));
    }
  }
  return link;
}

std::string link_text(const Link& link, std::span<const ParamSpec> specs) {
  std::string text = "#/" + percent_encoded(link.slug) + "?v=" + std::to_string(kLinkVersion);
  for (const ParamSpec& spec : specs) {
    CHECK(spec.name != "v" && spec.name != "seed" && spec.name != "step", spec.name,
          " has a meaning in links of its own");
    const auto given = std::ranges::find(link.params, spec.name, &ParamValue::name);
    if (given == link.params.end()) continue;
    const std::string value = param_text(spec, given->value);
    if (value != param_text(spec, spec.initial))
      text += "&" + percent_encoded(spec.name) + "=" + percent_encoded(value);
  }
  if (link.seed != kDefaultSeed) text += "&seed=" + std::to_string(link.seed);
  if (link.step > 0) text += "&step=" + std::to_string(link.step);
  return text;
}

std::string make_link(const Lesson& lesson, std::uint64_t seed, std::int64_t step) {
  Link link{.slug = lesson.info().slug, .params = {}, .seed = seed, .step = step, .notes = {}};
  for (const ParamSpec& spec : lesson.params()) link.params.push_back({spec.name, lesson.param(spec.name)});
  return link_text(link, lesson.params());
}

}  // namespace chainrule
