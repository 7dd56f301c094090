// Each op that has a GPU kernel: sample calls and size sweeps against the reference kernel in double, with guards behind
// every tensor. Sums of products run in both forms.
#include <algorithm>
#include <cmath>

#include "engine/math/rng.h"
#include "engine/ops/conv2d.h"
#include "tests/engine/ops/parity_cases.h"
#include "tests/engine/support/random_calls.h"
#include "tests/shaders/checks.h"

namespace chainrule::test {
namespace {

constexpr int kGuardFloats = 64;

/// Largest difference that is allowed, as a share of the largest number of the output. Moves are exact; +, ·, / and √ are
/// rounded nearly as on the CPU, in another order; exp, log and atan are the driver's.
double tolerance(OpKind kind) {
  switch (kind) {
    case OpKind::kMaxPool:
    case OpKind::kReshape:
    case OpKind::kConcat:
    case OpKind::kSlice:
    case OpKind::kNegate: return 0.0;
    case OpKind::kActivate:
    case OpKind::kActivateGrad: return 2e-5;  // atan of drivers
    case OpKind::kSoftmax:
    case OpKind::kSoftmaxCrossEntropy: return 5e-6;
    case OpKind::kSum: return 1e-5;  // of terms of both signs: their sum is small, what is rounded is not
    default: return 2e-6;
  }
}

bool is_gemm(OpKind kind) {
  return kind == OpKind::kMatMul || kind == OpKind::kConv2d || kind == OpKind::kConv2dInputGrad || kind == OpKind::kConv2dKernelGrad;
}

OpCall op_call(const SampleCall& call) {
  OpCall made;
  made.kind = call.kind;
  made.attributes = call.attributes;
  made.in_shapes = call.in_shapes;
  made.out_shapes = call.out_shapes;
  return made;
}

SampleCall filled(OpKind kind, const OpAttributes& attributes, std::vector<Shape> in, Rng& rng) {
  SampleCall call{kind, attributes, std::move(in), {}, {}};
  call.out_shapes = op_info(kind).infer(attributes, call.in_shapes);
  for (const Shape& shape : call.in_shapes) {
    std::vector<float>& numbers = call.in.emplace_back(static_cast<std::size_t>(shape.size()));
    for (float& number : numbers) number = rng.uniform(-1.0f, 1.0f);
  }
  return call;
}

/// Around the edges of the GPU's tiles (8 and 64), primes, and sums that are cut into slices.
void add_gpu_sizes(OpKind kind, Rng& rng, std::vector<SampleCall>& calls) {
  if (kind == OpKind::kMatMul)
    for (const auto& [M, N, K] : {std::array{1, 1, 1}, {7, 9, 8}, {8, 8, 15}, {9, 7, 17}, {63, 65, 16}, {64, 64, 64}, {65, 63, 33},
                                  {127, 131, 61}, {2, 3, 1021}, {10, 32, 1500}, {130, 5, 257}}) {
      calls.push_back(filled(kind, {}, {{M, K}, {K, N}}, rng));
      calls.push_back(filled(kind, {.transpose_a = true, .transpose_b = true}, {{K, M}, {N, K}}, rng));
    }
  if (kind == OpKind::kSoftmax) calls.push_back(filled(kind, {}, {{257, 11}}, rng));
  if (kind == OpKind::kSum || kind == OpKind::kMean || kind == OpKind::kMeanMagnitude)
    for (const int size : {31, 32, 33, 2047, 2048, 2049, 70001}) calls.push_back(filled(kind, {}, {{size}}, rng));
  if (kind == OpKind::kAdd || kind == OpKind::kNegate)  // longer than one row of workgroups
    calls.push_back(filled(kind, {}, std::vector<Shape>(kind == OpKind::kAdd ? 2 : 1, Shape{4097, 257}), rng));
}

/// Are all operands just numbers? Others want labels, probabilities or means of squares, as their sample calls have them.
bool takes_any_numbers(OpKind kind) {
  switch (kind) {
    case OpKind::kMaxPool:
    case OpKind::kMaxPoolGrad:
    case OpKind::kAveragePool:
    case OpKind::kAveragePoolGrad:
    case OpKind::kBias:
    case OpKind::kBiasGrad:
    case OpKind::kActivate:
    case OpKind::kActivateGrad:
    case OpKind::kSoftmax:
    case OpKind::kSoftmaxGrad: return true;
    default: return is_gemm(kind);
  }
}

std::vector<SampleCall> calls_of(OpKind kind) {
  std::vector<SampleCall> calls = sample_calls(kind, 1);
  Rng rng(7, "shaders", static_cast<std::uint64_t>(kind));
  add_gpu_sizes(kind, rng, calls);
  const std::vector<ParityCase> sweep = takes_any_numbers(kind) ? parity_cases(kind) : std::vector<ParityCase>{};
  const std::size_t stride = std::max<std::size_t>(sweep.size() / 60, 1);
  for (std::size_t i = 0; i < sweep.size(); i += stride) calls.push_back(filled(kind, sweep[i].attributes, sweep[i].in, rng));
  return calls;
}

std::vector<std::vector<double>> expected_of(const SampleCall& call) {
  std::vector<std::vector<double>> in, out;
  std::vector<const double*> in_pointers;
  std::vector<double*> out_pointers;
  for (const std::vector<float>& numbers : call.in) in.emplace_back(numbers.begin(), numbers.end());
  for (const Shape& shape : call.out_shapes) out.emplace_back(static_cast<std::size_t>(shape.size()));
  for (const auto& numbers : in) in_pointers.push_back(numbers.data());
  for (auto& numbers : out) out_pointers.push_back(numbers.data());
  op_info(call.kind).run_double(call.attributes, {call.in_shapes, call.out_shapes, in_pointers, out_pointers});
  return out;
}

/// One call as a program, at work on the device.
struct Running {
  Program program;
  std::vector<TensorId> outputs;
  std::unique_ptr<gpu::WebGpuProgram> gpu;
  std::vector<gpu::Ticket> tickets;
};

std::unique_ptr<Running> start(Bench& bench, const SampleCall& call, gpu::GemmForm form) {
  auto running = std::make_unique<Running>();
  Program& program = running->program;
  std::vector<TensorId> inputs;
  for (std::size_t slot = 0; slot < call.in.size(); ++slot) {
    TensorInfo info;
    info.name = "in" + std::to_string(slot);
    info.shape = call.in_shapes[slot];
    info.kind = TensorKind::kInput;
    inputs.push_back(program.add_tensor(info));
  }
  program.add_call(call.kind, call.attributes, inputs, "out", TensorKind::kActivation, Phase::kForward);
  running->outputs = program.calls[0].outputs;
  auto made = gpu::WebGpuProgram::create(*bench.pipelines, program, {.form = form, .keep = running->outputs, .guard_floats = kGuardFloats});
  if (!made.ok()) {
    bench.expect(false, made.error_message());
    return nullptr;
  }
  running->gpu = std::move(made).value();
  for (std::size_t slot = 0; slot < call.in.size(); ++slot) running->gpu->upload(inputs[slot], call.in[slot]);
  running->gpu->run(1);
  for (const TensorId output : running->outputs) running->tickets.push_back(running->gpu->read(output));
  return running;
}

/// The largest difference as a share of the largest number; faults where it is too large or a guard was touched.
double compare(Bench& bench, const SampleCall& call, const std::string& what, std::size_t output, const std::vector<float>& actual) {
  const std::vector<double> expected = expected_of(call)[output];
  double largest = 1e-30, difference = 0.0;
  std::size_t worst = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    const double d = std::abs(static_cast<double>(actual[i]) - expected[i]);
    if (!(d <= difference)) difference = d, worst = i;
  }
  // Differences among numbers that are all tiny are rounding of larger ones.
  const double share = difference / std::max(largest, 1e-3);
  if (!(share <= tolerance(call.kind)))
    bench.expect(false, what + ": element " + call.out_shapes[output].index_text(static_cast<std::int64_t>(worst)) + " of output " +
                            std::to_string(output) + " is " + std::to_string(actual[worst]) + ", not " + std::to_string(expected[worst]));
  for (std::size_t i = expected.size(); i < actual.size(); ++i)
    bench.expect(actual[i] == gpu::kGuard, what + ": wrote behind output " + std::to_string(output));
  return share;
}

Check check_op(Bench& bench, OpKind kind) {
  const std::vector<SampleCall> calls = calls_of(kind);
  double worst = 0.0;
  int runs = 0;
  for (const gpu::GemmForm form : {gpu::GemmForm::kTiled, gpu::GemmForm::kRegisters}) {
    if (form == gpu::GemmForm::kRegisters && !is_gemm(kind)) break;
    constexpr std::size_t kTogether = 40;
    for (std::size_t first = 0; first < calls.size(); first += kTogether) {
      std::vector<std::unique_ptr<Running>> running;
      const std::size_t end = std::min(first + kTogether, calls.size());
      for (std::size_t i = first; i < end; ++i) running.push_back(start(bench, calls[i], form));
      for (std::size_t i = first; i < end; ++i) {
        if (running[i - first] == nullptr) co_return;
        for (std::size_t output = 0; output < running[i - first]->tickets.size(); ++output) {
          std::optional<std::vector<float>> actual;
          while (!(actual = running[i - first]->gpu->poll(running[i - first]->tickets[output]))) {
            if (bench.device->state() != gpu::DeviceState::kReady) {
              bench.expect(false, describe(calls[i], i) + ": " + bench.device->message());
              co_return;
            }
            co_await later;
          }
          worst = std::max(worst, compare(bench, calls[i], describe(calls[i], i), output, *actual));
          ++runs;
        }
        running[i - first].reset();
      }
    }
  }
  bench.remark = std::to_string(runs) + " runs, largest relative difference " + std::to_string(worst * 1e6) + "e-6";
}

}  // namespace

std::vector<NamedCheck> kernel_checks() {
  std::vector<NamedCheck> checks;
  for (const OpKind kind : every_op()) {
    const SampleCall sample = sample_calls(kind, 1).front();
    if (gpu::supports(op_call(sample)))
      checks.push_back({"kernel " + std::string(op_info(kind).name), [kind](Bench& bench) { return check_op(bench, kind); }});
  }
  return checks;
}

}  // namespace chainrule::test
