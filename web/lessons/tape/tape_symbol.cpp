#include "web/lessons/tape/tape_symbol.h"

#include <string_view>

namespace chainrule {
namespace {

using Letter = TapeSymbol::Letter;

std::string letter_text(const Letter& letter) {
  // Numbers follow their letter at once, names after a line: w5, net_h1.
  const bool digits = letter.sub.find_first_not_of("0123456789,") == std::string::npos;
  std::string sup = letter.sup;
  if (!sup.empty() && sup != "′") sup = "^" + sup;
  return letter.base + (letter.sub.empty() ? "" : (digits ? "" : "_") + letter.sub) + sup;
}

int layer_of(const NetSpec& spec, std::string_view layer_name) {
  for (int layer = 0; layer < spec.layers(); ++layer)
    if (spec.layer_name(layer) == layer_name) return layer;
  return -1;
}

std::string sample_mark(const NetSpec& spec, std::int64_t sample) {
  return spec.samples > 1 ? "(" + std::to_string(sample + 1) + ")" : "";
}

class Names {
 public:
  Names(const NetSpec& spec, bool numbered) : spec_(spec), numbered_(numbered) {}

  /// Of a value, not a gradient.
  Letter letter(std::string_view name, std::int64_t index) const {
    const std::size_t point = name.find('.');
    const std::string_view layer_name = name.substr(0, point), part = point == name.npos ? std::string_view() : name.substr(point + 1);
    if (name == "x") return {"x", std::to_string(index % spec_.inputs + 1), sample_mark(spec_, index / spec_.inputs)};
    if (name == "t" && spec_.loss == NetLoss::kCrossEntropy) return {"t", "", sample_mark(spec_, index)};
    if (name == "t") return {"t", std::to_string(index % outputs() + 1), sample_mark(spec_, index / outputs())};
    if (name == "lr") return {"η", "", ""};
    if (name == "E") return {"E", "", ""};
    if (name == "E.each") return {"E", "", "(" + std::to_string(index + 1) + ")"};
    if (name == "softmax.p") return {"p", std::to_string(index % outputs() + 1), sample_mark(spec_, index / outputs())};
    const int layer = layer_of(spec_, layer_name);
    if (layer < 0) return {std::string(name), std::to_string(index), ""};
    if (part == "w") return weight(layer, index);
    if (part == "b") return {"b", unit_name(spec_, layer, index), ""};
    const int units = spec_.units[static_cast<std::size_t>(layer)];
    return {part == "sum" ? "sum" : std::string(part), unit_name(spec_, layer, index % units), sample_mark(spec_, index / units)};
  }

 private:
  std::int64_t outputs() const { return spec_.units.back(); }

  Letter weight(int layer, std::int64_t index) const {
    if (numbered_) {
      std::int64_t number = index + 1;
      for (int before = 0; before < layer; ++before)
        number += static_cast<std::int64_t>(spec_.units[static_cast<std::size_t>(before)]) * spec_.inputs_of(before);
      return {"w", std::to_string(number), ""};
    }
    const std::int64_t inputs = spec_.inputs_of(layer);
    const std::string ends = std::to_string(index / inputs + 1) + "," + std::to_string(index % inputs + 1);
    return {"w", ends, spec_.layers() > 1 ? "[" + std::to_string(layer + 1) + "]" : ""};
  }

  const NetSpec& spec_;
  bool numbered_;
};

}  // namespace

std::string TapeSymbol::text() const {
  return is_derivative() ? "∂" + letter_text(letter) + "/∂" + letter_text(under) : letter_text(letter);
}

std::string unit_name(const NetSpec& spec, int layer, std::int64_t unit) {
  const std::string number = std::to_string(unit + 1);
  if (layer + 1 == spec.layers()) return "o" + number;
  return spec.layers() == 2 ? "h" + number : "h" + std::to_string(layer + 1) + "," + number;
}

TapeSymbol tape_symbol(const NetModel& model, TensorId tensor, std::int64_t index, bool numbered) {
  constexpr std::string_view kGradient = ".grad", kSlope = ".slope", kOne = ".one";
  const TensorInfo& info = model.program().info(tensor);
  const Names names(model.spec(), numbered);
  std::string_view name = info.name;
  if (name.ends_with(kOne)) return {{"1", "", ""}, {}};
  if (name.ends_with(kSlope)) {
    const std::string layer(name.substr(0, name.size() - kSlope.size()));
    return {names.letter(layer + ".out", index), names.letter(layer + ".net", index)};
  }
  // A gradient that arrives over several paths has numbers for them; see append_backward.
  const std::size_t gradient = name.find(kGradient);
  if (gradient != name.npos) return {{"E", "", ""}, names.letter(name.substr(0, gradient), index)};
  TapeSymbol symbol{names.letter(name, index), {}};
  if (info.before != kNoTensor) symbol.letter.sup += "′";
  return symbol;
}

std::string tape_kind(const NetModel& model, TensorId tensor) {
  const TensorInfo& info = model.program().info(tensor);
  const std::string_view name = info.name;
  if (info.before != kNoTensor) return name.ends_with(".b") ? "new bias" : "new weight";
  if (name.ends_with(".slope")) return "slope of the activation";
  if (name.ends_with(".w.grad")) return "gradient of a weight";
  if (name.ends_with(".b.grad")) return "gradient of a bias";
  if (name.ends_with(".out.grad")) return "gradient of a unit's output";
  if (name.ends_with(".net.grad")) return "gradient of a unit's net input";
  if (name.find(".grad") != name.npos) return "gradient of the error";
  if (name.ends_with(".sum")) return "weighted sum";
  if (name.ends_with(".net")) return "net input";
  if (name.ends_with(".out")) return "output of a unit";
  if (name.ends_with(".w")) return "weight";
  if (name.ends_with(".b")) return "bias";
  if (name == "softmax.p") return "probability";
  if (name == "x") return "input";
  if (name == "t") return "target";
  if (name == "lr") return "learning rate";
  return "error";
}

}  // namespace chainrule
