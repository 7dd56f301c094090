// Derivations as text.
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "engine/base/check.h"
#include "engine/base/text.h"
#include "engine/trace/derivation.h"
#include "engine/trace/tape_reading.h"

namespace chainrule {
namespace {

constexpr std::string_view kMinus = "\u2212";

/// How tightly a piece of text holds together; a looser piece inside a tighter place needs parentheses.
enum class Level : std::uint8_t { kSum, kProduct, kWhole };

struct Operator {
  Level level = Level::kWhole;
  std::string_view text;
};

Operator operator_of(NodeKind kind) {
  switch (kind) {
    case NodeKind::kAdd: return {Level::kSum, " + "};
    case NodeKind::kSubtract: return {Level::kSum, " \u2212 "};
    case NodeKind::kMultiply: return {Level::kProduct, " · "};
    case NodeKind::kDivide: return {Level::kProduct, " / "};
    default: return {};
  }
}

struct Brackets {
  std::string_view open, close;
};

Brackets brackets_of(NodeKind kind) {
  switch (kind) {
    case NodeKind::kMax: return {"max(", ")"};
    case NodeKind::kSqrt: return {"√(", ")"};
    case NodeKind::kExp: return {"exp(", ")"};
    case NodeKind::kLog: return {"ln(", ")"};
    // Not ln(1 + x), which in float32 is another number.
    case NodeKind::kLog1p: return {"log1p(", ")"};
    case NodeKind::kTanh: return {"tanh(", ")"};
    case NodeKind::kAtan: return {"arctan(", ")"};
    case NodeKind::kLogistic: return {"σ(", ")"};
    case NodeKind::kSoftplus: return {"softplus(", ")"};
    case NodeKind::kAbs: return {"|", "|"};
    case NodeKind::kFloor: return {"⌊", "⌋"};
    case NodeKind::kSin: return {"sin(", ")"};
    case NodeKind::kCos: return {"cos(", ")"};
    default: return {};
  }
}

/// Writes expressions as tokens. Chains of + and −, of · and /, and of max are walked, not recursed into: the depth of
/// the recursion is that of the parentheses.
class Writer {
 public:
  Writer(const Tape& tape, const std::vector<std::int32_t>& operand_of_node, int digits, std::size_t most_terms)
      : tape_(tape), operand_of_node_(operand_of_node), digits_(digits), most_terms_(most_terms) {}

  /// `leading`: at the beginning of its group, where a minus needs no parentheses.
  void write(std::int32_t number, Level place, bool leading) {
    number = plain(number);
    const Node& node = node_at(tape_, number);
    if (node.kind == NodeKind::kOperand || node.kind == NodeKind::kConstant) return write_number(number, node, leading);
    if (node.kind == NodeKind::kNegate) return write_negated(node, leading);
    if (node.kind == NodeKind::kPower) return write_power(node);
    const Operator sign = operator_of(node.kind);
    if (sign.level == Level::kWhole) return write_call(number, node);
    const bool enclosed = sign.level < place;
    if (enclosed) put("(");
    write_chain(number, sign.level, leading || enclosed);
    if (enclosed) put(")");
  }

  std::vector<Token> take() { return std::move(tokens_); }

 private:
  struct Item {
    std::int32_t node;
    std::string_view sign;
  };

  /// Past case distinctions and the initial 0 of a sum.
  std::int32_t plain(std::int32_t number) const {
    for (;;) {
      number = through_choices(tape_, number);
      const Node& node = node_at(tape_, number);
      if (node.kind != NodeKind::kAdd || !is_initial_zero(node_at(tape_, through_choices(tape_, node.a)))) return number;
      number = node.b;
    }
  }

  /// The left-nested chain that ends in `number`, as long as `continues`; the last item first.
  template <class Continues>
  std::vector<Item> chain(std::int32_t number, Continues continues) const {
    std::vector<Item> items;
    for (;; number = plain(node_at(tape_, number).a)) {
      const Node& node = node_at(tape_, number);
      if (!continues(node.kind)) break;
      items.push_back({node.b, operator_of(node.kind).text});
    }
    items.push_back({number, ""});
    return items;
  }

  /// Calls item(i) for i = count − 1 ... 0, the items in reading order, and gap() in place of those left out.
  template <class ItemWriter, class Gap>
  void abridged(std::size_t count, ItemWriter item, Gap gap) const {
    const std::size_t last = most_terms_ / 2 > 0 ? most_terms_ / 2 : 1;
    const std::size_t first = most_terms_ > 2 ? most_terms_ - last : 1;
    if (count <= most_terms_ || count <= first + last) {
      for (std::size_t i = count; i-- > 0;) item(i);
      return;
    }
    for (std::size_t i = count; i-- > count - first;) item(i);
    gap();
    for (std::size_t i = last; i-- > 0;) item(i);
  }

