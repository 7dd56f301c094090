// Result<T>: a value, or one sentence for a person. For everything that comes from outside.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "engine/base/check.h"

namespace chainrule {

/// A sentence that names the value, the limit and the remedy.
struct Error {
  std::string message;
};

/// Holds a T or an Error.
/// Requires: value() only when ok(), error() only when not.
template <class T>
class Result {
 public:
  Result(T value) : state_(std::move(value)) {}       // NOLINT: implicit by intent
  Result(Error error) : state_(std::move(error)) {}   // NOLINT: implicit by intent

  bool ok() const { return std::holds_alternative<T>(state_); }
  const T& value() const& {
    CHECK(ok(), error().message);
    return std::get<T>(state_);
  }
  T&& value() && {
    CHECK(ok(), error().message);
    return std::get<T>(std::move(state_));
  }
  const std::string& error_message() const { return error().message; }
  const Error& error() const { return std::get<Error>(state_); }

 private:
  std::variant<T, Error> state_;
};

/// The Result of something that has nothing to return.
struct Done {};
using Status = Result<Done>;

}  // namespace chainrule
