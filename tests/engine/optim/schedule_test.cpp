// Schedules: against PyTorch's (tests/golden/schedules.bin), and by hand.
#include "engine/optim/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "engine/optim/optimizer.h"
#include "tests/engine/support/golden.h"
#include "tests/engine/support/run_op.h"

namespace chainrule::test {
namespace {

using Numbers = std::vector<float>;

/// A program of a schedule alone; its loss is set from outside.
template <class T>
class ScheduleRun {
 public:
  explicit ScheduleRun(const ScheduleOptions& options) {
    TensorInfo loss{.name = "loss", .shape = Shape{1}, .kind = TensorKind::kInput};
    program.loss = program.add_tensor(loss);
    append_schedule(program, options);
    buffers = Buffers<T>(program);
  }
  void set(std::string_view name, double value) {
    ASSERT_NE(program.find(name), kNoTensor) << name;
    buffers[program.find(name)][0] = static_cast<T>(value);
  }
  /// The rate of the next update, whose loss is `loss`.
  T step(double loss = 1.0) {
    buffers[program.loss][0] = static_cast<T>(loss);
    for (const OpCall& call : program.calls) run_reference(call, buffers);
    const T rate = buffers[program.find("lr")][0];
    buffers.trade_places();
    return rate;
  }

  Program program;
  Buffers<T> buffers;
};

ScheduleOptions options_named(const std::string& text) {
  ScheduleOptions options;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const auto found = std::ranges::find(kScheduleNames, word);
    if (word == "warm_up") options.warm_up = true;
    else if (found != kScheduleNames.end()) options.kind = static_cast<ScheduleKind>(found - kScheduleNames.begin());
    else ADD_FAILURE() << "no schedule " << word;
  }
  return options;
}

template <class T>
double error_of(const GoldenFile& file, const std::string& name) {
  ScheduleRun<T> run(options_named(file[name + "/options"].text));
  const auto hypers = file.settings(name + "/hypers");
  EXPECT_EQ(hypers.size(), run.program.of_kind(TensorKind::kHyper).size()) << "every hyper tensor is set";
  for (const auto& [key, value] : hypers) run.set(key, std::strtod(value.c_str(), nullptr));
  const std::vector<double>& rates = file[name + "/rates"].numbers;
  EXPECT_EQ(rates.size(), 41u);
  double worst = 0.0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const double rate = static_cast<double>(run.step(file["losses"].numbers[i]));
    worst = std::max(worst, std::abs(rate - rates[i]) / (std::abs(rates[i]) + 1e-12));
  }
  return worst;
}

TEST(ScheduleGolden, FortyOneUpdates) {
  const GoldenFile file("schedules.bin");
  std::istringstream names(file["cases"].text);
  int cases = 0;
  for (std::string name; std::getline(names, name); ++cases) {
    // The cosine ends where 1 + cos π cancels: there, 1e-3 of the base rate's last place is all that is left.
    EXPECT_LE(error_of<float>(file, name), name == "cosine, warm-up" ? 1e-4 : 1e-6) << name;
    EXPECT_LE(error_of<double>(file, name), 1e-9) << name;
  }
  EXPECT_EQ(cases, 8);
  EXPECT_LT(file["plateau/rates"].numbers.back(), file["plateau/rates"].numbers.front() / 3) << "it has come to reductions";
}

// η₀ 0.8: warm-up of 4 updates from a quarter: 0.25, 0.4375, 0.625, 0.8125 of it; then t counts from 0 again, γ = 1/2 every 2.
TEST(Schedule, WarmUpThenStepsByHand) {
  ScheduleRun<double> run({.kind = ScheduleKind::kStepwise, .warm_up = true});
  for (const auto& [name, value] : {std::pair{"lr.base", 0.8}, {"warmup.steps", 4.0}, {"warmup.start", 0.25}, {"decay.steps", 2.0}, {"decay.factor", 0.5}})
    run.set(name, value);
  for (const double factor : {0.25, 0.4375, 0.625, 0.8125, 1.0, 1.0, 0.5, 0.5, 0.25}) EXPECT_NEAR(run.step(), 0.8 * factor, 1e-12);
}

// Half a cosine over 4 updates down to a fifth: 1, 0.2 + 0.4·(1 + √½), 0.6, 0.2 + 0.4·(1 − √½), and then it stays.
TEST(Schedule, CosineByHand) {
  ScheduleRun<double> run({.kind = ScheduleKind::kCosine});
  run.set("lr.base", 1.0);
  run.set("decay.steps", 4.0);
  run.set("decay.floor", 0.2);
  const double half = std::sqrt(0.5);
  for (const double rate : {1.0, 0.2 + 0.4 * (1 + half), 0.6, 0.2 + 0.4 * (1 - half), 0.2, 0.2, 0.2}) EXPECT_NEAR(run.step(), rate, 1e-7);
}

