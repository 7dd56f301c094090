// A small JSON reader for tests: refuses what is not JSON, finds values by path.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chainrule {

struct JsonValue {
  enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject } kind = Kind::kNull;
  bool boolean = false;
  double number = 0.0;
  std::string text;  // of a string, unescaped; of a number, as written
  std::vector<JsonValue> items;
  std::vector<std::string> names;  // of an object's items

  bool is(Kind wanted) const { return kind == wanted; }
  bool has(std::string_view name) const;
  /// Of an object or array; a null value if there is none.
  const JsonValue& operator[](std::string_view name) const;
  const JsonValue& operator[](std::size_t index) const;
};

/// Nothing if `text` is not one JSON value, or an object has a name twice.
std::optional<JsonValue> read_json(std::string_view text);

}  // namespace chainrule
