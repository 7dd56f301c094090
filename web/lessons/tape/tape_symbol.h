// TapeSymbol: what a number of the tape is called, as the decks write it: x₁, w₅, net_h1, ∂E/∂w₅, w₅′.
#pragma once

#include <string>

#include "web/lessons/tape/net_model.h"

namespace chainrule {

struct TapeSymbol {
  struct Letter {
    std::string base, sub, sup;
    bool operator==(const Letter&) const = default;
  };
  Letter letter;
  Letter under;  // with a base: the symbol is ∂letter/∂under
  bool is_derivative() const { return !under.base.empty(); }
  /// In one line, to be read: "∂E/∂w5", "net_h1", "w5′".
  std::string text() const;
};

/// `numbered`: weights are counted through, w₁ to w₆, as deck 003 does; else they have the numbers of the units that they
/// connect, to and from, as deck 000 has them, and the layer's where there are several.
TapeSymbol tape_symbol(const NetModel& model, TensorId tensor, std::int64_t index, bool numbered);

/// What a unit is called: "h1", "o1", and "h2,1" for the first unit of the second of several hidden layers.
std::string unit_name(const NetSpec& spec, int layer, std::int64_t unit);

/// In words, what kind of number it is: "weighted sum", "output of the unit", "gradient of a weight".
std::string tape_kind(const NetModel& model, TensorId tensor);

}  // namespace chainrule
