#include "engine/trace/derivation.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <unordered_set>
#include <utility>

#include "engine/base/check.h"
#include "engine/math/functions.h"
#include "engine/trace/tape_reading.h"

namespace chainrule {
namespace {

/// Numbers distinct (slot, index) pairs 0, 1, 2, ... as they come: an open-addressing table, because a kernel gradient
/// has 36,864 of them and the user is waiting.
class OperandNumbers {
 public:
  explicit OperandNumbers(std::size_t at_most) : table_(std::bit_ceil(2 * at_most + 1), -1) {}

  /// The number of `ref` in `operands`, to which it is appended if it is new.
  std::int32_t number(OperandRef ref, std::vector<OperandRef>& operands) {
    const auto key = static_cast<std::uint64_t>(ref.index) * 16u + static_cast<std::uint64_t>(ref.slot);
    auto at = static_cast<std::size_t>((key * 0x9E3779B97F4A7C15ull) >> 20u);
    for (;; ++at) {
      std::int32_t& entry = table_[at & (table_.size() - 1)];
      if (entry < 0) {
        entry = static_cast<std::int32_t>(operands.size());
        operands.push_back(ref);
      } else if (operands[static_cast<std::size_t>(entry)] != ref) {
        continue;
      }
      return entry;
    }
  }

