// Sheet: small tensors that a person sets, a program that is computed whole at each change, and the cells that steps
// show one after the other. What the lessons on convolution have in common.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/graph/buffers.h"

namespace chainrule {

/// What people set is kept at the largest size that settings allow; the tensor is its first rows, columns, ...: a size
/// that goes down and up again has lost nothing.
struct SheetStore {
  std::string name;  // of the tensor
  Shape most;
};

/// An element of the sheet.
struct SheetCell {
  TensorId tensor = kNoTensor;
  std::int64_t index = 0;
  bool operator==(const SheetCell&) const = default;
};

struct SheetPlan {
  Program program;
  std::vector<SheetCell> order;    // step s > 0 shows cell (s − 1) mod size
  std::vector<std::int64_t> ends;  // the number of cells up to the end of each part; a part is what "next phase" skips
  std::string trouble;             // why the settings cannot work: a sentence; then `order` may be empty
  std::string offer;               // what helps: "padding 2"
  std::vector<std::pair<std::string, double>> remedy;  // the params that do it

  TensorId input(std::string name, const Shape& shape) { return add(std::move(name), shape, TensorKind::kInput); }
  TensorId parameter(std::string name, const Shape& shape) {
    return add(std::move(name), shape, TensorKind::kParameter);
  }
  /// One number that a param of the same name sets.
  TensorId setting(std::string name, double value);
  TensorId apply(OpKind kind, const OpAttributes& attributes, std::vector<TensorId> inputs, std::string name,
                 TensorKind output = TensorKind::kActivation, Phase phase = Phase::kForward);
  /// Steps go through all elements of `tensor`, row-major; they are one part.
  void show_all(TensorId tensor);
  void end_part() { ends.push_back(static_cast<std::int64_t>(order.size())); }

 private:
  TensorId add(std::string name, const Shape& shape, TensorKind kind);
};

/// Element `index` of a tensor of `shape`, in a store of `most`: the same position on every axis.
std::int64_t store_index(const Shape& shape, const Shape& most, std::int64_t index);

/// A plan that has been computed.
class Sheet {
 public:
  explicit Sheet(SheetPlan plan) : plan_(std::move(plan)), buffers_(plan_.program) {}

  const SheetPlan& plan() const { return plan_; }
  const Program& program() const { return plan_.program; }
  const Buffers<float>& buffers() const { return buffers_; }
  std::span<float> values(TensorId tensor) { return buffers_[tensor]; }
  std::span<const float> values(TensorId tensor) const { return buffers_[tensor]; }
  /// By name; empty where the settings leave no such tensor.
  std::span<const float> values(std::string_view name) const;
  const Shape& shape(std::string_view name) const;
  float at(std::string_view name, std::int64_t index) const { return values(name)[static_cast<std::size_t>(index)]; }
  void run();
  /// The tensor an operand of `tensor`'s derivation reads: slots number inputs first, then outputs.
  TensorId operand_tensor(TensorId tensor, int slot) const;
  /// (L(v + h) − L(v − h)) / 2h of the one-element tensor `loss`, by the reference kernels in double.
  double central_difference(TensorId loss, TensorId tensor, std::int64_t index, double h = 1e-4) const;

 private:
  SheetPlan plan_;
  Buffers<float> buffers_;
};

}  // namespace chainrule
