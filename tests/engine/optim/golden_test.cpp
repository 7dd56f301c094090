// Twenty steps of each optimizer, without and with its options, on two parameters against PyTorch's
// (tests/golden/optimizers.bin).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "engine/graph/buffers.h"
#include "engine/optim/optimizer.h"
#include "tests/engine/support/golden.h"

namespace chainrule::test {
namespace {

constexpr int kSteps = 20;

OptimizerKind kind_named(const std::string& name) {
  const auto found = std::ranges::find(kOptimizerNames, name);
  EXPECT_NE(found, kOptimizerNames.end()) << name;
  return static_cast<OptimizerKind>(found - kOptimizerNames.begin());
}

OptimizerOptions options_named(const std::string& text) {
  OptimizerOptions options;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (word == "weight_decay") options.weight_decay = true;
    else if (word == "centred") options.centred = true;
    else if (word == "momentum") options.momentum = true;
    else if (word == "in_parts") options.in_parts = true;
    else if (word == "uncorrected") options.adam = AdamForm::kUncorrected;
    else if (word == "multiplied") options.adam = AdamForm::kMultiplied;
    else ADD_FAILURE() << "no option " << word;
  }
  return options;
}

struct Errors {
  double of_change = 0.0, of_norm = 0.0;
};

template <class T>
class OptimizerRun {
 public:
  OptimizerRun(const GoldenFile& file, const std::string& name) : file_(file), name_(name) {
    for (int i = 0; i < 2; ++i) {
      const Shape& shape = file["start" + std::to_string(i)].shape;
      parameter_[i] = add("w" + std::to_string(i), shape, TensorKind::kParameter);
      gradient_[i] = add("g" + std::to_string(i), shape, TensorKind::kInput);
      program_.gradient_of[static_cast<std::size_t>(parameter_[i])] = gradient_[i];
    }
    append_updates(program_, kind_named(file[name + "/kind"].text), options_named(file[name + "/options"].text));
    buffers_ = Buffers<T>(program_);
    const auto hypers = file.settings(name + "/hypers");
    EXPECT_EQ(hypers.size(), program_.of_kind(TensorKind::kHyper).size()) << "every hyper tensor is set";
    for (const auto& [key, value] : hypers)
      buffers_[program_.find(key)][0] = static_cast<T>(std::strtof(value.c_str(), nullptr));
    for (int i = 0; i < 2; ++i) fill(parameter_[i], file["start" + std::to_string(i)].numbers, 0);
  }

  /// Largest errors of the parameters, relative to their changes since the start and to their norms.
  Errors run() {
    Errors worst;
    for (int step = 0; step < kSteps; ++step) {
      for (int i = 0; i < 2; ++i)
        fill(gradient_[i], file_["gradients" + std::to_string(i)].numbers, static_cast<std::size_t>(step));
      for (const OpCall& call : program_.calls) run_reference(call, buffers_);
      buffers_.trade_places();
      for (int i = 0; i < 2; ++i) {
        const std::string record = name_ + "/after" + std::to_string(step + 1) + "/" + std::to_string(i);
        if (!file_.has(record)) continue;
        compare(i, file_[record].numbers, worst);
        ++compared_;
      }
    }
    EXPECT_EQ(compared_, 4) << "two parameters, after the first and the last step";
    return worst;
  }

 private:
  TensorId add(std::string name, const Shape& shape, TensorKind kind) {
    TensorInfo info;
    info.name = std::move(name);
    info.shape = shape;
    info.kind = kind;
    return program_.add_tensor(std::move(info));
  }
  void fill(TensorId id, const std::vector<double>& numbers, std::size_t part) {
    const auto buffer = buffers_[id];
    for (std::size_t i = 0; i < buffer.size(); ++i) buffer[i] = static_cast<T>(numbers[part * buffer.size() + i]);
  }
  void compare(int i, const std::vector<double>& after, Errors& worst) {
    const std::vector<double>& start = file_["start" + std::to_string(i)].numbers;
    std::vector<double> change, got_change, got;
    for (std::size_t j = 0; j < after.size(); ++j) {
      change.push_back(after[j] - start[j]);
      got.push_back(static_cast<double>(buffers_[parameter_[i]][j]));
      got_change.push_back(got[j] - start[j]);
    }
    worst.of_change = std::max(worst.of_change, relative_error<double>(got_change, change));
    worst.of_norm = std::max(worst.of_norm, relative_error<double>(got, after));
  }

  const GoldenFile& file_;
  std::string name_;
  Program program_;
  Buffers<T> buffers_;
  TensorId parameter_[2] = {}, gradient_[2] = {};
  int compared_ = 0;
};

TEST(OptimizerGolden, TwentySteps) {
  const GoldenFile file("optimizers.bin");
  std::vector<int> cases(kOptimizerNames.size(), 0);
  std::istringstream names(file["cases"].text);
  for (std::string name; std::getline(names, name);) {
    SCOPED_TRACE(name);
    const OptimizerKind kind = kind_named(file[name + "/kind"].text);
    ++cases[static_cast<std::size_t>(kind)];
    const Errors in_float = OptimizerRun<float>(file, name).run(), in_double = OptimizerRun<double>(file, name).run();
    EXPECT_LE(in_float.of_norm, 1e-5);
    // The change is the effect. Adam divides it by 1 − β2ᵗ, about 0.001, which float holds to 3e-5 of itself.
    EXPECT_LE(in_float.of_change, kind == OptimizerKind::kAdam ? 1e-4 : 1e-5);
    EXPECT_LE(in_double.of_change, 1e-9);
    EXPECT_LE(in_double.of_norm, 1e-9);
    std::printf("%s: error of the change %.3g in float, %.3g in double\n", name.c_str(), in_float.of_change, in_double.of_change);
  }
  for (std::size_t i = 0; i < cases.size(); ++i) EXPECT_GE(cases[i], 2) << kOptimizerNames[i] << " without and with options";
}

/// An option that does nothing would be a stub: each changes the numbers by far more than the tolerances above.
TEST(OptimizerGolden, OptionsMatter) {
  const GoldenFile file("optimizers.bin");
  const auto end = [&](const std::string& name) { return file[name + "/after20/1"].numbers; };
  for (const auto& [with, without] : {std::pair{"sgd, decay", "sgd"}, {"momentum, decay", "momentum"}, {"nesterov, decay", "nesterov"},
                                      {"nesterov", "momentum"}, {"adagrad, decay", "adagrad"}, {"rmsprop, centred", "rmsprop"},
                                      {"rmsprop, momentum", "rmsprop"}, {"rmsprop, all", "rmsprop, momentum"}, {"adam, decay", "adam"},
                                      {"adam, uncorrected", "adam"}, {"adam, multiplied", "adam"}})
    EXPECT_GT(relative_error<double>(end(with), end(without)), 1e-3) << with;
}

}  // namespace
}  // namespace chainrule::test
