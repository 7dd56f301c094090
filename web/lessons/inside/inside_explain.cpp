// What the numbers of "Inside a trained LeNet" are called, what is computed for the drawing, and where each number comes from.
#include <algorithm>

#include "engine/base/text.h"
#include "web/lesson_kit/program_explain.h"
#include "web/lessons/inside/inside_lenet.h"

namespace chainrule {
namespace {

/// Makes `probe` where there is none, and says whether it has to run again for `now`.
bool outdated(std::vector<double>& ran_for, std::vector<double> now) {
  if (ran_for == now) return false;
  ran_for = std::move(now);
  return true;
}

}  // namespace

std::uint64_t InsideLenet::version() const { return version_ * 1'000'003u + static_cast<std::uint64_t>(step_); }

const InsideLenet::Shown& InsideLenet::shown() const {
  const bool drawn = params_.whole("show") == 1;
  const std::vector<double> now{params_["show"], drawn ? 0 : params_["digit"], params_["data"], drawn ? static_cast<double>(canvas_version_) : 0.0};
  if (!outdated(digit_for_, now) && shown_) return *shown_;
  Shown shown;
  MnistImage bytes{};
  if (drawn) {
    bytes = mnist_preprocess(canvas_.coverage());
    shown.name = "your drawing";
  } else {
    shown.index = std::min(params_.whole("digit"), test_digits().count - 1);
    std::ranges::copy(image_view(test_digits(), shown.index), bytes.begin());
    shown.label = test_digits().labels[static_cast<std::size_t>(shown.index)];
    shown.name = "test digit " + std::to_string(shown.index);
  }
  for (const std::uint8_t byte : bytes) shown.pixels.push_back(static_cast<float>(byte) / 255.0f);
  shown_ = std::move(shown);
  digit_probe_.reset(), field_.reset(), weights_probe_.reset();
  shift_for_.clear();
  ++version_;
  return *shown_;
}

// ---------------------------------------------------------------------------------------------------------------- maps

const UnitProbe& InsideLenet::digit_probe() const {
  const Shown& digit = shown();
  if (digit_probe_ == nullptr) {
    const TrainedNetwork& lenet = network(DigitModel::kLenet);
    digit_probe_ = std::make_unique<UnitProbe>(lenet.model, "", lenet.parameters);
    digit_probe_->run(digit.pixels, 0, digit.label);
  }
  return *digit_probe_;
}

std::int64_t InsideLenet::chosen_unit() const {
  const UnitProbe& probe = digit_probe();
  const Shape& shape = probe.program().info(probe.program().find(layer().values)).shape;
  const bool flat = shape.rank() == 2;
  const std::int64_t cells = flat ? shape[1] : std::int64_t{shape[2]} * shape[3];
  const std::int64_t cell = (params_.whole("cell") + step_) % cells;
  return flat ? cell : std::min(params_.whole("map"), shape[1] - 1) * cells + cell;
}

const UnitProbe& InsideLenet::field() const {
  const Shown& digit = shown();
  const std::int64_t unit = chosen_unit();
  const bool net = params_.on("before-activation");
  if (outdated(field_for_, {params_["layer"], net ? 1.0 : 0.0})) field_.reset();
  if (field_ == nullptr) {
    const TrainedNetwork& lenet = network(DigitModel::kLenet);
    field_ = std::make_unique<UnitProbe>(lenet.model, net ? layer().net : layer().values, lenet.parameters);
  } else if (field_->unit() == unit) {
    return *field_;
  }
  field_->run(digit.pixels, unit, digit.label);
  return *field_;
}

// ------------------------------------------------------------------------------------------- what a unit detects, others

int InsideLenet::detect_unit() const {
  constexpr int kUnits[TopDigits::kLayers.size()] = {20, 50, 500, 10};
  return std::min(params_.whole("detect-unit"), kUnits[detect_layer()] - 1);
}

std::span<const float> InsideLenet::rise() const { return std::span(rise_).first(std::min(rise_.size(), static_cast<std::size_t>(step_) + 1)); }

const TopDigits& InsideLenet::top() const {
  if (top_ == nullptr) {
    const TrainedNetwork& lenet = network(DigitModel::kLenet);
    const std::shared_ptr<const DigitSet> digits = library_->digits(data());
    top_ = std::make_unique<TopDigits>(lenet.model, lenet.parameters, std::shared_ptr<const ImageSet>(digits, &digits->test));
  }
  return *top_;
}

const UnitProbe& InsideLenet::weights_probe() const {
  const Shown& digit = shown();
  if (outdated(weights_for_, {params_["network"]})) weights_probe_.reset();
  if (weights_probe_ == nullptr) {
    const TrainedNetwork& used = network(weights_model());
    weights_probe_ = std::make_unique<UnitProbe>(used.model, "", used.parameters);
    weights_probe_->run(digit.pixels, 0, digit.label);
  }
  return *weights_probe_;
}

InsideLenet::Offset InsideLenet::offset() const {
  const int at = static_cast<int>((params_.whole("shift") + step_) % (kShifts * kShifts));
  return {at % kShifts - kMostShift, at / kShifts - kMostShift};
}

const ShiftProbe& InsideLenet::shift() const {
  const Shown& digit = shown();
  const Offset by = offset();
  if (shift_ == nullptr) shift_ = std::make_unique<ShiftProbe>();
  if (outdated(shift_for_, {static_cast<double>(by.dx), static_cast<double>(by.dy), params_["weights"]}) || cnn_ == nullptr) {
    shift_->run(digit.pixels, by.dx, by.dy);
    for (const DigitModel model : {DigitModel::kLenet, DigitModel::kMlp}) {
      std::unique_ptr<UnitProbe>& probe = model == DigitModel::kLenet ? cnn_ : mlp_;
      const TrainedNetwork& used = network(model);
      if (probe == nullptr) probe = std::make_unique<UnitProbe>(used.model, "", used.parameters);
      probe->run(shift_->moved(), 0, digit.label);
    }
    ++version_;
  }
  return *shift_;
}

const UnitProbe& InsideLenet::shifted_probe(DigitModel model) const {
  shift();
  return model == DigitModel::kLenet ? *cnn_ : *mlp_;
}

const ShiftCurve& InsideLenet::curve() const {
  if (outdated(curve_for_, {params_["along"], params_["data"]}) || curve_ == nullptr) {
    const std::shared_ptr<const DigitSet> digits = library_->digits(data());
    std::vector<ShiftCurve::Network> networks;
    for (const DigitModel model : {DigitModel::kLenet, DigitModel::kMlp}) networks.push_back({network(model).model, network(model).parameters});
    curve_ = std::make_unique<ShiftCurve>(networks, std::shared_ptr<const ImageSet>(digits, &digits->test), params_.whole("along") == 1);
  }
  return *curve_;
}

// ------------------------------------------------------------------------------------------------------------- numbers

std::vector<InsideLenet::Scope> InsideLenet::scopes() const {
  std::vector<Scope> scopes;
  if (waits()) return scopes;
  const auto add = [&](const char* prefix, const UnitProbe& probe, DigitModel model = DigitModel::kLenet) {
    scopes.push_back({prefix, &probe.program(), &probe.buffers(), &probe, model});
  };
  switch (part()) {
    case InsidePart::kMaps:
      add("digit/", digit_probe());
      add("field/", field());
      break;
    case InsidePart::kDetects:
      if (ascent_ == nullptr) break;
      add("ascent/", ascent_->probe());
      if (ascent_->step_shown()) scopes.push_back({"update/", &ascent_->update(), &ascent_->update_buffers()});
      break;
    case InsidePart::kWeights: add("net/", weights_probe(), weights_model()); break;
    case InsidePart::kQuiz: break;
    case InsidePart::kShift:
      scopes.push_back({"shift/", &shift().program(), &shift().buffers()});
      add("cnn/", shifted_probe(DigitModel::kLenet));
      add("mlp/", shifted_probe(DigitModel::kMlp), DigitModel::kMlp);
      break;
  }
  return scopes;
}

Result<InsideLenet::Found> InsideLenet::find(std::string_view name) const {
  if (waits()) return Error{"The digits or the weights are still loading; there are no numbers yet."};
  for (const Scope& scope : scopes()) {
    if (!name.starts_with(scope.prefix)) continue;
    const TensorId id = scope.program->find(name.substr(scope.prefix.size()));
    if (id != kNoTensor) return Found{scope, id};
  }
  return Error{"There is no tensor \"" + std::string(name) + "\" in this part of the lesson; tensors() lists them all."};
}

std::vector<TensorSummary> InsideLenet::tensors() const {
  if (part() == InsidePart::kQuiz) return quiz_->tensors();
  std::vector<TensorSummary> list;
  for (const Scope& scope : scopes()) {
    if (scope.probe != nullptr) {
      append_tensors(list, *scope.probe, scope.prefix);
      continue;
    }
    // What an update of the picture read and made is the picture, before and after it.
    for (const TensorInfo& info : scope.program->tensors)
      if (scope.prefix != "update/" || (info.name != "x" && info.name != "g" && info.name != "next"))
        list.push_back({scope.prefix + info.name, info.shape, std::string(kind_name(info.kind))});
  }
  return list;
}

Result<TensorValues> InsideLenet::tensor(std::string_view name) const {
  if (part() == InsidePart::kQuiz) return quiz_->tensor(name);
  const Result<Found> found = find(name);
  if (!found.ok()) return found.error();
  const Found& f = found.value();
  return TensorValues{f.scope.program->info(f.id).shape, (*f.scope.buffers)[f.id], step_};
}

ElementRef InsideLenet::reference(const Scope& scope, TensorId operand, std::int64_t index) const {
  const std::string& name = scope.program->info(operand).name;
  // The update began with the picture of the step before and its gradient; a shifted digit is what the shift made.
  if (scope.prefix == "update/" && name == "x") return {"ascent/x", index, step_ - 1};
  if (scope.prefix == "update/" && name == "g") return {"ascent/" + ascent_->probe().program().info(ascent_->probe().gradient()).name, index, step_ - 1};
  if ((scope.prefix == "cnn/" || scope.prefix == "mlp/") && name == "x") return {"shift/y", index, step_};
  return {scope.prefix + name, index, step_};
}

std::string InsideLenet::leaf_text(const Found& found, const ElementRef& element) const {
  const Scope& scope = found.scope;
  const std::string& name = scope.program->info(found.id).name;
  if (scope.prefix == "update/") return name == "rate" ? "the rate of the ascent, a setting" : "the norm that the picture may have, a setting";
  if (name == "kernel") return "1 where a pixel of the shifted digit comes from, 0 elsewhere";
  if (scope.prefix == "ascent/" && name == "x") return params_.whole("ascent-start") == 0 ? "faint noise, of seed " + std::to_string(seed_) : "an empty picture";
  if ((scope.prefix == "cnn/" || scope.prefix == "mlp/") && name == "x") return "the shifted digit";
  const UnitProbe& probe = scope.probe != nullptr ? *scope.probe : shifted_probe(DigitModel::kLenet);
  if (scope.probe == nullptr) return probe_leaf_text(probe, element, probe.x(), "", shown().name);
  return probe_leaf_text(probe, element, found.id, network(scope.model).source, shown().name);
}

Result<Explanation> InsideLenet::explain(const ElementRef& element) const {
  if (part() == InsidePart::kQuiz) return quiz_->explain(element);
  Result<Found> result = find(element.tensor);
  if (!result.ok()) return result.error();
  Found found = std::move(result).value();
  const TensorInfo& info = found.scope.program->info(found.id);
  if (const Status status = check_element(element, info.shape, step_); !status.ok()) return Error{status.error_message()};
  const bool picture = element.tensor == "ascent/x" && step_ > 0;
  if (picture) {
    if (!ascent_->step_shown()) return Error{"Step " + std::to_string(step_) + " has to be run again to show where " + element.tensor + " comes from."};
    found.scope = {"update/", &ascent_->update(), &ascent_->update_buffers()};
    found.id = ascent_->update().find("next");
  }
  Explanation explanation = explain_element(*found.scope.program, *found.scope.buffers, found.id, element,
                                            [&](TensorId id, std::int64_t index) { return reference(found.scope, id, index); });
  if (found.scope.program->info(found.id).producer < 0) explanation.formula = leaf_text(found, element);
  return explanation;
}

}  // namespace chainrule
