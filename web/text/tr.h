// tr: the text that people read, in the language of their choice. The English text is the key; the tables of the other
// languages are web/text/<language>.txt: a line of English, a line of translation, an empty line.
//
// Lessons and widgets write English, numbers and all; what puts text on the screen (web/widgets/ink.h, controls.h) and what
// reads it out (twin.h) translates, by tr_text. So a lesson is written and tested in one language.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace chainrule {

/// The languages there are, as in web pages' lang attribute; the first needs no table.
inline constexpr std::string_view kLanguages[] = {"en", "de"};

/// From now on texts are in `language`, with the contents of its table ("" for English).
void set_language(std::string_view language, std::string_view table);
std::string_view language();

/// The text in the chosen language; itself where the table lacks it. Valid until the language changes.
std::string_view tr(std::string_view english);

std::string fill_in(std::string_view text, const std::vector<std::string>& values);

inline std::string tr_value(std::string_view text) { return std::string(text); }
template <std::integral Number>
std::string tr_value(Number number) {
  return std::to_string(number);
}

/// The same with {0}, {1} … replaced by values: texts or whole numbers.
template <class... Values>
  requires(sizeof...(Values) > 0)
std::string tr(std::string_view english, const Values&... values) {
  return fill_in(tr(english), {tr_value(values)...});
}

/// A finished sentence with values in it, as the engine makes them: translated by the template in the table that it fits,
/// else itself.
std::string tr_sentence(std::string_view sentence);

/// The same as a view, valid until the next call, line by line; what has no letters in it is itself.
std::string_view tr_text(std::string_view text);

/// What was asked for since the language was set and has letters but no translation: for tests.
std::vector<std::string> untranslated();

}  // namespace chainrule