  void write_chain(std::int32_t number, Level level, bool leading) {
    const auto items = chain(number, [&](NodeKind kind) { return operator_of(kind).level == level; });
    const auto item = [&](std::size_t i) {
      put(items[i].sign);
      const bool first = i + 1 == items.size();
      const Level looser_than_place = level == Level::kSum ? Level::kProduct : Level::kWhole;
      write(items[i].node, first ? level : looser_than_place, first && leading);
    };
    if (level == Level::kSum) return abridged(items.size(), item, [&] { put(" + …"); });
    for (std::size_t i = items.size(); i-- > 0;) item(i);
  }

  void write_call(std::int32_t number, const Node& node) {
    const Brackets brackets = brackets_of(node.kind);
    put(brackets.open);
    if (node.kind == NodeKind::kMax) {
      const auto items = chain(number, [](NodeKind kind) { return kind == NodeKind::kMax; });
      const auto item = [&](std::size_t i) {
        if (i + 1 < items.size()) put(", ");
        write(items[i].node, Level::kSum, true);
      };
      abridged(items.size(), item, [&] { put(", …"); });
    } else {
      write(node.a, Level::kSum, true);
    }
    put(brackets.close);
  }

  /// A power as its own base or exponent needs parentheses, everything else that is no number has them already.
  void write_power(const Node& node) {
    for (const std::int32_t part : {node.a, node.b}) {
      const bool enclosed = node_at(tape_, plain(part)).kind == NodeKind::kPower;
      if (part == node.b) put("^");
      if (enclosed) put("(");
      write(part, Level::kWhole, enclosed);
      if (enclosed) put(")");
    }
  }

  void write_negated(const Node& node, bool leading) {
    if (!leading) put("(");
    put(kMinus);
    write(node.a, Level::kWhole, false);
    if (!leading) put(")");
  }

  void write_number(std::int32_t number, const Node& node, bool leading) {
    const std::int32_t operand = node.kind == NodeKind::kOperand ? operand_of_node_[static_cast<std::size_t>(number)] : -1;
    const std::string text = number_text(node.value, node.kind == NodeKind::kOperand ? digits_ : 0);
    const bool enclosed = !leading && text.starts_with(kMinus);
    if (enclosed) put("(");
    put(text, operand);
    if (enclosed) put(")");
  }

  /// Neighbouring tokens that are no operands become one.
  void put(std::string_view text, std::int32_t operand = -1) {
    if (text.empty()) return;
    if (operand < 0 && !tokens_.empty() && tokens_.back().operand < 0)
      tokens_.back().text += text;
    else
      tokens_.push_back({std::string(text), operand});
  }

  const Tape& tape_;
  const std::vector<std::int32_t>& operand_of_node_;
  int digits_;
  std::size_t most_terms_;
  std::vector<Token> tokens_;
};

}  // namespace

namespace {

/// Counts are written in full, whatever the digits: 2293000, not 2.293e6.
bool is_count(float value) { return std::abs(value) < 1e9f && value == std::floor(value); }

}  // namespace

std::string number_text(float value, int digits) {
  CHECK(digits >= 0, digits, " digits");
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0.0f ? "∞" : std::string(kMinus) + "∞";
  const bool count = is_count(value) && (value != 0.0f || !std::signbit(value));
  const std::string plain = count ? std::to_string(static_cast<long long>(value)) : digits == 0 ? shortest_text(value) : significant_text(value, digits);
  std::string text;
  for (std::size_t at = 0; at < plain.size(); ++at) {
    if (plain[at] == '-')
      text += kMinus;
    else if (plain[at] != '+')
      text += plain[at];
    // Exponents without padding: 1e-07, 1e+20 are 1e−7, 1e20.
    const bool in_exponent = at > 0 && (plain[at] == '-' || plain[at] == '+');
    while (in_exponent && at + 2 < plain.size() && plain[at + 1] == '0') ++at;
  }
  return text;
}

float shown_value(float value, int digits) {
  if (!std::isfinite(value) || is_count(value)) return value;
  std::array<char, 48> text{};
  // What significant_text writes, without its allocations.
  *std::to_chars(text.data(), text.data() + text.size() - 1, value, std::chars_format::scientific, digits - 1).ptr = '\0';
  return std::strtof(text.data(), nullptr);
}

std::vector<Token> Derivation::substituted(int digits, std::size_t most_terms) const {
  if (empty()) return {};
  Writer writer(tape_, operand_of_node_, digits, most_terms);
  writer.write(tape_.root, Level::kSum, true);
  return writer.take();
}

std::vector<Token> Derivation::substituted_node(std::int32_t node, int digits) const {
  Writer writer(tape_, operand_of_node_, digits, static_cast<std::size_t>(-1));
  writer.write(node, Level::kSum, true);
  return writer.take();
}

}  // namespace chainrule
