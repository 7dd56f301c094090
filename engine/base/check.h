// CHECK: a broken contract is a programmer's error, never a person's. It prints what was wrong and stops.
// Data from outside (URL, files, network) is never CHECKed; it goes through Result (base/result.h).
#pragma once

#include <sstream>
#include <string>

namespace chainrule {

/// Prints "file:line: condition: message" to stderr and aborts.
[[noreturn]] void check_failed(const char* file, int line, const char* condition, const std::string& message);

namespace internal {
template <class... Parts>
std::string join_parts(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}
}  // namespace internal

}  // namespace chainrule

/// CHECK(a == b, "a is ", a, ", b is ", b): both sides belong in the message.
#define CHECK(condition, ...)                                                                               \
  do {                                                                                                      \
    if (!(condition)) [[unlikely]]                                                                          \
      ::chainrule::check_failed(__FILE__, __LINE__, #condition, ::chainrule::internal::join_parts(__VA_ARGS__)); \
  } while (false)
