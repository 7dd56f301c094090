// Twenty steps of each optimizer on two parameters against PyTorch's (tests/golden/optimizers.bin).
#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/graph/buffers.h"
#include "engine/optim/optimizer.h"
#include "tests/engine/support/golden.h"

namespace chainrule::test {
namespace {

constexpr int kSteps = 20;

template <class T>
class OptimizerRun {
 public:
  OptimizerRun(const GoldenFile& file, const std::string& name, OptimizerKind kind) : file_(file), name_(name) {
    for (int i = 0; i < 2; ++i) {
      const Shape& shape = file["start" + std::to_string(i)].shape;
      parameter_[i] = add("w" + std::to_string(i), shape, TensorKind::kParameter);
      gradient_[i] = add("g" + std::to_string(i), shape, TensorKind::kInput);
      program_.gradient_of[static_cast<std::size_t>(parameter_[i])] = gradient_[i];
    }
    append_updates(program_, kind);
    buffers_ = Buffers<T>(program_);
    for (const auto& [key, value] : file.settings(name + "/hypers"))
      buffers_[program_.find(key)][0] = static_cast<T>(std::strtof(value.c_str(), nullptr));
    for (int i = 0; i < 2; ++i) fill(parameter_[i], file["start" + std::to_string(i)].numbers, 0);
  }

  /// Largest error of the parameters' changes since the start, relative to them: the change is the effect.
  double run() {
    double worst = 0.0;
    for (int step = 0; step < kSteps; ++step) {
      for (int i = 0; i < 2; ++i)
        fill(gradient_[i], file_["gradients" + std::to_string(i)].numbers, static_cast<std::size_t>(step));
      for (const OpCall& call : program_.calls) run_reference(call, buffers_);
      buffers_.trade_places(program_);
      for (int i = 0; i < 2; ++i) {
        const std::string record = name_ + "/after" + std::to_string(step + 1) + "/" + std::to_string(i);
        if (file_.has(record)) worst = std::max(worst, error_of_change(i, file_[record].numbers)), ++compared_;
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
  double error_of_change(int i, const std::vector<double>& after) {
    const std::vector<double>& start = file_["start" + std::to_string(i)].numbers;
    std::vector<double> wanted, got;
    for (std::size_t j = 0; j < after.size(); ++j) {
      wanted.push_back(after[j] - start[j]);
      got.push_back(static_cast<double>(buffers_[parameter_[i]][j]) - start[j]);
    }
    return relative_error<double>(got, wanted);
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
  for (std::size_t i = 0; i < kOptimizerNames.size(); ++i) {
    const std::string name(kOptimizerNames[i]);
    ASSERT_TRUE(file.has(name + "/hypers")) << name << " has no golden values";
    const auto kind = static_cast<OptimizerKind>(i);
    const double in_float = OptimizerRun<float>(file, name, kind).run();
    const double in_double = OptimizerRun<double>(file, name, kind).run();
    // Float: of the change, not of the weights. Adam divides by 1 − β2ᵗ, about 0.001, which float holds to 3e-5 of itself.
    EXPECT_LE(in_float, name == "adam" ? 1e-4 : 1e-5) << name;
    EXPECT_LE(in_double, 1e-9) << name;
    std::printf("%s: error of the change %.3g in float, %.3g in double\n", name.c_str(), in_float, in_double);
  }
}

}  // namespace
}  // namespace chainrule::test
