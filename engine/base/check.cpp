#include "engine/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace chainrule {

void check_failed(const char* file, int line, const char* condition, const std::string& message) {
  std::fprintf(stderr, "%s:%d: CHECK(%s) failed: %s\n", file, line, condition, message.c_str());
  std::abort();
}

namespace internal {

std::string MessagePart::of_real(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", number);
  return text;
}

std::string join_parts(std::initializer_list<MessagePart> parts) {
  std::string all;
  for (const MessagePart& part : parts) all += part.text();
  return all;
}

}  // namespace internal
}  // namespace chainrule