 private:
  std::vector<std::int32_t> table_;
};

/// One step of the tape again, with the functions that Traced used.
float step_value(const Node& node, float a, float b) {
  switch (node.kind) {
    case NodeKind::kOperand:
    case NodeKind::kConstant: return node.value;
    case NodeKind::kAdd: return a + b;
    case NodeKind::kSubtract: return a - b;
    case NodeKind::kMultiply: return a * b;
    case NodeKind::kDivide: return a / b;
    case NodeKind::kNegate: return -a;
    case NodeKind::kMax: return math::maximum(a, b);
    case NodeKind::kChoose: return a;
    case NodeKind::kSqrt: return math::sqrt(a);
    case NodeKind::kExp: return math::exp(a);
    case NodeKind::kLog: return math::log(a);
    case NodeKind::kLog1p: return math::log1p(a);
    case NodeKind::kTanh: return math::tanh(a);
    case NodeKind::kAtan: return math::atan(a);
    case NodeKind::kLogistic: return math::logistic(a);
    case NodeKind::kSoftplus: return math::softplus(a);
    case NodeKind::kAbs: return math::abs(a);
    case NodeKind::kFloor: return math::floor(a);
    case NodeKind::kSin: return math::sin(a);
    case NodeKind::kCos: return math::cos(a);
    case NodeKind::kPower: return math::pow(a, b);
  }
  return node.value;
}

/// Calls visit(number, node) for every node of the expression below `root`, each once, from left to right; what decided
/// a case is no part of the expression. Without recursion: a sum of 18,432 terms is 18,432 deep.
template <class Seen, class Visit>
void visit_below(const Tape& tape, std::int32_t root, Seen first_time, Visit visit) {
  std::vector<std::int32_t> open{root};
  while (!open.empty()) {
    const std::int32_t number = open.back();
    open.pop_back();
    if (!first_time(number)) continue;
    const Node& node = node_at(tape, number);
    visit(number, node);
    if (node.b >= 0 && node.kind != NodeKind::kChoose) open.push_back(node.b);
    if (node.a >= 0) open.push_back(node.a);
  }
}

/// The top of the chain of additions with the most terms among the nodes that `used` marks; -1 without additions.
std::int32_t longest_sum(const Tape& tape, const std::vector<std::uint8_t>& used) {
  std::vector<std::int32_t> terms(tape.nodes.size(), 0);
  std::int32_t longest = -1;
  for (std::int32_t number = 0; number <= tape.root; ++number) {
    const auto at = static_cast<std::size_t>(number);
    if (used[at] == 0 || tape.nodes[at].kind != NodeKind::kAdd) continue;
    const std::int32_t left = through_choices(tape, tape.nodes[at].a);
    const bool chained = node_at(tape, left).kind == NodeKind::kAdd;
    terms[at] = 1 + (chained ? terms[static_cast<std::size_t>(left)] : is_initial_zero(node_at(tape, left)) ? 0 : 1);
    if (longest < 0 || terms[at] >= terms[static_cast<std::size_t>(longest)]) longest = number;
  }
  return longest;
}

/// The loop indices at which `node` was made; zeros before the first mark.
std::array<std::int32_t, Mark::kAxes> position_of(const Tape& tape, std::int32_t node) {
  const auto next = std::ranges::upper_bound(tape.marks, node, {}, &Mark::first_node);
  return next == tape.marks.begin() ? decltype(Mark::position){} : std::prev(next)->position;
}

std::vector<Term> terms_of(const Tape& tape, std::int32_t sum) {
  std::vector<Term> terms;
  const auto add = [&](std::int32_t node, float running) {
    terms.push_back({node, position_of(tape, node), node_at(tape, node).value, running});
  };
  for (std::int32_t at = sum; at >= 0;) {
    const Node& node = node_at(tape, at);
    add(node.b, node.value);
    at = through_choices(tape, node.a);
    const Node& left = node_at(tape, at);
    if (left.kind == NodeKind::kAdd) continue;
    if (!is_initial_zero(left)) add(at, left.value);
    break;
  }
  std::ranges::reverse(terms);
  return terms;
}

}  // namespace

Derivation::Derivation(Tape tape, std::array<std::string_view, Mark::kAxes> axes) : tape_(std::move(tape)), axes_(axes) {
  if (empty()) return;
  CHECK(static_cast<std::size_t>(tape_.root) < tape_.nodes.size(), "root ", tape_.root, " of ", tape_.nodes.size(), " nodes");
  std::vector<std::uint8_t> used(tape_.nodes.size(), 0);
  const auto first_time = [&](std::int32_t number) { return std::exchange(used[static_cast<std::size_t>(number)], 1) == 0; };
  operand_of_node_.assign(tape_.nodes.size(), -1);
  OperandNumbers numbers(tape_.nodes.size());
  std::vector<std::int32_t> deciders;
  const auto note = [&](std::int32_t number, const Node& node) {
    if (node.kind == NodeKind::kChoose) deciders.push_back(node.b);
    if (node.kind != NodeKind::kOperand) return;
    const std::int32_t operand = numbers.number({node.slot, node.index}, operands_);
    if (operands_.size() > operand_values_.size()) operand_values_.push_back(node.value);
    operand_of_node_[static_cast<std::size_t>(number)] = operand;
  };
  visit_below(tape_, tape_.root, first_time, note);
  first_deciding_ = static_cast<std::int32_t>(operands_.size());
  for (std::size_t i = 0; i < deciders.size(); ++i) visit_below(tape_, deciders[i], first_time, note);
  sum_node_ = longest_sum(tape_, used);
  if (sum_node_ >= 0) terms_ = terms_of(tape_, sum_node_);
}

float Derivation::value() const {
  CHECK(!empty(), "an empty derivation has no value");
  return node_at(tape_, tape_.root).value;
}

float Derivation::evaluate() const { return evaluate_with(operand_values_); }

float Derivation::evaluate_with(std::span<const float> operand_values) const {
  CHECK(!empty(), "an empty derivation has no value");
  std::vector<float> values(static_cast<std::size_t>(tape_.root) + 1);
  for (std::size_t at = 0; at < values.size(); ++at) {
    const Node& node = tape_.nodes[at];
    const float a = node.a < 0 ? 0.0f : values[static_cast<std::size_t>(node.a)];
    const float b = node.b < 0 ? 0.0f : values[static_cast<std::size_t>(node.b)];
    const std::int32_t operand = operand_of_node_[at];
    values[at] = operand >= 0 ? operand_values[static_cast<std::size_t>(operand)] : step_value(node, a, b);
  }
  return values.back();
}

std::vector<std::int32_t> Derivation::operands_below(std::int32_t node) const {
  std::vector<std::int32_t> below;
  std::unordered_set<std::int32_t> nodes, operands;
  visit_below(
      tape_, node, [&](std::int32_t number) { return nodes.insert(number).second; },
      [&](std::int32_t number, const Node&) {
        const std::int32_t operand = operand_of_node_[static_cast<std::size_t>(number)];
        if (operand >= 0 && operands.insert(operand).second) below.push_back(operand);
      });
  return below;
}

float Derivation::factor_of(std::int32_t node, std::int32_t operand) const {
  const auto reads = [&](std::int32_t number) {
    const auto below = operands_below(number);
    return std::ranges::find(below, operand) != below.end();
  };
  float factor = 1.0f;
  for (std::int32_t at = node;;) {
    const Node& step = node_at(tape_, at);
    if (step.kind == NodeKind::kOperand && operand_of_node_[static_cast<std::size_t>(at)] == operand) return factor;
    if (step.kind == NodeKind::kChoose) {
      at = step.a;
    } else if (step.kind == NodeKind::kNegate) {
      factor = -factor;
      at = step.a;
    } else if (step.kind == NodeKind::kDivide && !reads(step.b)) {
      factor /= node_at(tape_, step.b).value;
      at = step.a;
    } else if (step.kind == NodeKind::kMultiply && reads(step.a) != reads(step.b)) {
      const bool left = reads(step.a);
      factor *= node_at(tape_, left ? step.b : step.a).value;
      at = left ? step.a : step.b;
    } else {
      return std::numeric_limits<float>::quiet_NaN();
    }
  }
}

bool Derivation::digits_suffice(int digits) const {
  if (digits <= 0 || digits >= static_cast<int>(suffice_.size()) || empty()) return true;  // such text is exact
  std::int8_t& known = suffice_[static_cast<std::size_t>(digits)];
  if (known == 0) {
    std::vector<float> shown = operand_values_;
    for (float& operand : shown) operand = shown_value(operand, digits);
    known = number_text(evaluate_with(shown), digits) == number_text(value(), digits) ? 1 : -1;
  }
  return known == 1;
}

}  // namespace chainrule
