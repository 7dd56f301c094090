// Architecture: a network as a table of layers, and what follows from it line by line: sizes, parameters, multiply-adds,
// receptive fields. All of it is a program of op calls, so that every number explains itself.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph/buffers.h"

namespace chainrule {

enum class LayerKind : std::uint8_t {
  kConvolution,
  kMaxPool,
  kSubsample,  // LeNet-5's: mean of the window times a weight, plus a bias, one of each for a map
  kDense,
};
/// By LayerKind, for links.
inline constexpr std::string_view kLayerKindNames[] = {"conv", "pool", "subsample", "dense"};

struct LayerSpec {
  LayerKind kind = LayerKind::kConvolution;
  std::string name;  // unique: "conv1"; its numbers are conv1.kernel, conv1.params, ...
  int maps = 1;      // out; pools keep what comes in
  int kernel = 1, stride = 1, padding = 0, groups = 1;  // a dense layer's kernel is its whole input
  std::vector<float> table = {};  // [maps out, maps in], 1 where an output map reads an input map; empty: all do, by groups
  bool operator==(const LayerSpec&) const = default;

  bool is_pool() const { return kind == LayerKind::kMaxPool || kind == LayerKind::kSubsample; }
  bool has_window() const { return kind != LayerKind::kDense; }
};

struct ArchitectureSpec {
  static constexpr int kMostLayers = 16;
  int side = 28, maps = 1;  // of the picture
  std::vector<LayerSpec> layers;
  bool operator==(const ArchitectureSpec&) const = default;
};

/// What a person can set of a layer, and how far it goes.
enum class LayerField : std::uint8_t { kMaps, kKernel, kStride, kPadding, kGroups };
inline constexpr std::string_view kLayerFieldNames[] = {"maps", "kernel", "stride", "padding", "groups"};
struct LayerLimits {
  int low, high;
};
LayerLimits limits_of(LayerField field);
inline constexpr LayerLimits kSideLimits{1, 1024}, kInputMapsLimits{1, 64};
int& value_of(LayerSpec& layer, LayerField field);
bool has_field(const LayerSpec& layer, LayerField field);

/// What does not fit together in a layer, and what would.
struct LayerProblem {
  std::string why, offer;  // sentences; both empty: nothing
  bool stops = false;      // from this layer on nothing can be computed
};

/// Tensors of a layer's numbers; kNoTensor for what it does not have.
struct LayerTensors {
  TensorId maps_in = kNoTensor, side_in = kNoTensor;
  TensorId maps = kNoTensor, kernel = kNoTensor, stride = kNoTensor, padding = kNoTensor, groups = kNoTensor, table = kNoTensor;
  TensorId output = kNoTensor, pairs = kNoTensor, params = kNoTensor, macs = kNoTensor, links = kNoTensor;
  TensorId field = kNoTensor, jump = kNoTensor, start = kNoTensor;
};

/// The numbers of a table, computed.
class Architecture {
 public:
  explicit Architecture(ArchitectureSpec spec);

  const ArchitectureSpec& spec() const { return spec_; }
  const Program& program() const { return program_; }
  const Buffers<float>& buffers() const { return buffers_; }
  /// Of the layers before the first that stops.
  std::span<const LayerTensors> layers() const { return layers_; }
  /// One for each layer of the spec, those after a stop with nothing.
  std::span<const LayerProblem> problems() const { return problems_; }
  TensorId side() const { return side_; }
  TensorId maps() const { return maps_; }
  TensorId total_params() const { return total_params_; }
  TensorId total_macs() const { return total_macs_; }
  TensorId total_links() const { return total_links_; }
  float value(TensorId id) const { return buffers_[id][0]; }
  int whole(TensorId id) const { return static_cast<int>(value(id)); }
  /// What an element would be in exact arithmetic. Counts above 2^24 need not fit float32.
  std::int64_t exact(TensorId id) const { return exact_[static_cast<std::size_t>(id)]; }
  bool is_exact(TensorId id) const { return static_cast<std::int64_t>(buffers_[id][0]) == exact(id); }

  /// The unit of a layer under the microscope: which pixels it sees, rows and columns alike; negative and beyond the
  /// side: padding. Requires: a layer of layers(); its tensors are unit.<row|column>.<at|first|last>.
  void look_at(int layer, int row, int column);
  struct Sight {
    TensorId at = kNoTensor, first = kNoTensor, last = kNoTensor;
  };
  const Sight& rows() const { return rows_; }
  const Sight& columns() const { return columns_; }

 private:
  TensorId input(const std::string& name, int value);
  TensorId rule(LayerRule rule, std::vector<TensorId> inputs, const std::string& name);
  void add_layer(const LayerSpec& layer);
  void add_costs(const LayerSpec& layer, LayerTensors& t);
  void add_totals();
  void run();
  LayerProblem problem_of(const LayerSpec& layer, int side, int maps) const;

  ArchitectureSpec spec_;
  Program program_;
  Buffers<float> buffers_;
  std::vector<LayerTensors> layers_;
  std::vector<LayerProblem> problems_;
  std::vector<std::int64_t> exact_;
  std::vector<float> inputs_;  // by tensor, of those without a producer
  TensorId side_ = kNoTensor, maps_ = kNoTensor, zero_ = kNoTensor, one_ = kNoTensor;
  TensorId total_params_ = kNoTensor, total_macs_ = kNoTensor, total_links_ = kNoTensor;
  Sight rows_, columns_;
};

/// A count as it is where float32 holds it, "37,752,832"; else "≈ 1,135.256 million": what is shown is what was computed.
std::string count_text(const Architecture& architecture, TensorId id);

/// "conv3": the first name of its kind that no layer has.
std::string free_layer_name(const ArchitectureSpec& spec, LayerKind kind);

/// LeNet-5 (LeCun et al. 1998), with C3's table; deck 002's LeNet; AlexNet (Krizhevsky et al. 2012) without groups, with
/// those of its two GPUs, and as deck 002's slide has it.
enum class KnownArchitecture : std::uint8_t { kLenet5, kLenet, kAlexnet, kAlexnetGroups, kAlexnetSlide };
inline constexpr std::array<std::string_view, 5> kKnownArchitectureNames = {"lenet-5", "lenet", "alexnet", "alexnet-groups", "alexnet-slide"};
ArchitectureSpec known_architecture(KnownArchitecture which);

}  // namespace chainrule
