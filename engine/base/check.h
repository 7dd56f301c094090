// CHECK: a broken contract is a programmer's error, never a person's. It prints what was wrong and stops.
// Data from outside (URL, files, network) is never CHECKed; it goes through Result (base/result.h).
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace chainrule {

/// Prints "file:line: condition: message" to stderr and aborts.
[[noreturn]] void check_failed(const char* file, int line, const char* condition, const std::string& message);

namespace internal {

/// A piece of a message. Streams would do it too, and bring a third of a megabyte of locales into the web page.
class MessagePart {
 public:
  MessagePart(std::string_view text) : text_(text) {}
  MessagePart(const std::string& text) : text_(text) {}
  MessagePart(const char* text) : text_(text) {}
  MessagePart(std::integral auto number) : text_(std::to_string(number)) {}
  MessagePart(std::floating_point auto number) : text_(of_real(static_cast<double>(number))) {}
  const std::string& text() const { return text_; }

 private:
  static std::string of_real(double number);
  std::string text_;
};

std::string join_parts(std::initializer_list<MessagePart> parts);

}  // namespace internal

}  // namespace chainrule

/// CHECK(a == b, "a is ", a, ", b is ", b): both sides belong in the message.
#define CHECK(condition, ...)                                                                               \
  do {                                                                                                      \
    if (!(condition)) [[unlikely]]                                                                          \
      ::chainrule::check_failed(__FILE__, __LINE__, #condition, ::chainrule::internal::join_parts({__VA_ARGS__})); \
  } while (false)
