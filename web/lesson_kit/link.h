// Link: a lesson's state as the part of an address after '#', to be shared: #/lenet-mnist?v=1&lr=0.05&seed=7&step=120
//
// Its keys: v the version, params by name, seed, step, `do` what was done on the way and `made` what a person made
// (web/lesson_kit/action_text.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "web/lesson_kit/lesson.h"

namespace chainrule {

inline constexpr std::uint64_t kDefaultSeed = 1;
inline constexpr std::size_t kMostLinkLength = 2000;  // what browsers, mails and QR codes bear
inline constexpr int kLinkVersion = 1;

struct Link {
  std::string slug;
  std::vector<ParamValue> params;  // those that the link sets
  std::uint64_t seed = kDefaultSeed;
  std::int64_t step = 0;
  std::vector<LoggedAction> actions;  // after the params were set; by step
  std::vector<Action> kept;           // see Lesson::kept
  std::vector<std::string> notes;  // sentences: what was not understood, and what is used instead
};

/// The lesson that a link names; "" if it names none. `text` may begin with "#/", "/" or neither.
std::string link_slug(std::string_view text);

/// Reads any text whatever. What is wrong with it becomes a note: unknown keys and unreadable values are ignored,
/// values out of range are clamped.
Link parse_link(std::string_view text, std::span<const ParamSpec> specs);

/// Params at their initial values are left out; choices and switches go by name, numbers by their shortest text.
/// Ensures: parse_link gives the same back, without notes. Requires: no param is named as one of the keys above.
std::string link_text(const Link& link, std::span<const ParamSpec> specs);

}  // namespace chainrule
