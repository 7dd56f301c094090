#include "tests/web/support/json_check.h"

#include <algorithm>
#include <cstdlib>

namespace chainrule {
namespace {

const JsonValue kNothing;

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool value(JsonValue& out) {
    if (rest_.empty() || ++depth_ > 64) return false;
    const bool read = rest_[0] == '{'   ? object(out)
                      : rest_[0] == '[' ? array(out)
                      : rest_[0] == '"' ? text_of(out)
                                        : word(out);
    --depth_;
    return read;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool object(JsonValue& out) {
    out.kind = JsonValue::Kind::kObject;
    take('{');
    if (take('}')) return true;
    do {
      std::string name;
      if (!string(name) || out.has(name) || !take(':')) return false;
      out.names.push_back(name);
      if (!value(out.items.emplace_back())) return false;
    } while (take(','));
    return take('}');
  }
  bool array(JsonValue& out) {
    out.kind = JsonValue::Kind::kArray;
    take('[');
    if (take(']')) return true;
    do {
      if (!value(out.items.emplace_back())) return false;
    } while (take(','));
    return take(']');
  }
  bool text_of(JsonValue& out) {
    out.kind = JsonValue::Kind::kString;
    return string(out.text);
  }
  bool string(std::string& out) {
    if (!take('"')) return false;
    while (!rest_.empty() && rest_[0] != '"') {
      char c = rest_[0];
      if (static_cast<unsigned char>(c) < 0x20) return false;
      rest_.remove_prefix(1);
      if (c == '\\') {
        if (rest_.empty()) return false;
        c = rest_[0];
        rest_.remove_prefix(1);
        if (c == 'u') {
          if (rest_.size() < 4) return false;
          c = static_cast<char>(std::strtol(std::string(rest_.substr(0, 4)).c_str(), nullptr, 16));
          rest_.remove_prefix(4);
        } else if (c != '"' && c != '\\') {
          return false;
        }
      }
      out += c;
    }
    return take('"');
  }
  bool word(JsonValue& out) {
    const std::string text(rest_.substr(0, rest_.find_first_of(",]}:")));
    rest_.remove_prefix(text.size());
    if (text == "null") return true;
    if (text == "true" || text == "false") {
      out.kind = JsonValue::Kind::kBool;
      out.boolean = text == "true";
      return true;
    }
    if (text.empty() || text.find_first_not_of("0123456789+-.eE") != text.npos || text[0] == '+' || text[0] == '.')
      return false;
    out.kind = JsonValue::Kind::kNumber;
    out.text = text;
    char* end = nullptr;
    out.number = std::strtod(text.c_str(), &end);
    return end == text.c_str() + text.size();
  }

  std::string_view rest_;
  int depth_ = 0;
};

}  // namespace

bool JsonValue::has(std::string_view name) const { return std::ranges::find(names, name) != names.end(); }

const JsonValue& JsonValue::operator[](std::string_view name) const {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? kNothing : items[static_cast<std::size_t>(found - names.begin())];
}

const JsonValue& JsonValue::operator[](std::size_t index) const {
  return index < items.size() ? items[index] : kNothing;
}

std::optional<JsonValue> read_json(std::string_view text) {
  Reader reader(text);
  JsonValue value;
  if (!reader.value(value) || !reader.at_end()) return std::nullopt;
  return value;
}

}  // namespace chainrule
