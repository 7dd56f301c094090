#include "web/lessons/unit_probe.h"

#include <algorithm>

#include "engine/nn/initialize.h"
#include "engine/train/weights_file.h"

namespace chainrule {
namespace {

constexpr UnitLayer kLenetLayers[] = {{"conv1", "conv1.out", "conv1.net"}, {"pool1", "pool1", "pool1"}, {"conv2", "conv2.out", "conv2.net"},
                                      {"pool2", "pool2", "pool2"},         {"fc1", "fc1.out", "fc1.net"}, {"fc2", "fc2.net", "fc2.net"}};
constexpr UnitLayer kMlpLayers[] = {{"fc1", "fc1.out", "fc1.net"}, {"fc2", "fc2.net", "fc2.net"}};
constexpr UnitLayer kLinearLayers[] = {{"fc1", "fc1.net", "fc1.net"}};
constexpr int kSide = 28;

}  // namespace

std::span<const UnitLayer> unit_layers(DigitModel model) {
  switch (model) {
    case DigitModel::kLenet: return kLenetLayers;
    case DigitModel::kMlp: return kMlpLayers;
    case DigitModel::kLinear: break;
  }
  return kLinearLayers;
}

ArchitectureSpec architecture_of(DigitModel model) {
  if (model == DigitModel::kLenet) return known_architecture(KnownArchitecture::kLenet);
  ArchitectureSpec spec;
  const auto dense = [&](const char* name, int units) {
    LayerSpec layer;
    layer.kind = LayerKind::kDense;
    layer.name = name;
    layer.maps = units;
    spec.layers.push_back(std::move(layer));
  };
  dense("fc1", model == DigitModel::kMlp ? 128 : 10);
  if (model == DigitModel::kMlp) dense("fc2", 10);
  return spec;
}

Result<std::vector<float>> parameters_of(const DigitModelOptions& model, const Blob& file) {
  return read_weights(build_digit_model(model).graph.program(), *file.bytes, file.name);
}

std::vector<float> initial_parameters(const DigitModelOptions& model, std::uint64_t seed) {
  const Program program = build_digit_model(model).graph.program();
  Buffers<float> buffers(program);
  initialize(program, buffers, seed);
  std::vector<float> values;
  for (const TensorId id : program.of_kind(TensorKind::kParameter)) values.insert(values.end(), buffers[id].begin(), buffers[id].end());
  return values;
}

UnitProbe::UnitProbe(DigitModelOptions model, std::string_view values, std::span<const float> parameters) {
  model.batch = 1;
  DigitClassifier built = build_digit_model(model);
  Graph& graph = built.graph;
  x_ = built.x;
  labels_ = built.labels;
  logits_ = built.logits;
  probabilities_ = built.head.probabilities;
  parameters_ = graph.program().of_kind(TensorKind::kParameter);
  if (values.empty()) {
    program_ = graph.program();
  } else {
    values_ = graph.program().find(values);
    CHECK(values_ != kNoTensor, "the network has no ", values);
    // The unit is a sum in which only it counts, so that backpropagation begins there.
    pick_ = graph.input("pick", graph.shape(values_));
    const TensorId picked = graph.apply(OpKind::kMultiply, {}, {values_, pick_}, "picked");
    const TensorId unit = graph.apply(OpKind::kSum, {}, {picked}, "unit");
    // The picture is what the gradient is of; that of the weights is not asked for.
    for (const TensorId id : parameters_) graph.set_kind(id, TensorKind::kInput);
    graph.set_kind(x_, TensorKind::kParameter);
    program_ = graph.program();
    append_backward(program_, unit);
    gradient_ = program_.gradient_of[static_cast<std::size_t>(x_)];
  }
  for (const OpCall& call : program_.calls) work_ += Program::work_of(call);
  backend_ = std::make_unique<CpuBackend>(program_);
  set_parameters(parameters);
}

void UnitProbe::set_parameters(std::span<const float> parameters) {
  for (const TensorId id : parameters_) {
    const auto size = static_cast<std::size_t>(program_.info(id).shape.size());
    CHECK(parameters.size() >= size, "parameters of another network");
    backend_->upload(id, parameters.first(size));
    parameters = parameters.subspan(size);
  }
  CHECK(parameters.empty(), "parameters of another network");
}

void UnitProbe::run(std::span<const float> pixels, std::int64_t unit, int label) {
  backend_->upload(x_, pixels);
  if (values_ != kNoTensor) {
    const std::int64_t size = program_.info(values_).shape.size();
    unit_ = std::clamp<std::int64_t>(unit, 0, size - 1);
    std::vector<float> pick(static_cast<std::size_t>(size));
    pick[static_cast<std::size_t>(unit_)] = 1.0f;
    backend_->upload(pick_, pick);
  }
  const auto run_all = [&](float target) {
    backend_->upload(labels_, std::span(&target, 1));
    for (std::size_t call = 0; call < program_.calls.size(); ++call) backend_->enqueue(call);
  };
  run_all(static_cast<float>(std::max(label, 0)));
  if (label >= 0) return;
  const std::span<const float> p = buffers()[probabilities_];
  run_all(static_cast<float>(std::ranges::max_element(p) - p.begin()));
}

bool UnitProbe::is_parameter(TensorId id) const { return std::ranges::find(parameters_, id) != parameters_.end(); }

bool UnitProbe::is_blind() const {
  return gradient_ != kNoTensor && std::ranges::all_of(buffers()[gradient_], [](float slope) { return slope == 0.0f; });
}

std::int64_t unit_index(const Shape& shape, int map, int row, int column) {
  const auto within = [](int place, int size) { return std::int64_t{std::clamp(place, 0, size - 1)}; };
  const std::int64_t unit = within(map, shape[1]);
  return shape.rank() == 2 ? unit : (unit * shape[2] + within(row, shape[2])) * shape[3] + within(column, shape[3]);
}

void append_tensors(std::vector<TensorSummary>& list, const UnitProbe& probe, std::string_view prefix) {
  for (const TensorInfo& info : probe.program().tensors) {
    const bool given = info.producer < 0;
    if (info.kind != TensorKind::kConstant)
      list.push_back({std::string(prefix) + info.name, info.shape, std::string(kind_name(given ? TensorKind::kInput : info.kind))});
  }
}

std::string probe_leaf_text(const UnitProbe& probe, const ElementRef& element, TensorId id, const std::string& weights, const std::string& picture) {
  const TensorInfo& info = probe.program().info(id);
  if (probe.is_parameter(id)) return weights;
  if (info.kind == TensorKind::kConstant) return "1: where backpropagation begins";
  if (info.name == "pick") return "1 for the unit that is looked at, 0 for all others";
  if (info.name == "label") return "the class that the loss asks for";
  return "pixel of " + picture + ", row " + std::to_string(element.index / kSide) + ", column " + std::to_string(element.index % kSide) + ": its byte / 255";
}

}  // namespace chainrule
