#include "web/text/tr.h"

#include <functional>
#include <map>
#include <optional>

namespace chainrule {
namespace {

// One language at a time, for the whole page: what would be handed to every function that draws a word.
struct Table {
  std::string language = "en";
  std::map<std::string, std::string, std::less<>> texts;
  std::map<std::string, std::string, std::less<>> sentences;  // those that tr_sentence has translated
};

Table& table() {
  static Table the_table;
  return the_table;
}

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
  return line;
}

bool is_placeholder(std::string_view text, std::size_t at) {
  return at + 2 < text.size() && text[at] == '{' && text[at + 1] >= '0' && text[at + 1] <= '9' && text[at + 2] == '}';
}

// The values at which `pattern` reads as `sentence`, if there are any; each as short as possible.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view sentence) {
  std::vector<std::string> values;
  while (!pattern.empty()) {
    if (!is_placeholder(pattern, 0)) {
      if (sentence.empty() || sentence[0] != pattern[0]) return std::nullopt;
      pattern.remove_prefix(1);
      sentence.remove_prefix(1);
      continue;
    }
    const auto index = static_cast<std::size_t>(pattern[1] - '0');
    pattern.remove_prefix(3);
    std::size_t literal = 0;
    while (literal < pattern.size() && !is_placeholder(pattern, literal)) ++literal;
    const std::size_t end = literal == pattern.size() && literal > 0 ? sentence.rfind(pattern)
                            : literal == 0                          ? sentence.size()
                                                                    : sentence.find(pattern.substr(0, literal));
    if (end == sentence.npos) return std::nullopt;
    if (values.size() <= index) values.resize(index + 1);
    values[index] = std::string(sentence.substr(0, end));
    sentence.remove_prefix(end);
  }
  if (!sentence.empty()) return std::nullopt;
  return values;
}

}  // namespace

void set_language(std::string_view language, std::string_view text) {
  Table& all = table();
  all.language = std::string(language);
  all.texts.clear();
  all.sentences.clear();
  while (!text.empty()) {
    const std::string_view english = take_line(text);
    if (english.empty()) continue;
    all.texts.emplace(std::string(english), std::string(take_line(text)));
  }
}

std::string_view language() { return table().language; }

std::string_view tr(std::string_view english) {
  const auto found = table().texts.find(english);
  return found == table().texts.end() ? english : std::string_view(found->second);
}

std::string fill_in(std::string_view text, const std::vector<std::string>& values) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_placeholder(text, at)) {
      out += text[at++];
      continue;
    }
    const auto index = static_cast<std::size_t>(text[at + 1] - '0');
    out += index < values.size() ? values[index] : std::string(text.substr(at, 3));
    at += 3;
  }
  return out;
}

std::string tr_sentence(std::string_view sentence) {
  Table& all = table();
  if (all.texts.empty()) return std::string(sentence);
  if (const auto found = all.texts.find(sentence); found != all.texts.end()) return found->second;
  if (const auto known = all.sentences.find(sentence); known != all.sentences.end()) return known->second;
  constexpr std::size_t kMostKept = 500;
  if (all.sentences.size() > kMostKept) all.sentences.clear();
  std::string translated(sentence);
  for (const auto& [english, foreign] : all.texts) {
    if (english.find('{') == english.npos) continue;
    const auto values = match(english, sentence);
    if (!values) continue;
    translated = fill_in(foreign, *values);
    break;
  }
  all.sentences.emplace(std::string(sentence), translated);
  return translated;
}

}  // namespace chainrule
