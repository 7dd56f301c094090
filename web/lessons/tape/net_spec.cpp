#include "web/lessons/tape/net_spec.h"

#include <algorithm>

#include "engine/base/check.h"

namespace chainrule {
namespace {

constexpr std::array kTruthTable = {0.0f, 0.0f, 0.0f, 1.0f, 1.0f, 0.0f, 1.0f, 1.0f};

NetExample logic(std::string_view name, std::vector<float> target, std::vector<int> units) {
  NetExample example{.name = name, .lr = 2.0f};
  example.spec.units = std::move(units);
  example.spec.samples = 4;
  example.x.assign(kTruthTable.begin(), kTruthTable.end());
  example.target = std::move(target);
  return example;
}

std::vector<NetExample> make_examples() {
  std::vector<NetExample> examples;
  examples.push_back({.name = "own", .lr = 0.5f, .x = {0.5f, -0.3f}, .target = {0.8f}});

  // Deck 003's worked example; see the numbers' list N1.
  NetExample worked{.name = "deck-003", .lr = 1.0f, .x = {0.05f, 0.10f}, .target = {0.10f}};
  worked.spec.biases = false;
  worked.weights = {{0.14f, 0.19f, 0.24f, 0.29f}, {0.35f, 0.40f}};
  examples.push_back(worked);

  // Deck 000 states its rules for units i and j of neighbouring layers: two of each make every sum visible.
  NetExample rules{.name = "deck-000", .lr = 0.5f, .x = {0.6f, -0.4f}, .target = {0.9f, 0.2f}};
  rules.spec.units = {2, 2};
  rules.spec.biases = false;
  rules.weights = {{0.5f, -0.3f, 0.2f, 0.7f}, {0.4f, -0.6f, 0.8f, 0.1f}};
  examples.push_back(rules);

  // Deck 004 composes three functions: f(W3 f(W2 f(W1 x))).
  NetExample chain{.name = "deck-004", .lr = 0.5f, .x = {0.5f, -0.2f}, .target = {0.7f}};
  chain.spec.units = {3, 3, 1};
  chain.spec.hidden = chain.spec.output = Activation::kTanh;
  chain.spec.biases = false;
  examples.push_back(chain);

  examples.push_back(logic("and", {0, 0, 0, 1}, {1}));
  examples.push_back(logic("or", {0, 1, 1, 1}, {1}));
  examples.push_back(logic("xor", {0, 1, 1, 0}, {2, 1}));

  NetExample two{.name = "two-weights", .lr = 1.0f, .x = {0.8f}, .target = {0.2f}};
  two.spec.inputs = 1;
  two.spec.units = {1, 1};
  two.spec.biases = false;
  two.weights = {{0.6f}, {0.9f}};
  examples.push_back(two);
  return examples;
}

}  // namespace

std::string NetSpec::layer_name(int layer) const {
  if (layer + 1 == layers()) return "o";
  return layers() == 2 ? "h" : "h" + std::to_string(layer + 1);
}

std::span<const NetExample> net_examples() {
  static const std::vector<NetExample> examples = make_examples();
  return examples;
}

int net_example(std::string_view name) {
  const std::span<const NetExample> all = net_examples();
  const auto found = std::ranges::find(all, name, &NetExample::name);
  CHECK(found != all.end(), "no example is named ", name);
  return static_cast<int>(found - all.begin());
}

}  // namespace chainrule
