// Action text: actions as short text for links. "12,s,lr,.05;,e,fc1.w,17,.5" sets lr at step 12, then an element of fc1.w.
//
// Entries are parted by ';', fields by ',': the step (empty: that of the entry before; the first: 0), a letter for the
// kind, the name, and then
//   s  the param's value, choices and switches by name
//   e  the element's index, its new number
//   a  all numbers of the tensor, parted by ':'
//   c  the command's number, its numbers, parted by ':', its text
// Numbers are their shortest texts without a leading 0. In names and texts '%', ',', ';' and ':' are %xx (RFC 3986, 2.1).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "web/lesson_kit/lesson.h"

namespace chainrule {

std::string action_text(std::span<const LoggedAction> actions, std::span<const ParamSpec> specs);

/// Reads any text whatever. What cannot be used is left out, and told in a sentence in `notes`: entries that are not
/// like this, params that are not there or start over, values that are not allowed, steps that go back.
/// Ensures: sorted by step; action_text of the result reads back the same, without notes.
std::vector<LoggedAction> parse_actions(std::string_view text, std::span<const ParamSpec> specs,
                                        std::vector<std::string>& notes);

/// What a person did, in a few words: "Learning rate = 0.05".
std::string action_name(const Action& action, std::span<const ParamSpec> specs);

/// Text in quotes that is fit for a sentence: short, and without what does not print.
std::string printable(std::string_view text);
/// RFC 3986, section 2.1: every character but letters, digits and those of `plain` becomes %XX.
std::string percent_encoded(std::string_view text, std::string_view plain = "-._~");
/// A '%' without two hexadecimal digits stands for itself.
std::string percent_decoded(std::string_view text);

}  // namespace chainrule
