// Text to Expression: by recursive descent, one function a line of the grammar in expression.h.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "engine/optim/expression.h"

namespace chainrule {
namespace {

using Kind = Expression::Kind;
using Step = Expression::Step;

constexpr std::string_view kOperand = "a number, x, y, a function or \"(\"";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// Bytes of the character that `text` begins with. Requires: not empty.
std::size_t character_size(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && size < 4 && (static_cast<unsigned char>(text[size]) & 0xC0u) == 0x80u) ++size;
  return size;
}

struct Spelling {
  std::string_view other, usual;
};
constexpr std::string_view kMinus = "\u2212";
constexpr Spelling kSpellings[] = {{kMinus, "-"}, {"\u00B7", "*"}, {"\u00D7", "*"}, {"**", "^"}, {"\u00B2", "^2"}, {"\u00B3", "^3"}, {"\u03C0", "pi"}};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Expression> read() {
    if (std::ranges::all_of(text_, [](char c) { return c == ' '; })) return Error{"The formula is empty; x^2 + 3*y^2 would do."};
    std::size_t characters = 0;
    for (std::string_view rest = text_; !rest.empty(); rest.remove_prefix(character_size(rest))) ++characters;
    if (characters > Expression::kMostCharacters)
      return Error{"The formula has " + std::to_string(characters) + " characters; up to " + std::to_string(Expression::kMostCharacters) + " are read."};
    const int f = sum();
    if (f >= 0 && !at_end()) unexpected(peek() == "," ? "a point, as in 0.5," : "an operator (+ - * / ^) or the end");
    if (!error_.empty()) return Error{error_};
    return std::move(expression_);
  }
  std::size_t error_column() const { return error_column_; }

 private:
  /// One level of nesting, as long as it lives.
  class Nested {
   public:
    explicit Nested(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > Expression::kMostDepth)
        parser_.fail("the formula is nested more than " + std::to_string(Expression::kMostDepth) + " deep here.");
    }
    ~Nested() { --parser_.depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;

   private:
    Parser& parser_;
  };

