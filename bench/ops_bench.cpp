// Each op call of one LeNet training step (momentum), matrix products of 64 to 1024, three convolutions and a few more
// ops, by the reference kernel and by the fast one on 1 and 2 threads; a forward pass of LeNet on one image.
//
//   ops_bench [seconds per kernel] [batch]     0.3 and 32. The shortest of many runs counts: other programs only ever
//   add time. On a busy machine take a small batch, whose calls fit between two interruptions. One line of JSON each.
#include <cstdlib>

#include "bench/bench.h"
#include "engine/backend/cpu/cpu_backend.h"
#include "engine/math/rng.h"
#include "engine/nn/initialize.h"
#include "engine/nn/models.h"
#include "engine/ops/fast.h"
#include "engine/optim/optimizer.h"

namespace chainrule {
namespace {

using bench::shortest_seconds;

constexpr int kMostThreads = 2;

/// Seconds; the reference kernel's is 0 where it would take too long to wait for.
struct Times {
  double reference = 0.0, fast[kMostThreads] = {};
};

class Bench {
 public:
  explicit Bench(double budget) : budget_(budget) {}

  Times measure(const OpCall& call) {
    std::vector<std::vector<float>> numbers;
    for (const Shape& shape : call.in_shapes) numbers.push_back(filled(call.kind, shape));
    std::vector<std::vector<float>> outputs;
    for (const Shape& shape : call.out_shapes) outputs.emplace_back(static_cast<std::size_t>(shape.size()));
    std::vector<const float*> in;
    for (const std::vector<float>& one : numbers) in.push_back(one.data());
    std::vector<float*> out;
    for (std::vector<float>& one : outputs) out.push_back(one.data());
    const Operands<float> operands{call.in_shapes, call.out_shapes, in, out};
    Times times;
    if (Program::work_of(call) <= kMostByReference)
      times.reference = shortest_seconds(budget_, [&] { op_info(call.kind).run_float(call.attributes, operands); });
    for (int threads = 1; threads <= kMostThreads; ++threads) {
      double& time = times.fast[threads - 1];
      time = times.reference;
      if (const FastKernel* kernel = fast_kernel(call.kind)) {
        ThreadPool pool(threads);
        std::vector<float> scratch(kernel->scratch_floats(call.attributes, call.in_shapes, call.out_shapes, threads));
        time = shortest_seconds(budget_, [&] { kernel->run(call.attributes, operands, {scratch, &pool, threads}); });
      }
    }
    print(call, times);
    return times;
  }

  void lenet_forward() {
    const DigitClassifier lenet = build_digit_model({.batch = 1});
    const Program& program = lenet.graph.program();
    const auto last = static_cast<std::size_t>(program.info(lenet.head.probabilities).producer);
    CpuBackend backend(program);
    initialize(program, backend.buffers(), 1);
    for (int threads = 1; threads <= kMostThreads; ++threads) {
      ThreadPool pool(threads);
      backend.use_threads(&pool);
      const double time = shortest_seconds(4 * budget_, [&] {
        for (std::size_t number = 0; number <= last; ++number) backend.enqueue(number);
      });
      backend.use_threads(nullptr);
      std::printf("{\"work\": \"LeNet forward, one image\", \"threads\": %d, \"ms\": %.4f}\n", threads, time * 1e3);
    }
  }

 private:
  static constexpr std::int64_t kMostByReference = 1 << 29;

  std::vector<float> filled(OpKind kind, const Shape& shape) {
    std::vector<float> values(static_cast<std::size_t>(shape.size()));
    const bool labels = kind == OpKind::kSoftmaxCrossEntropy || kind == OpKind::kSoftmaxCrossEntropyGrad;
    for (float& value : values) value = labels && shape.rank() == 1 ? 1.0f : rng_.uniform(0.1f, 1.0f) - 0.05f;
    return values;
  }

  static void print(const OpCall& call, const Times& times) {
    std::string operands;
    for (const Shape& shape : call.in_shapes)
      if (shape.size() > 1) operands += (operands.empty() ? "" : " ") + shape.text();
    const bool product = call.kind == OpKind::kMatMul || call.kind == OpKind::kConv2d ||
                         call.kind == OpKind::kConv2dInputGrad || call.kind == OpKind::kConv2dKernelGrad;
    for (int threads = 1; threads <= kMostThreads; ++threads) {
      const double time = times.fast[threads - 1];
      std::printf("{\"op\": \"%s\", \"operands\": \"%s\", \"threads\": %d, \"ms\": %.5f",
                  std::string(op_info(call.kind).name).c_str(), operands.c_str(), threads, time * 1e3);
      if (times.reference > 0.0)
        std::printf(", \"reference_ms\": %.4f, \"ratio\": %.1f", times.reference * 1e3, times.reference / time);
      if (product) std::printf(", \"gflops\": %.1f", 2.0 * static_cast<double>(Program::work_of(call)) / time * 1e-9);
      std::printf("}\n");
    }
    std::fflush(stdout);
  }

  double budget_;
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
  bench::print_peak();
  Bench bench(budget);
  for (const int size : {64, 128, 256, 512, 1024})
    bench.measure(call_of(OpKind::kMatMul, {{size, size}, {size, size}}));
  bench.measure(call_of(OpKind::kConv2d, {{32, 1, 28, 28}, {20, 1, 5, 5}}));
  bench.measure(call_of(OpKind::kConv2d, {{32, 20, 12, 12}, {50, 20, 5, 5}}));
  bench.measure(call_of(OpKind::kConv2d, {{32, 16, 32, 32}, {32, 16, 3, 3}}, {.pad = 1}));
  bench.lenet_forward();
  bench.measure(call_of(OpKind::kMatMul, {{1, 784}, {128, 784}}, {.transpose_b = true}));
  bench.measure(call_of(OpKind::kAveragePool, {{32, 20, 24, 24}}));
  bench.measure(call_of(OpKind::kAveragePoolGrad, {{32, 20, 12, 12}}, {.shape = {32, 20, 24, 24}}));
  const DigitClassifier lenet = build_digit_model({.batch = batch});
  Program program = lenet.graph.program();
  append_backward(program, lenet.head.loss);
  append_updates(program, OptimizerKind::kMomentum);
  Times total;
  for (const OpCall& call : program.calls) {
    const Times times = bench.measure(call);
    total.reference += times.reference;
    for (int i = 0; i < kMostThreads; ++i) total.fast[i] += times.fast[i];
  }
  for (int i = 0; i < kMostThreads; ++i)
    std::printf(
        "{\"work\": \"a training step of LeNet\", \"batch\": %d, \"threads\": %d, \"ms\": %.4f, \"reference_ms\": "
        "%.2f, \"ratio\": %.1f}\n",
        batch, i + 1, total.fast[i] * 1e3, total.reference * 1e3, total.reference / total.fast[i]);
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
