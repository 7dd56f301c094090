// Params: what a person can set in a lesson, as a typed, ranged table. The same table drives the widgets, the link and
// the tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace chainrule {

enum class ParamType { kInteger, kReal, kChoice, kSwitch };

/// One row of a lesson's table.
struct ParamSpec {
  std::string name;    // kebab-case; the key in links and in the script API
  std::string label;   // what people read
  std::string help;    // one sentence: what it does to the model or to the view
  ParamType type = ParamType::kReal;
  double minimum = 0.0, maximum = 1.0;
  double initial = 0.0;              // kChoice: index into choices; kSwitch: 0 or 1
  bool logarithmic = false;          // kReal: the slider moves in decades
  std::vector<std::string> choices = {};  // kChoice: names, as links and the API write them
  bool changes_model = true;         // false: changes only what is shown; never part of the state hash or of replay
  bool restarts = false;             // takes effect at step 0: setting it starts over
};

/// A value of a param: a number, for kChoice the index of the choice, for kSwitch 0 or 1.
/// Texts: a choice by name, a switch as "on" or "off", numbers as their shortest text.
std::string param_text(const ParamSpec& spec, double value);
/// Errors: a sentence that names the param, the text and what is allowed. Out of range is an error here; links clamp.
Result<double> parse_param(const ParamSpec& spec, std::string_view text);
/// What the spec allows, to end a sentence with: "a number from 0 to 1", "one of sgd, adam", "on or off".
std::string allowed_text(const ParamSpec& spec);
/// The nearest value that the spec allows; the initial one for NaN. A limit's nearest float is allowed as well.
double clamp_param(const ParamSpec& spec, double value);

}  // namespace chainrule
