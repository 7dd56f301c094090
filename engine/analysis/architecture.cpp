#include "engine/analysis/architecture.h"

#include <algorithm>

#include "engine/base/text.h"

namespace chainrule {
namespace {

std::int64_t product(std::initializer_list<std::int64_t> factors) {
  std::int64_t result = 1;
  for (const std::int64_t factor : factors) result *= factor;
  return result;
}

/// The rule in whole numbers: what float32 is compared with.
std::int64_t exact_rule(LayerRule rule, std::span<const std::int64_t> v) {
  switch (rule) {
    case LayerRule::kOutput: return (v[0] + 2 * v[1] - v[2]) / v[3] + 1;
    case LayerRule::kPairs: return v[0] * v[1] / v[2];
    case LayerRule::kWeights: return v[0] * v[1] * v[1] + v[2];
    case LayerRule::kMacs: return product({v[0], v[1], v[1], v[2], v[2]});
    case LayerRule::kLinks: return product({v[0] * v[1] * v[1] + v[2], v[3], v[3]});
    case LayerRule::kField: return v[0] + (v[1] - 1) * v[2];
    case LayerRule::kJump: return v[0] * v[1];
    case LayerRule::kStart: return v[0] - v[1] * v[2];
    case LayerRule::kFirst: return v[0] + v[1] * v[2];
    case LayerRule::kLast: return v[0] + v[1] - 1;
    case LayerRule::kTotal: break;
  }
  std::int64_t sum = 0;
  for (const std::int64_t value : v) sum += value;
  return sum;
}

std::string to_text(int value) { return std::to_string(value); }

}  // namespace

LayerLimits limits_of(LayerField field) {
  switch (field) {
    case LayerField::kMaps: return {1, 8192};
    case LayerField::kKernel: return {1, 64};
    case LayerField::kStride: return {1, 16};
    case LayerField::kPadding: return {0, 32};
    case LayerField::kGroups: return {1, 64};
  }
  return {0, 0};
}

int& value_of(LayerSpec& layer, LayerField field) {
  switch (field) {
    case LayerField::kMaps: return layer.maps;
    case LayerField::kKernel: return layer.kernel;
    case LayerField::kStride: return layer.stride;
    case LayerField::kPadding: return layer.padding;
    case LayerField::kGroups: break;
  }
  return layer.groups;
}

bool has_field(const LayerSpec& layer, LayerField field) {
  if (field == LayerField::kMaps) return !layer.is_pool();
  if (field == LayerField::kGroups) return layer.kind == LayerKind::kConvolution && layer.table.empty();
  return layer.has_window();
}

std::string free_layer_name(const ArchitectureSpec& spec, LayerKind kind) {
  const std::string stem = kind == LayerKind::kConvolution ? "conv" : kind == LayerKind::kDense ? "fc" : "pool";
  for (int number = 1;; ++number) {
    const std::string name = stem + to_text(number);
    if (std::ranges::none_of(spec.layers, [&](const LayerSpec& layer) { return layer.name == name; })) return name;
  }
}

// ------------------------------------------------------------------------------------------------------------- program

Architecture::Architecture(ArchitectureSpec spec) : spec_(std::move(spec)), problems_(spec_.layers.size()) {
  CHECK(spec_.layers.size() <= ArchitectureSpec::kMostLayers, spec_.layers.size(), " layers");
  side_ = input("input.side", spec_.side);
  maps_ = input("input.maps", spec_.maps);
  zero_ = input("zero", 0);
  one_ = input("one", 1);
  for (std::size_t i = 0; i < spec_.layers.size(); ++i) {
    const LayerTensors* below = layers_.empty() ? nullptr : &layers_.back();
    const auto side = exact(below != nullptr ? below->output : side_), maps = exact(below != nullptr ? below->maps : maps_);
    problems_[i] = problem_of(spec_.layers[i], static_cast<int>(side), static_cast<int>(maps));
    if (problems_[i].stops) break;
    add_layer(spec_.layers[i]);
  }
  add_totals();
  run();
}

TensorId Architecture::input(const std::string& name, int value) {
  TensorInfo info;
  info.name = name;
  info.shape = Shape{1};
  info.kind = name == "zero" || name == "one" ? TensorKind::kConstant : TensorKind::kInput;
  info.fill = static_cast<float>(value);
  exact_.push_back(value);
  return program_.add_tensor(std::move(info));
}

TensorId Architecture::rule(LayerRule rule, std::vector<TensorId> inputs, const std::string& name) {
  OpAttributes attributes;
  attributes.rule = rule;
  std::vector<std::int64_t> values;
  for (const TensorId id : inputs) values.push_back(exact(id));
  exact_.push_back(exact_rule(rule, values));
  return program_.add_call(OpKind::kLayerArithmetic, attributes, std::move(inputs), name, TensorKind::kActivation, Phase::kForward);
}

void Architecture::add_layer(const LayerSpec& layer) {
  const LayerTensors* below = layers_.empty() ? nullptr : &layers_.back();
  LayerTensors t;
  t.side_in = below != nullptr ? below->output : side_;
  t.maps_in = below != nullptr ? below->maps : maps_;
  const TensorId field = below != nullptr ? below->field : one_, jump = below != nullptr ? below->jump : one_;
  const TensorId start = below != nullptr ? below->start : zero_;
  t.maps = layer.is_pool() ? t.maps_in : input(layer.name + ".maps", layer.maps);
  t.kernel = layer.has_window() ? input(layer.name + ".kernel", layer.kernel) : t.side_in;
  t.stride = layer.has_window() ? input(layer.name + ".stride", layer.stride) : one_;
  t.padding = layer.has_window() ? input(layer.name + ".padding", layer.padding) : zero_;
  t.output = rule(LayerRule::kOutput, {t.side_in, t.padding, t.kernel, t.stride}, layer.name + ".output");
  t.field = rule(LayerRule::kField, {field, t.kernel, jump}, layer.name + ".field");
  t.jump = rule(LayerRule::kJump, {jump, t.stride}, layer.name + ".jump");
  t.start = rule(LayerRule::kStart, {start, t.padding, jump}, layer.name + ".start");
  add_costs(layer, t);
  layers_.push_back(t);
}

void Architecture::add_costs(const LayerSpec& layer, LayerTensors& t) {
  if (layer.kind == LayerKind::kMaxPool) return;
  if (layer.kind == LayerKind::kSubsample) {
    t.pairs = t.maps;
    t.params = rule(LayerRule::kWeights, {t.maps, one_, t.maps}, layer.name + ".params");
    t.macs = rule(LayerRule::kMacs, {t.maps, one_, t.output}, layer.name + ".macs");
  } else {
    const auto cells = static_cast<std::size_t>(exact(t.maps) * exact(t.maps_in));
    if (layer.table.size() == cells) {
      TensorInfo info;
      info.name = layer.name + ".table";
      info.shape = Shape{static_cast<int>(exact(t.maps)), static_cast<int>(exact(t.maps_in))};
      info.kind = TensorKind::kInput;
      exact_.push_back(0);
      t.table = program_.add_tensor(std::move(info));
      exact_.push_back(static_cast<std::int64_t>(std::ranges::count(layer.table, 1.0f)));
      t.pairs = program_.add_call(OpKind::kSum, {}, {t.table}, layer.name + ".pairs", TensorKind::kActivation, Phase::kForward,
                                  "pairs = ones in the table");
    } else {
      t.groups = layer.kind == LayerKind::kDense ? one_ : input(layer.name + ".groups", layer.groups);
      t.pairs = rule(LayerRule::kPairs, {t.maps_in, t.maps, t.groups}, layer.name + ".pairs");
    }
    t.params = rule(LayerRule::kWeights, {t.pairs, t.kernel, t.maps}, layer.name + ".params");
    t.macs = rule(LayerRule::kMacs, {t.pairs, t.kernel, t.output}, layer.name + ".macs");
  }
  t.links = rule(LayerRule::kLinks, {t.pairs, t.kernel, t.maps, t.output}, layer.name + ".links");
}

void Architecture::add_totals() {
  std::vector<TensorId> params, macs, links;
  for (const LayerTensors& t : layers_) {
    if (t.params == kNoTensor) continue;
    params.push_back(t.params);
    macs.push_back(t.macs);
    links.push_back(t.links);
  }
  if (params.empty()) return;
  total_params_ = rule(LayerRule::kTotal, params, "total.params");
  total_macs_ = rule(LayerRule::kTotal, macs, "total.macs");
  total_links_ = rule(LayerRule::kTotal, links, "total.links");
}

void Architecture::look_at(int layer, int row, int column) {
  const LayerTensors t = layers_[static_cast<std::size_t>(layer)];
  const auto sight = [&](const std::string& name, int at) {
    Sight made;
    made.at = input(name + ".at", at);
    made.first = rule(LayerRule::kFirst, {t.start, made.at, t.jump}, name + ".first");
    made.last = rule(LayerRule::kLast, {made.first, t.field}, name + ".last");
    return made;
  };
  CHECK(rows_.at == kNoTensor, "one unit is looked at");
  rows_ = sight("unit.row", row);
  columns_ = sight("unit.column", column);
  run();
}

void Architecture::run() {
  buffers_ = Buffers<float>(program_);
  for (std::size_t i = 0; i < layers_.size(); ++i)
    if (layers_[i].table != kNoTensor) std::ranges::copy(spec_.layers[i].table, buffers_[layers_[i].table].begin());
  for (const OpCall& call : program_.calls) run_reference(call, buffers_);
}

// ------------------------------------------------------------------------------------------------------------- checks

LayerProblem Architecture::problem_of(const LayerSpec& layer, int side, int maps) const {
  if (layer.kind == LayerKind::kDense) return {};
  const int n = side + 2 * layer.padding, k = layer.kernel, s = layer.stride;
  const std::string padded = to_text(side) + (layer.padding > 0 ? " + 2 · " + to_text(layer.padding) : "");
  if (k > n)
    return {"A window of " + to_text(k) + " does not fit into " + to_text(n) + " pixels.",
            "Kernel " + to_text(n) + ", or padding " + to_text((k - side + 1) / 2) + ", would.", true};
  if (layer.kind == LayerKind::kConvolution && layer.table.empty() && (maps % layer.groups != 0 || layer.maps % layer.groups != 0)) {
    int groups = layer.groups;
    while (maps % groups != 0 || layer.maps % groups != 0) --groups;
    return {to_text(layer.groups) + " groups do not divide " + to_text(maps) + " and " + to_text(layer.maps) + " maps.",
            to_text(groups) + (groups == 1 ? " group" : " groups") + " would.", true};
  }
  if (!layer.table.empty() && layer.table.size() != static_cast<std::size_t>(maps) * static_cast<std::size_t>(layer.maps))
    return {"The table of connections is for other numbers of maps than " + to_text(maps) + " and " + to_text(layer.maps) + ": all maps are connected.",
            "6 and 16 would fit.", false};
  if (const int rest = (n - k) % s; rest != 0)
    return {"(" + padded + " − " + to_text(k) + ") / " + to_text(s) + " + 1 = " + shortest_text(static_cast<double>(n - k) / s + 1) +
                " is no whole number: " + (rest == 1 ? "1 pixel" : to_text(rest) + " pixels") + " at the edge " + (rest == 1 ? "lies" : "lie") + " in no window.",
            "An input of " + to_text(side - rest) + " or " + to_text(side - rest + s) + " would come out even.", false};
  return {};
}

std::string count_text(const Architecture& architecture, TensorId id) {
  if (architecture.is_exact(id)) return grouped_text(architecture.exact(id));
  const double value = static_cast<double>(architecture.value(id));
  const std::string thousandths = fixed_text(value / 1e6, 3);
  const std::size_t point = thousandths.find('.');
  return "≈ " + grouped_text(static_cast<long long>(value / 1e6)) + thousandths.substr(point) + " million";
}

}  // namespace chainrule
