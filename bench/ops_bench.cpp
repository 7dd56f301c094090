// Each op call of one LeNet training step (momentum), by its reference kernel and by its fast one, and a few more
// ops; beside them what this machine can do at most, measured in the same run.
//
//   ops_bench [seconds per kernel] [batch]     0.3 and 32. The shortest of many runs counts: other programs only ever
//   add time. On a busy machine take a small batch, whose calls fit between two interruptions.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "engine/math/rng.h"
#include "engine/nn/models.h"
#include "engine/ops/fast.h"
#include "engine/ops/simd.h"
#include "engine/optim/optimizer.h"

namespace chainrule {
namespace {

using simd::f32x4;

template <class Run>
double shortest_seconds(double budget, Run run) {
  using Clock = std::chrono::steady_clock;
  const auto seconds = [](Clock::duration time) { return std::chrono::duration<double>(time).count(); };
  constexpr double kLongEnough = 100e-6;  // clocks tick in microseconds
  int repeats = 1;
  double shortest = 1e30;
  const auto begin = Clock::now();
  do {
    const auto start = Clock::now();
    for (int i = 0; i < repeats; ++i) run();
    const double time = seconds(Clock::now() - start);
    if (time < kLongEnough)
      repeats *= 2;
    else
      shortest = std::min(shortest, time / repeats);
  } while (seconds(Clock::now() - begin) < budget);
  return shortest;
}

constexpr int kChains = 12, kLinks = 1000;

/// Chains of x·m + a, multiplied and added in two instructions as the kernels do, as many as hide the latency.
void multiply_and_add(f32x4* chains, f32x4 m, f32x4 a) {
  f32x4 x[kChains];
#pragma GCC unroll 12
  for (int i = 0; i < kChains; ++i) x[i] = chains[i];
  for (int link = 0; link < kLinks; ++link)
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) x[i] = x[i] * m + a;
#pragma GCC unroll 12
  for (int i = 0; i < kChains; ++i) chains[i] = x[i];
}

double peak_gflops(double budget) {
  f32x4 chains[kChains] = {};
  // wasm-opt would inline the function into one that runs on and on, and V8 improves functions only from call to call.
  void (*volatile called)(f32x4*, f32x4, f32x4) = multiply_and_add;
  const double time = shortest_seconds(budget, [&] { called(chains, simd::splat(0.5f), simd::splat(1.0f)); });
  return kChains * kLinks * 2.0 * simd::kLanes / time * 1e-9;
}

struct Times {
  double reference = 0.0, fast = 0.0;
};

class Table {
 public:
  explicit Table(double budget) : budget_(budget) {}

  Times row(const OpCall& call) {
    std::vector<std::vector<float>> numbers;
    for (const Shape& shape : call.in_shapes) numbers.push_back(filled(call.kind, shape));
    std::vector<float> output(static_cast<std::size_t>(call.out_shapes[0].size()));
    std::vector<const float*> in;
    for (const std::vector<float>& one : numbers) in.push_back(one.data());
    // A second output (probabilities) is as large as the first input.
    std::vector<float> second(numbers[0].size());
    float* out[] = {output.data(), second.data()};
    const Operands<float> operands{call.in_shapes, call.out_shapes, in, out};
    Times times;
    times.reference = shortest_seconds(budget_, [&] { op_info(call.kind).run_float(call.attributes, operands); });
    times.fast = times.reference;
    if (const FastKernel* kernel = fast_kernel(call.kind)) {
      std::vector<float> scratch(kernel->scratch_floats(call.attributes, call.in_shapes, call.out_shapes));
      times.fast = shortest_seconds(budget_, [&] { kernel->run(call.attributes, operands, scratch); });
    }
    rows_.push_back({call, times});
    return times;
  }

  void print(double peak) const {
    std::printf("%-26s %-34s %12s %10s %8s %9s %7s\n", "op", "operands", "reference ms", "fast ms", "ratio", "GFLOP/s",
                "of peak");
    for (const Row& row : rows_) print(row, peak);
  }