  // ------------------------------------------------------------------------------------------------------------- text
  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool at_end() {
    skip_spaces();
    return at_ >= text_.size();
  }
  /// The next sign as it is usually written, or "" at the end.
  std::string_view peek() {
    if (at_end()) return "";
    const std::string_view rest = text_.substr(at_);
    for (const Spelling& spelling : kSpellings)
      if (rest.starts_with(spelling.other)) return spelling.usual;
    return rest.substr(0, character_size(rest));
  }
  bool take(std::string_view sign) {
    if (!error_.empty() || peek() != sign) return false;
    const std::string_view rest = text_.substr(at_);
    std::size_t size = sign.size();
    for (const Spelling& spelling : kSpellings)
      if (rest.starts_with(spelling.other)) size = spelling.other.size();
    at_ += size;
    return true;
  }
  std::string_view take_name() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    return text_.substr(start, at_ - start);
  }

  // ----------------------------------------------------------------------------------------------------------- errors
  /// The first error counts.
  int fail(const std::string& what) { return fail_at(at_, what); }
  int fail_at(std::size_t at, const std::string& what) {
    if (!error_.empty()) return -1;
    error_column_ = 1;
    for (std::string_view before = text_.substr(0, at); !before.empty(); before.remove_prefix(character_size(before))) ++error_column_;
    error_ = "Column " + std::to_string(error_column_) + ": " + what;
    return -1;
  }
  int unexpected(std::string_view wanted) {
    if (at_end()) return fail("the formula ends here; " + std::string(wanted) + " would do.");
    const std::string_view rest = text_.substr(at_);
    std::string_view shown = rest.substr(0, character_size(rest));
    std::size_t letters = 0;
    while (letters < rest.size() && letters < 12 && (is_letter(rest[letters]) || is_digit(rest[letters]))) ++letters;
    if (letters > 1) shown = rest.substr(0, letters);
    const bool prints = static_cast<unsigned char>(shown[0]) > 0x20 && shown[0] != 0x7F && (static_cast<unsigned char>(shown[0]) < 0x80 || (shown.size() > 1 && static_cast<unsigned char>(shown[0]) >= 0xC2));
    return fail((prints ? "\"" + std::string(shown) + "\"" : std::string("a character that does not print")) + " stands here; " + std::string(wanted) + " would do.");
  }

  // ------------------------------------------------------------------------------------------------------------ steps
  int add(const Step& step) {
    if (!error_.empty()) return -1;
    std::vector<Step>& steps = expression_.steps;
    const auto same = std::ranges::find(steps, step);
    if (same != steps.end()) return static_cast<int>(same - steps.begin());
    steps.push_back(step);
    return static_cast<int>(steps.size()) - 1;
  }
  int add(Kind kind, int a, int b = -1) { return add({.kind = kind, .a = a, .b = b}); }
  int add_number(float value) { return add({.kind = Kind::kNumber, .value = value}); }

  int sum() {
    int left = product();
    while (error_.empty()) {
      if (take("+"))
        left = add(Kind::kAdd, left, product());
      else if (take("-"))
        left = add(Kind::kSubtract, left, product());
      else
        return left;
    }
    return -1;
  }

  int product() {
    int left = with_sign();
    while (error_.empty()) {
      if (take("*"))
        left = add(Kind::kMultiply, left, with_sign());
      else if (take("/"))
        left = add(Kind::kDivide, left, with_sign());
      else
        return left;
    }
    return -1;
  }

  int with_sign() {
    const Nested nested(*this);
    if (take("+")) return with_sign();
    if (!take("-")) return power();
    const int of = with_sign();
    return add(Kind::kNegate, of);
  }

  int power() {
    const int base = atom();
    if (peek() == "^2" || peek() == "^3") return raised(base);
    if (!take("^")) return base;
    return add(Kind::kPower, base, with_sign());
  }
  /// ² and ³.
  int raised(int base) {
    const float exponent = take("^2") ? 2.0f : take("^3") ? 3.0f : 0.0f;
    return add(Kind::kPower, base, add_number(exponent));
  }

  int atom() {
    if (!error_.empty()) return -1;
    if (take("(")) {
      const int inside = sum();
      if (error_.empty() && !take(")")) return unexpected("an operator or \")\"");
      return inside;
    }
    const std::string_view next = peek();
    if (next.empty()) return unexpected(kOperand);
    if (is_digit(next[0]) || next[0] == '.') return number();
    if (take("pi")) return add_number(3.14159265f);
    if (is_letter(next[0])) return name();
    return unexpected(kOperand);
  }

  int number() {
    const std::size_t start = at_;
    const auto digits = [&] {
      const std::size_t first = at_;
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
      return at_ - first;
    };
    std::size_t count = digits();
    if (at_ < text_.size() && text_[at_] == '.') ++at_, count += digits();
    if (count == 0) return fail_at(start, "\".\" stands here; a number, as in 0.5, would do.");
    // An exponent only where digits follow: in 2e the e is Euler's number, and an operator is missing.
    const std::size_t mantissa = at_;
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      const bool minus = text_.substr(at_).starts_with(kMinus);
      at_ += minus ? kMinus.size() : at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-') ? 1 : 0;
      if (digits() == 0) at_ = mantissa;
    }
    std::string plain(text_.substr(start, at_ - start));
    if (const std::size_t minus = plain.find(kMinus); minus != plain.npos) plain.replace(minus, kMinus.size(), "-");
    const float value = std::strtof(plain.c_str(), nullptr);
    if (!std::isfinite(value)) return fail_at(start, "this number is too large; up to 3.4e38 would do.");
    return add_number(value);
  }

  int name() {
    const std::size_t start = at_;
    const std::string_view word = take_name();
    if (word == "x") return add({.kind = Kind::kX});
    if (word == "y") return add({.kind = Kind::kY});
    if (word == "pi") return add_number(3.14159265f);
    if (word == "e") return add_number(2.71828183f);
    if (word == "tanh") return call(word, Kind::kTanh, 1);
    if (word == "pow") return call(word, Kind::kPower, 2);
    if (word == "min") return call(word, Kind::kMin, 2);
    if (word == "max") return call(word, Kind::kMax, 2);
    const std::string_view usual = word == "ln" ? "log" : word;
    const auto function = std::ranges::find(kFunctionNames, usual);
    if (function != kFunctionNames.end()) return call(word, Kind::kFunction, 1, static_cast<Function>(function - kFunctionNames.begin()));
    at_ = start;
    return unexpected("x, y, pi, e or one of sin cos tan exp log sqrt abs tanh pow min max");
  }

  int call(std::string_view word, Kind kind, int operands, Function function = Function::kExp) {
    if (!take("(")) return unexpected("\"(\" after " + std::string(word));
    const int a = sum();
    if (!error_.empty()) return -1;
    int b = -1;
    if (operands == 2) {
      if (!take(",")) return unexpected("\",\" and the second number of " + std::string(word));
      b = sum();
    }
    if (error_.empty() && !take(")")) return unexpected(peek() == "," ? "\")\" after the last number of " + std::string(word) : "an operator or \")\"");
    return add({.kind = kind, .function = function, .a = a, .b = b});
  }

  std::string_view text_;
  std::size_t at_ = 0, error_column_ = 0;
  int depth_ = 0;
  std::string error_;
  Expression expression_;
};

}  // namespace

Result<Expression> parse_expression(std::string_view text, std::size_t* column) {
  Parser parser(text);
  Result<Expression> read = parser.read();
  if (column != nullptr) *column = read.ok() ? 0 : parser.error_column();
  return read;
}

}  // namespace chainrule
