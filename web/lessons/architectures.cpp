#include "web/lessons/architectures/architectures.h"

#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "web/lesson_kit/snapshot_bytes.h"

namespace chainrule {
namespace {

constexpr int kLayerNumbers = 6;  // of a layer in a snapshot, before its name and table

std::vector<ParamSpec> make_params() {
  ParamTable table;
  table.choice("network", "Network", "The table to begin with. Starts over.", kKnownArchitectureNames, static_cast<double>(KnownArchitecture::kLenet))
      .restarts = true;
  std::vector<ParamSpec> model = table.take();
  table.choice("count", "Work", "Multiply-adds, or connections with biases counted, as LeNet-5's paper does.", {"multiply-adds", "connections"}, 0);
  table.toggle("slide", "What the slide says", "Where the slide's numbers do not chain, and what would.", true);
  table.number("layer", "Layer", "Whose unit is under the microscope.", ParamType::kInteger, 1, ArchitectureSpec::kMostLayers, 3);
  table.number("row", "Unit's row", "In its map, from 0.", ParamType::kInteger, 0, 1023, 3);
  table.number("column", "Unit's column", "In its map, from 0.", ParamType::kInteger, 0, 1023, 4);
  table.toggle("effective", "Effective field", "What of a digit the unit of the trained LeNet really depends on.", false);
  table.toggle("before-activation", "Before the activation", "The effective field of the weighted sum, which no ReLU can switch off.", false);
  table.number("map", "Unit's map", "Which of the layer's maps, from 0, for the effective field.", ParamType::kInteger, 0, 499, 0);
  table.number("digit", "Digit number", "Which test digit, for the effective field.", ParamType::kInteger, 0, 9999, 0);
  for (ParamSpec& spec : table.take()) model.emplace_back(std::move(spec)).changes_model = false;
  return model;
}

}  // namespace

Architectures::Architectures(std::shared_ptr<DigitLibrary> library)
    : info_{.slug = "architectures",
            .title = "Architectures",
            .summary = "LeNet and AlexNet as tables: sizes, parameters, work and receptive fields, line by line.",
            .topic = "Convolutional networks",
            .decks = "000, 001, 002",
            .is_read = true,
            .is_random = false},
      params_(make_params()),
      library_(std::move(library)) {}

// ------------------------------------------------------------------------------------------------------- data, actions

std::string Architectures::wanted_asset() const {
  if (!params_.on("effective") || known() != KnownArchitecture::kLenet) return "";
  if (library_->weights(DigitModel::kLenet) == nullptr) return DigitLibrary::asset_of(DigitModel::kLenet);
  if (library_->digits(DigitData::kSubset) == nullptr) return DigitLibrary::asset_of(DigitData::kSubset);
  return "";
}

Status Architectures::receive(std::string_view asset, const std::vector<Blob>& files) {
  Status received = Error{std::string(asset) + " is not something that this lesson uses."};
  if (asset == DigitLibrary::asset_of(DigitModel::kLenet)) received = library_->receive_weights(DigitModel::kLenet, files);
  if (asset == DigitLibrary::asset_of(DigitData::kSubset)) received = library_->receive_digits(DigitData::kSubset, files);
  if (!received.ok()) asset_failed(asset);
  return received;
}

void Architectures::asset_failed(std::string_view) { params_.put("effective", 0); }

void Architectures::reset(std::uint64_t) {
  step_ = 0;
  take(known_architecture(known()));
}

void Architectures::take(ArchitectureSpec spec) {
  architecture_ = std::make_unique<Architecture>(std::move(spec));
  look();
}

void Architectures::look() {
  if (const std::optional<Unit> u = unit()) architecture_->look_at(u->layer, u->row, u->column);
}

std::optional<Architectures::Unit> Architectures::unit() const {
  const auto layers = architecture_->layers();
  if (layers.empty()) return std::nullopt;
  Unit unit;
  unit.layer = std::min(params_.whole("layer"), static_cast<int>(layers.size())) - 1;
  const int side = architecture_->whole(layers[static_cast<std::size_t>(unit.layer)].output);
  unit.row = std::min(params_.whole("row"), side - 1);
  unit.column = std::min(params_.whole("column"), side - 1);
  return unit;
}

Status Architectures::apply(const Action& action) {
  if (action.kind == Action::Kind::kEdit) return edit(action);
  if (action.kind == Action::Kind::kCommand) return command(action);
  const Result<const ParamSpec*> row = params_.row_of(action);
  if (!row.ok()) return row.error();
  if (action.name == "effective" && action.number != 0 && known() != KnownArchitecture::kLenet)
    return Error{"Trained weights come with deck 002's LeNet only; choose it as the network first."};
  params_.put(action.name, action.number);
  if (architecture_ == nullptr) return Done{};
  if (row.value()->restarts) {
    reset(0);
  } else if (action.name == "layer" || action.name == "row" || action.name == "column") {
    take(architecture_->spec());
  }
  return Done{};
}

Status Architectures::edit(const Action& action) {
  if (action.data.size() != 1 || !std::isfinite(action.data[0]) || action.data[0] != std::floor(action.data[0]))
    return Error{"What is set in the table is a whole number."};
  ArchitectureSpec spec = architecture_->spec();
  const auto number = static_cast<double>(action.data[0]);
  const auto set = [&](int& value, LayerLimits limits) -> Status {
    if (number < limits.low || number > limits.high)
      return Error{action.name + " is from " + std::to_string(limits.low) + " to " + std::to_string(limits.high) + ", not " + shortest_text(number) + "."};
    value = static_cast<int>(number);
    take(std::move(spec));
    return Done{};
  };
  if (action.name == "input.side") return set(spec.side, kSideLimits);
  if (action.name == "input.maps") return set(spec.maps, kInputMapsLimits);
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    LayerSpec& layer = spec.layers[i];
    if (action.name == layer.name + ".table") return edit_table(std::move(spec), i, action);
    for (std::size_t f = 0; f < std::size(kLayerFieldNames); ++f) {
      const auto field = static_cast<LayerField>(f);
      if (action.name == layer.name + "." + std::string(kLayerFieldNames[f]) && has_field(layer, field))
        return set(value_of(layer, field), limits_of(field));
    }
  }
  return Error{"\"" + action.name + "\" cannot be set: it is computed, or not in the table."};
}

