// Link: a lesson's state as the part of an address after '#', to be shared: #/lenet-mnist?v=1&lr=0.05&seed=7&step=120
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "web/lesson_kit/lesson.h"

namespace chainrule {

inline constexpr std::uint64_t kDefaultSeed = 1;
inline constexpr std::int64_t kMostLinkSteps = 1'000'000;  // a link must not keep a machine busy for hours
inline constexpr int kLinkVersion = 1;

struct ParamValue {
  std::string name;
  double value = 0.0;
  bool operator==(const ParamValue&) const = default;
};

struct Link {
  std::string slug;
  std::vector<ParamValue> params;  // those that the link sets
  std::uint64_t seed = kDefaultSeed;
  std::int64_t step = 0;
  std::vector<std::string> notes;  // sentences: what was not understood, and what is used instead
};

/// The lesson that a link names; "" if it names none. `text` may begin with "#/", "/" or neither.
std::string link_slug(std::string_view text);

/// Reads any text whatever. What is wrong with it becomes a note: unknown keys and unreadable values are ignored,
/// values out of range are clamped.
Link parse_link(std::string_view text, std::span<const ParamSpec> specs);

/// Params at their initial values are left out; choices and switches go by name, numbers by their shortest text.
/// Ensures: parse_link gives the same back, without notes. Requires: no param is named v, seed or step.
std::string link_text(const Link& link, std::span<const ParamSpec> specs);

/// The link to a lesson's params, with that seed and step.
std::string make_link(const Lesson& lesson, std::uint64_t seed, std::int64_t step);

}  // namespace chainrule
