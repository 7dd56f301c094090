#include "web/text/tr.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace chainrule {
namespace {

// One language at a time, for the whole page: what would be handed to every function that draws a word.
struct Table {
  std::string language = "en";
  std::map<std::string, std::string, std::less<>> texts;
  std::vector<std::pair<std::string, std::string>> templates;  // those with values in them, longest first
  std::map<std::string, std::string, std::less<>> sentences;   // what has been translated by them
  std::set<std::string, std::less<>> missing;
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
  all.templates.clear();
  all.sentences.clear();
  all.missing.clear();
  while (!text.empty()) {
    const std::string_view english = take_line(text);
    if (english.empty()) continue;
    all.texts.emplace(std::string(english), std::string(take_line(text)));
  }
  for (const auto& [english, foreign] : all.texts)
    if (english.find('{') != english.npos) all.templates.emplace_back(english, foreign);
  std::ranges::stable_sort(all.templates, std::greater{}, [](const auto& one) { return one.first.size(); });
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

namespace {

constexpr std::size_t kMostKept = 4000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The e of 1.5e−7 is none.
bool has_letters(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z')) continue;
    const std::string_view rest = text.substr(i + 1);
    const bool exponent = c == 'e' && i > 0 && is_digit(text[i - 1]) && !rest.empty() &&
                          (is_digit(rest[0]) || rest[0] == '+' || rest[0] == '-' || rest.starts_with("−"));
    if (!exponent) return true;
  }
  return false;
}

// Values that are texts of the table themselves ("conv1" is none, the name of a lesson is one) are translated with it.
std::optional<std::string> by_template(const Table& all, std::string_view sentence) {
  for (const auto& [english, foreign] : all.templates) {
    auto values = match(english, sentence);
    if (!values) continue;
    for (std::string& value : *values)
      if (const auto found = all.texts.find(value); found != all.texts.end()) value = found->second;
    return fill_in(foreign, *values);
  }
  return std::nullopt;
}

}  // namespace

std::string_view tr_text(std::string_view text) {
  Table& all = table();
  if (all.texts.empty() || !has_letters(text)) return text;
  if (const auto found = all.texts.find(text); found != all.texts.end()) return found->second;
  if (const auto known = all.sentences.find(text); known != all.sentences.end()) return known->second;
  if (all.sentences.size() > kMostKept) all.sentences.clear();
  const std::string english(text);
  std::string made;
  if (const std::size_t line = text.find('\n'); line != text.npos) {
    made = tr_sentence(text.substr(0, line)) + "\n";
    made += tr_text(std::string_view(english).substr(line + 1));
  } else if (std::optional<std::string> found = by_template(all, text)) {
    made = std::move(*found);
  } else {
    made = english;
    if (all.missing.size() < kMostKept) all.missing.insert(english);
  }
  all.sentences.emplace(made, made);  // what is translated already stays
  all.missing.erase(made == english ? std::string() : made);
  return all.sentences.insert_or_assign(english, std::move(made)).first->second;
}

std::string tr_sentence(std::string_view sentence) { return std::string(tr_text(sentence)); }

std::vector<std::string> untranslated() { return {table().missing.begin(), table().missing.end()}; }

}  // namespace chainrule