// Patience 2, threshold 0.1: 0.95 is not better than 1 by a tenth; after three such updates the next rate is halved.
TEST(Schedule, PlateauByHand) {
  ScheduleRun<double> run({.kind = ScheduleKind::kPlateau});
  run.set("lr.base", 0.4);
  run.set("decay.factor", 0.5);
  run.set("plateau.patience", 2.0);
  run.set("plateau.threshold", 0.1);
  for (const auto& [loss, rate] : {std::pair{1.0, 0.4}, {0.95, 0.4}, {0.95, 0.4}, {0.95, 0.4}, {0.95, 0.2}, {0.5, 0.2}, {0.5, 0.2}, {std::nan(""), 0.2}, {0.5, 0.2}, {0.5, 0.1}})
    EXPECT_NEAR(run.step(loss), rate, 1e-12);
}

// What lies ahead is what comes, and the program's own numbers stay as they are.
TEST(Schedule, RatesAheadAreThoseThatCome) {
  for (std::size_t kind = 0; kind < kScheduleNames.size(); ++kind)
    for (const bool warm_up : {false, true}) {
      ScheduleRun<float> run({.kind = static_cast<ScheduleKind>(kind), .warm_up = warm_up});
      run.set("lr.base", 0.3);
      (void)run.step();
      const std::vector<float> ahead = scheduled_rates(run.program, run.buffers, 1, 300);
      // The loss falls by more than the threshold all the time, so that a plateau's rate stays.
      for (std::size_t i = 0; i < ahead.size(); ++i)
        ASSERT_EQ(ahead[i], run.step(1.0 / static_cast<double>(i + 2))) << kScheduleNames[kind] << " " << i;
    }
}

// After a schedule every optimizer's update reads the rate that it computes.
TEST(Schedule, OptimizersTakeTheRate) {
  for (std::size_t kind = 0; kind < kOptimizerNames.size(); ++kind) {
    Program program;
    TensorInfo w{.name = "w", .shape = Shape{1}, .kind = TensorKind::kParameter}, loss{.name = "loss", .shape = Shape{1}, .kind = TensorKind::kInput};
    const TensorId weight = program.add_tensor(w);
    program.loss = program.add_tensor(loss);
    program.gradient_of[static_cast<std::size_t>(weight)] = add_hyper(program, "g", 4.0f);
    append_schedule(program, {.kind = ScheduleKind::kStepwise});
    append_updates(program, static_cast<OptimizerKind>(kind));
    const TensorId rate = program.find("lr");
    EXPECT_GE(program.info(rate).producer, 0) << kOptimizerNames[kind];
    const bool read = std::ranges::any_of(program.calls, [&](const OpCall& call) {
      return program.info(call.outputs[0]).kind != TensorKind::kGradient && std::ranges::count(call.inputs, rate) > 0;
    });
    EXPECT_TRUE(read) << kOptimizerNames[kind];
  }
}

TEST(ScheduleSteps, ByHand) {
  const auto of = [](OpKind kind, std::initializer_list<float> numbers) {
    std::vector<Values<float>> in;
    for (const float number : numbers) in.push_back({Shape{1}, {number}});
    return first_output(kind, {}, in);
  };
  EXPECT_EQ(of(OpKind::kTimeAfter, {7, 5}), (Numbers{2}));
  EXPECT_EQ(of(OpKind::kTimeAfter, {3, 5}), (Numbers{0}));
  EXPECT_EQ(of(OpKind::kWarmUp, {2, 4, 0.5f}), (Numbers{0.75f}));  // 0.5 + 0.5 · 2/4
  EXPECT_EQ(of(OpKind::kWarmUp, {4, 4, 0.5f}), (Numbers{1}));
  EXPECT_EQ(of(OpKind::kStepDecay, {9, 4, 0.5f}), (Numbers{0.25f}));         // two whole fours
  EXPECT_EQ(of(OpKind::kExponentialDecay, {6, 4, 0.25f}), (Numbers{0.125f}));  // 0.25^1.5
  EXPECT_EQ(of(OpKind::kCosineDecay, {0, 4, 0.5f}), (Numbers{1}));
  EXPECT_EQ(of(OpKind::kCosineDecay, {4, 4, 0.5f}), (Numbers{0.5f}));
  EXPECT_EQ(of(OpKind::kPlateauBest, {1, 0.5f, 0.25f}), (Numbers{0.5f}));
  EXPECT_EQ(of(OpKind::kPlateauBest, {1, 0.8f, 0.25f}), (Numbers{1}));     // 0.8 is not below 0.75
  EXPECT_EQ(of(OpKind::kPlateauWait, {3, 1, 0.5f, 0, 9}), (Numbers{0}));
  EXPECT_EQ(of(OpKind::kPlateauWait, {3, 1, 2, 0, 9}), (Numbers{4}));
  EXPECT_EQ(of(OpKind::kPlateauWait, {9, 1, 2, 0, 9}), (Numbers{0}));      // the wait is over and begins again
  EXPECT_EQ(of(OpKind::kPlateauFactor, {0.5f, 9, 1, 2, 0, 9, 0.25f}), (Numbers{0.125f}));
  EXPECT_EQ(of(OpKind::kPlateauFactor, {0.5f, 8, 1, 2, 0, 9, 0.25f}), (Numbers{0.5f}));
}

TEST(ScheduleSteps, OneNumberEach) {
  const Values<float> two{Shape{2}, {1, 2}}, one{Shape{1}, {1}};
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kTimeAfter, {}, {two, one}), "operand 0 of a schedule is one number, not 2");
}

}  // namespace
}  // namespace chainrule::test