Status Architectures::edit_table(ArchitectureSpec spec, std::size_t layer, const Action& action) {
  std::vector<float>& table = spec.layers[layer].table;
  if (action.number < 0 || action.number >= static_cast<double>(table.size()))
    return Error{action.name + " has " + std::to_string(table.size()) + " cells; there is none at " + shortest_text(action.number) + "."};
  if (action.data[0] != 0.0f && action.data[0] != 1.0f) return Error{"A cell of the table is 1, connected, or 0."};
  table[static_cast<std::size_t>(action.number)] = action.data[0];
  take(std::move(spec));
  return Done{};
}

Status Architectures::command(const Action& action) {
  ArchitectureSpec spec = architecture_->spec();
  const auto layers = static_cast<double>(spec.layers.size());
  const bool insert = action.name == architecture_command::kInsert;
  if (!insert && action.name != architecture_command::kRemove) return Error{"This lesson does not know the command \"" + action.name + "\"."};
  if (!(action.number >= 0) || action.number > layers || action.number != std::floor(action.number) || (!insert && action.number == layers))
    return Error{"The table has " + std::to_string(spec.layers.size()) + " layers; there is no place " + shortest_text(action.number) + "."};
  const auto place = spec.layers.begin() + static_cast<std::ptrdiff_t>(action.number);
  if (!insert) {
    spec.layers.erase(place);
  } else {
    const auto found = std::ranges::find(kLayerKindNames, action.text);
    if (found == std::end(kLayerKindNames)) return Error{"There is no kind of layer \"" + action.text + "\"."};
    if (spec.layers.size() == ArchitectureSpec::kMostLayers) return Error{"A table has at most " + std::to_string(ArchitectureSpec::kMostLayers) + " layers."};
    LayerSpec layer;
    layer.kind = static_cast<LayerKind>(found - kLayerKindNames);
    layer.name = free_layer_name(spec, layer.kind);
    layer.maps = layer.kind == LayerKind::kDense ? 10 : 16;
    layer.kernel = layer.is_pool() ? 2 : 3;
    layer.stride = layer.is_pool() ? 2 : 1;
    layer.padding = layer.kind == LayerKind::kConvolution ? 1 : 0;
    spec.layers.insert(place, std::move(layer));
  }
  take(std::move(spec));
  return Done{};
}

bool Architectures::advance(std::int64_t) {
  ++step_;
  return true;
}

int Architectures::present() const {
  const auto layers = static_cast<std::int64_t>(architecture_->layers().size());
  return step_ == 0 || layers == 0 ? -1 : static_cast<int>((step_ - 1) % layers);
}

// --------------------------------------------------------------------------------------------------------------- state

std::vector<Metric> Architectures::metrics() const {
  const auto exact = [&](TensorId id) { return id == kNoTensor ? 0.0 : static_cast<double>(architecture_->exact(id)); };
  return {{"layers", static_cast<double>(architecture_->layers().size())},
          {"parameters", exact(architecture_->total_params())},
          {"multiply_adds", exact(architecture_->total_macs())},
          {"connections", exact(architecture_->total_links())}};
}

