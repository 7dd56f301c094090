// What the drawing of a network is told: units, weights, and the numbers at them, as plain data.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace chainrule {

/// Told apart by place (top to bottom in this order), label and colour.
enum class NumberRole : std::uint8_t {
  kGiven,     // inputs, targets, weights and biases: where the arithmetic starts
  kForward,   // net, out, the error
  kGradient,  // ∂E/∂…
  kUpdated,   // a weight after the step
};

struct NetworkValue {
  std::string label;        // "net", "out", "∂E/∂out"; may be empty at weights, whose symbol stands there
  std::string text;         // as shown: "0.5065"
  std::string full = {};    // all digits, for the tip; empty: `text`
  int id = -1;              // what a click returns; −1: nothing to explain
  NumberRole role = NumberRole::kForward;
  bool known = true;        // false: the tape has not come here yet; a sign of the same size stands for it
  bool lit = false;         // an operand of the present step
  bool present = false;     // the number that the present step has written
  bool settable = false;
  double value = std::numeric_limits<double>::quiet_NaN();  // where drags start, of settable ones
  std::string name = {};    // "net of h₁"; empty: made of label and symbol
};

/// A unit, an input, a target or the error.
struct NetworkNode {
  std::string symbol;                // "x₁", "h₁", "o₁", "t₁", "E", "1" for a bias input
  std::string name = {};             // read out: "hidden unit 1"; empty: the symbol
  std::vector<NetworkValue> values = {};
  float strength = 0.0f;             // from −1 to 1: the tint where the unit is a dot; 0: none
};

/// A weight: a line from a unit of one layer to a unit of the next. Layers and units count from 0.
struct NetworkEdge {
  int from_layer = 0, from_unit = 0, to_layer = 1, to_unit = 0;
  std::string symbol;                // "w₅"
  std::vector<NetworkValue> values = {};  // the weight; then its gradient; then the weight after the update, as many as there are
  float strength = 0.0f;             // from −1 (orange, thick) to 1 (blue, thick)
  bool lit = false;                  // the present step goes along it; so does one with a lit or present number
};

enum class NetworkDirection : std::uint8_t { kNone, kForward, kBackward };

struct NetworkData {
  std::vector<std::vector<NetworkNode>> layers;  // the inputs, hidden layers, the outputs; bias inputs last in theirs
  std::vector<NetworkEdge> edges;                // in the order that the cursor walks through at their target
  /// Drawn as one more layer to the right: the targets with the error below them. Index in places: layers.size().
  std::vector<NetworkNode> targets = {};
  std::vector<NetworkNode> errors = {};          // one: E; or each output's and their sum
  std::vector<std::string> layer_names = {};     // "inputs", "hidden layer 1", "outputs"; headings where there is room
  std::string sample = {};                       // "sample 2 of 4"; beside the caption
  NetworkDirection direction = NetworkDirection::kNone;  // of the present step: arrows along the lit lines
  std::uint64_t moment = 0;                      // of the present step: another one starts the arrows
  /// The widest number to be expected: cards are that wide before their numbers are known, so that nothing jumps.
  std::string widest = "−0.0000";
};

/// Where a number is: the `number`th of a unit, its own first, then those of the weights that lead to it in the order of
/// `edges`.
struct NetworkPlace {
  int layer = 0, unit = 0, number = 0;
  bool operator==(const NetworkPlace&) const = default;
};

/// Units of a layer; of the layer after the last one: targets, then errors.
int unit_count(const NetworkData& data, int layer);
int layer_count(const NetworkData& data);
const NetworkNode& node_at(const NetworkData& data, int layer, int unit);
/// Indices into `edges` of the weights that lead to a unit.
std::vector<int> edges_into(const NetworkData& data, int layer, int unit);
/// All numbers of a unit in the order of NetworkPlace; `edge` −1: its own.
struct NetworkSlot {
  int edge = -1, value = 0;
  bool operator==(const NetworkSlot&) const = default;
};
std::vector<NetworkSlot> slots_at(const NetworkData& data, int layer, int unit);
/// The number of a place, null where there is none (a unit without numbers).
const NetworkValue* value_at(const NetworkData& data, const NetworkPlace& place);
/// The nearest place that there is.
NetworkPlace clamped(const NetworkData& data, NetworkPlace place);
/// Where a key of the drawing leads; the same place where it leads nowhere.
NetworkPlace moved_place(const NetworkData& data, NetworkPlace place, std::string_view key);
/// "net of h₁", "gradient of w₅".
std::string value_name(const NetworkData& data, const NetworkPlace& place);
/// Read out: "hidden unit 1, out 0.5065; Enter opens where it comes from".
std::string place_text(const NetworkData& data, const NetworkPlace& place);
/// The whole network in words and numbers, a line for each unit: for those who do not see it.
std::string network_text(const NetworkData& data);

}  // namespace chainrule
