#include "tests/engine/support/text_evaluator.h"

#include <cstdlib>
#include <limits>
#include <string>

#include "engine/math/functions.h"

namespace chainrule::test {
namespace {

constexpr std::string_view kMinus = "\u2212";

/// expression = ["−"] product {(" + " | " − ") product};  product = power {(" · " | " / ") power};  power = atom ["^" atom]
/// atom = number | "(" expression ")" | "|" expression "|" | "⌊" expression "⌋" | function "(" expression {", " expression} ")"
class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::optional<float> whole() {
    const float value = expression();
    return ok_ && rest_.empty() ? std::optional(value) : std::nullopt;
  }

 private:
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  void expect(std::string_view word) { ok_ = take(word) && ok_; }

  float expression() {
    const bool negative = take(kMinus);
    float sum = product(negative);
    for (;;) {
      if (take(" + "))
        sum = sum + product(false);
      else if (take(" \u2212 "))
        sum = sum - product(false);
      else
        return sum;
    }
  }

  float product(bool negative) {
    float value = power();
    if (negative) value = -value;
    for (;;) {
      if (take(" · "))
        value = value * power();
      else if (take(" / "))
        value = value / power();
      else
        return value;
    }
  }

  float power() {
    const float base = atom();
    return take("^") ? math::pow(base, atom()) : base;
  }

  float atom() {
    if (!ok_) return 0.0f;
    if (take("(")) return closed(")");
    if (take("|")) return math::abs(closed("|"));
    if (take("⌊")) return math::floor(closed("⌋"));
    if (take("√(")) return math::sqrt(closed(")"));
    if (take("exp(")) return math::exp(closed(")"));
    if (take("ln(")) return math::log(closed(")"));
    if (take("log1p(")) return math::log1p(closed(")"));
    if (take("arctan(")) return math::atan(closed(")"));
    if (take("tanh(")) return math::tanh(closed(")"));
    if (take("σ(")) return math::logistic(closed(")"));
    if (take("softplus(")) return math::softplus(closed(")"));
    if (take("sin(")) return math::sin(closed(")"));
    if (take("cos(")) return math::cos(closed(")"));
    if (take("max(")) return largest();
    return number();
  }

  float closed(std::string_view bracket) {
    const float value = expression();
    expect(bracket);
    return value;
  }

  float largest() {
    float value = expression();
    while (take(", ")) {
      const float next = expression();
      value = next > value ? next : value;
    }
    expect(")");
    return value;
  }

  float number() {
    if (take("NaN")) return std::numeric_limits<float>::quiet_NaN();
    if (take("∞")) return std::numeric_limits<float>::infinity();
    std::string digits;
    const auto take_digits = [&] {
      while (!rest_.empty() && ((rest_[0] >= '0' && rest_[0] <= '9') || rest_[0] == '.')) {
        digits += rest_[0];
        rest_.remove_prefix(1);
      }
    };
    take_digits();
    ok_ = ok_ && !digits.empty();
    if (take("e")) {
      digits += take(kMinus) ? "e-" : "e";
      take_digits();
    }
    return std::strtof(digits.c_str(), nullptr);
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

std::optional<float> evaluate_text(std::string_view text) { return Parser(text).whole(); }

}  // namespace chainrule::test
