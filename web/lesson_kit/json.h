// JSON: text put together, for the script API's answers. Nothing here reads JSON.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include "engine/base/text.h"

namespace chainrule {

/// A value that is JSON already.
struct JsonText {
  std::string text;
};

template <class T>
std::string json_of(const T& value) {
  if constexpr (std::is_same_v<T, JsonText>) {
    return value.text;
  } else if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_integral_v<T>) {
    return std::to_string(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    return json_number(value);
  } else {
    return json_quoted(value);
  }
}

/// {"a":1,"b":"x"}, in the order in which fields are added.
class JsonObject {
 public:
  template <class T>
  JsonObject& add(std::string_view name, const T& value) {
    text_ += (text_.empty() ? "" : ",") + json_quoted(name) + ":" + json_of(value);
    return *this;
  }
  JsonText done() const { return {"{" + text_ + "}"}; }

 private:
  std::string text_;
};

/// [1,2,3]
class JsonArray {
 public:
  template <class T>
  JsonArray& add(const T& value) {
    text_ += (text_.empty() ? "" : ",") + json_of(value);
    return *this;
  }
  JsonText done() const { return {"[" + text_ + "]"}; }

 private:
  std::string text_;
};

inline const JsonText kJsonNull{"null"};

}  // namespace chainrule
