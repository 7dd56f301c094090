// Tape: how one number came to be, as the list of arithmetic steps that the kernel really took.
//
// A reference kernel run with a WindowRecorder computes with Traced numbers instead of floats: each +, -, *, /, max
// or function call appends one node that holds its operands and its float32 result. Re-evaluating the nodes in order
// gives the same bits, because it is the same arithmetic in the same order.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace chainrule {

enum class NodeKind : std::uint8_t {
  kOperand,   // an element of one of the op's inputs (or of an earlier output): slot, index
  kConstant,  // a literal of the formula
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kNegate,
  kMax,     // b > a ? b : a
  kChoose,  // the formula had a case distinction; a is the branch taken, b the number that decided
  kSqrt,
  kExp,
  kLog,
  kLog1p,
  kTanh,
  kAtan,
  kLogistic,
  kSoftplus,
  kAbs,
  kFloor,
  kSin,
  kCos,
  kPower,  // a^b
};

struct Node {
  NodeKind kind = NodeKind::kConstant;
  std::int16_t slot = -1;    // kOperand: which operand of the op call (inputs first, then outputs)
  std::int32_t a = -1;       // node numbers of the operands of this step
  std::int32_t b = -1;
  float value = 0.0f;        // the float32 result
  std::int64_t index = -1;   // kOperand: row-major offset in that tensor
};

/// Loop indices (sample, channel, row, ...) at which the nodes from `first_node` on were made; names are the op's term axes.
struct Mark {
  static constexpr int kAxes = 3;
  std::int32_t first_node = 0;
  std::array<std::int32_t, kAxes> position{};
};

struct Tape {
  std::vector<Node> nodes;
  std::vector<Mark> marks;
  std::int32_t root = -1;  // the node whose value is the explained number

  std::int32_t append(Node node) {
    nodes.push_back(node);
    return static_cast<std::int32_t>(nodes.size()) - 1;
  }
};

}  // namespace chainrule