 private:
  std::vector<float> filled(OpKind kind, const Shape& shape) {
    std::vector<float> values(static_cast<std::size_t>(shape.size()));
    const bool labels = kind == OpKind::kSoftmaxCrossEntropy || kind == OpKind::kSoftmaxCrossEntropyGrad;
    for (float& value : values) value = labels && shape.rank() == 1 ? 1.0f : rng_.uniform(0.1f, 1.0f) - 0.05f;
    return values;
  }

  struct Row {
    OpCall call;
    Times times;
  };

  static void print(const Row& row, double peak) {
    const auto& [call, times] = row;
    std::string operands;
    for (const Shape& shape : call.in_shapes)
      if (shape.size() > 1) operands += (operands.empty() ? "" : " ") + shape.text();
    // "×" is two bytes wide and one column.
    const int marks = static_cast<int>(std::count(operands.begin(), operands.end(), '\xc3'));
    std::printf("%-26s %-*s %12.3f %10.4f %8.1f", std::string(op_info(call.kind).name).c_str(), 34 + marks,
                operands.c_str(), times.reference * 1e3, times.fast * 1e3, times.reference / times.fast);
    const bool product = call.kind == OpKind::kMatMul || call.kind == OpKind::kConv2d ||
                         call.kind == OpKind::kConv2dInputGrad || call.kind == OpKind::kConv2dKernelGrad;
    const double gflops = 2.0 * static_cast<double>(Program::work_of(call)) / times.fast * 1e-9;
    if (product) std::printf(" %9.1f %6.0f%%", gflops, 100.0 * gflops / peak);
    std::printf("\n");
  }

  double budget_;
  std::vector<Row> rows_;
  Rng rng_{1, "data"};
};

OpCall call_of(OpKind kind, std::vector<Shape> in, OpAttributes attributes = {}) {
  OpCall call;
  call.kind = kind;
  call.attributes = attributes;
  call.out_shapes = op_info(kind).infer(attributes, in);
  call.in_shapes = std::move(in);
  return call;
}

void run(double budget, int batch) {
  Table table(budget);
  const DigitClassifier lenet = build_digit_model({.batch = batch});
  Program program = lenet.graph.program();
  append_backward(program, lenet.head.loss);
  append_updates(program, OptimizerKind::kMomentum);
  Times total;
  for (const OpCall& call : program.calls) {
    const Times times = table.row(call);
    total.reference += times.reference, total.fast += times.fast;
  }
  table.row(call_of(OpKind::kMatMul, {{512, 512}, {512, 512}}));
  table.row(call_of(OpKind::kMatMul, {{1, 784}, {128, 784}}, {.transpose_b = true}));
  table.row(call_of(OpKind::kConv2d, {{32, 3, 28, 28}, {16, 3, 3, 3}}, {.pad = 1}));
  table.row(call_of(OpKind::kAveragePool, {{32, 20, 24, 24}}));
  table.row(call_of(OpKind::kAveragePoolGrad, {{32, 20, 12, 12}}, {.shape = {32, 20, 24, 24}}));
  const double peak = peak_gflops(budget);
  table.print(peak);
  std::printf(
      "\none training step of LeNet, batch %d: %.3f ms by reference kernels, %.3f ms by fast ones, ratio %.1f\n", batch,
      total.reference * 1e3, total.fast * 1e3, total.reference / total.fast);
  std::printf("packed multiply and add: at most %.1f GFLOP/s\n", peak);
}

}  // namespace
}  // namespace chainrule

int main(int count, char** arguments) {
  const double budget = count > 1 ? std::atof(arguments[1]) : 0.3;
  const int batch = count > 2 ? std::atoi(arguments[2]) : 32;
  if (budget > 0.0 && batch > 0) return chainrule::run(budget, batch), 0;
  std::fprintf(stderr, "ops_bench [seconds per kernel] [batch]\n");
  return 2;
}