std::uint64_t Architectures::state_hash() const {
  Hasher hasher;
  for (const std::uint8_t byte : save()) hasher.add(static_cast<std::uint64_t>(byte));
  return hasher.value();
}

// A snapshot: step, the model's params, the picture, then the layers: numbers, name, table.
Snapshot Architectures::save() const {
  SnapshotWriter writer;
  writer.add(step_);
  writer.add(params_["network"]);
  const ArchitectureSpec& spec = architecture_->spec();
  for (const std::size_t value : {static_cast<std::size_t>(spec.side), static_cast<std::size_t>(spec.maps), spec.layers.size()})
    writer.add(static_cast<std::int32_t>(value));
  for (const LayerSpec& layer : spec.layers) {
    const std::int32_t numbers[kLayerNumbers] = {static_cast<std::int32_t>(layer.kind), layer.maps, layer.kernel, layer.stride, layer.padding, layer.groups};
    writer.add(std::span<const std::int32_t>(numbers));
    writer.add(static_cast<std::int32_t>(layer.name.size()));
    writer.add(std::span<const char>(layer.name));
    writer.add(static_cast<std::int32_t>(layer.table.size()));
    writer.add(std::span<const float>(layer.table));
  }
  return writer.take();
}

Architectures::Saved Architectures::read_saved(const Snapshot& snapshot) const {
  Saved saved;
  SnapshotReader reader(snapshot);
  saved.step = reader.get<std::int64_t>();
  saved.values.assign(params_.values().begin(), params_.values().end());
  saved.values[static_cast<std::size_t>(find_param(params(), "network") - params().data())] = reader.get<double>();
  saved.spec.side = reader.get<std::int32_t>();
  saved.spec.maps = reader.get<std::int32_t>();
  const auto layers = reader.get<std::int32_t>();
  if (layers < 0 || layers > ArchitectureSpec::kMostLayers) return saved;
  for (std::int32_t i = 0; i < layers; ++i) {
    const std::vector<std::int32_t> numbers = reader.list<std::int32_t>(kLayerNumbers);
    const std::vector<char> name = reader.list<char>(static_cast<std::size_t>(std::max(reader.get<std::int32_t>(), 0)));
    std::vector<float> table = reader.list<float>(static_cast<std::size_t>(std::max(reader.get<std::int32_t>(), 0)));
    if (!reader.ok()) return saved;
    saved.spec.layers.push_back({static_cast<LayerKind>(std::clamp(numbers[0], 0, 3)), std::string(name.begin(), name.end()), numbers[1],
                                 numbers[2], numbers[3], numbers[4], numbers[5], std::move(table)});
  }
  saved.ok = reader.complete();
  return saved;
}

void Architectures::restore(const Snapshot& snapshot) {
  Saved saved = read_saved(snapshot);
  CHECK(saved.ok, "a snapshot of another lesson");
  params_.restore(saved.values);
  step_ = saved.step;
  take(std::move(saved.spec));
}

Status Architectures::check(const Snapshot& snapshot) const {
  const Error foreign{"The saved state has " + std::to_string(snapshot.size()) + " bytes, which is not a state of this lesson."};
  const Saved saved = read_saved(snapshot);
  if (!saved.ok || saved.step < 0) return foreign;
  if (const Status values = params_.check(saved.values); !values.ok()) return values;
  const auto within = [](int value, LayerLimits limits) { return value >= limits.low && value <= limits.high; };
  bool fits = within(saved.spec.side, kSideLimits) && within(saved.spec.maps, kInputMapsLimits);
  for (std::size_t i = 0; i < saved.spec.layers.size(); ++i) {
    LayerSpec layer = saved.spec.layers[i];
    for (std::size_t f = 0; f < std::size(kLayerFieldNames); ++f)
      fits = fits && within(value_of(layer, static_cast<LayerField>(f)), limits_of(static_cast<LayerField>(f)));
    fits = fits && !layer.name.empty() && layer.name.size() < 16 && (layer.table.empty() || layer.table.size() == 96);
    for (std::size_t j = 0; j < i; ++j) fits = fits && saved.spec.layers[j].name != layer.name;
    fits = fits && std::ranges::all_of(layer.table, [](float cell) { return cell == 0.0f || cell == 1.0f; });
  }
  if (!fits) return foreign;
  return Done{};
}

std::unique_ptr<Lesson> make_architectures() { return std::make_unique<Architectures>(); }

}  // namespace chainrule
