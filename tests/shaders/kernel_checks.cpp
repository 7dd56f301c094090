// Each op of ops.def: sample calls, size sweeps and special operands against the reference kernel in double, with guards
// behind every tensor. Sums of products run in all forms.
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/text.h"
#include "engine/math/rng.h"
#include "engine/ops/conv2d.h"
#include "tests/engine/ops/parity_cases.h"
#include "tests/engine/support/random_calls.h"
#include "tests/shaders/checks.h"

namespace chainrule::test {
namespace {

constexpr int kGuardFloats = 64;

/// Largest difference that is allowed, as a share of the largest number of the output, or of each number (own_share). Moves are
/// exact; +, ·, / and √ are rounded nearly as on the CPU, in another order; e^x of activations and softmax is the driver's.
double tolerance(OpKind kind) {
  switch (kind) {
    case OpKind::kMaxPool:
    case OpKind::kReshape:
    case OpKind::kConcat:
    case OpKind::kSlice:
    case OpKind::kNegate:
    case OpKind::kExtreme:
    case OpKind::kExtremeGrad:
    case OpKind::kFloatGap: return 0.0;
    case OpKind::kPower:
    case OpKind::kPowerBaseGrad:
    case OpKind::kPowerExponentGrad:
    case OpKind::kStepDecay:
    case OpKind::kExponentialDecay: return 2e-5;  // e^(b ln a) to about |b ln a| · 2e-7
    case OpKind::kSoftmax:
    case OpKind::kSoftmaxCrossEntropy: return 5e-6;
    case OpKind::kSum: return 1e-5;  // of terms of both signs: their sum is small, what is rounded is not
    default: return 2e-6;
  }
}

/// Is each number compared for itself? Where the numbers of one output are of very different sizes.
bool own_share(OpKind kind) { return kind == OpKind::kPower || kind == OpKind::kElementary || kind == OpKind::kDivide || kind == OpKind::kRepeats; }

bool is_gemm(OpKind kind) {
  return kind == OpKind::kMatMul || kind == OpKind::kConv2d || kind == OpKind::kConv2dInputGrad || kind == OpKind::kConv2dKernelGrad;
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

/// Around the edges of the GPU's tiles (8, 64 and 128), primes, and sums that are cut into slices.
void add_gpu_sizes(OpKind kind, Rng& rng, std::vector<SampleCall>& calls) {
  if (kind == OpKind::kMatMul)
    for (const auto& [M, N, K] : {std::array{1, 1, 1}, {7, 9, 8}, {8, 8, 15}, {9, 7, 17}, {63, 65, 16}, {64, 64, 64}, {65, 63, 33},
                                  {127, 131, 61}, {2, 3, 1021}, {10, 32, 1500}, {130, 5, 257}, {127, 129, 37},
                                  {128, 128, 16}, {132, 100, 52}, {129, 260, 515}, {256, 124, 600}, {16, 32, 7}, {31, 63, 40}}) {
      calls.push_back(filled(kind, {}, {{M, K}, {K, N}}, rng));
      calls.push_back(filled(kind, {.transpose_a = true, .transpose_b = true}, {{K, M}, {N, K}}, rng));
    }
  if (kind == OpKind::kConv2d || kind == OpKind::kConv2dInputGrad || kind == OpKind::kConv2dKernelGrad)
    for (const int pad : {0, 1}) {  // many maps, of which the large tile's edge cuts some off
      const Shape x{3, 12, 9, 8}, w{100, 12, 3, 3}, dy{3, 100, 7 + 2 * pad, 6 + 2 * pad};
      const OpAttributes forward{.pad = pad}, to_input{.pad = pad, .shape = x}, to_kernel{.pad = pad, .shape = w};
      if (kind == OpKind::kConv2d) calls.push_back(filled(kind, forward, {x, w}, rng));
      if (kind == OpKind::kConv2dInputGrad) calls.push_back(filled(kind, to_input, {dy, w}, rng));
      if (kind == OpKind::kConv2dKernelGrad) calls.push_back(filled(kind, to_kernel, {dy, x}, rng));
    }
  if (kind == OpKind::kSoftmax) calls.push_back(filled(kind, {}, {{257, 11}}, rng));
  if (kind == OpKind::kSum || kind == OpKind::kMean || kind == OpKind::kMeanMagnitude)
    for (const int size : {31, 32, 33, 2047, 2048, 2049, 70001}) calls.push_back(filled(kind, {}, {{size}}, rng));
  if (kind == OpKind::kAdd || kind == OpKind::kNegate)  // longer than one row of workgroups
    calls.push_back(filled(kind, {}, std::vector<Shape>(kind == OpKind::kAdd ? 2 : 1, Shape{4097, 257}), rng));
}

/// Numbers at which functions change their ways, and a wide range of others.
std::vector<float> special_numbers() {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  std::vector<float> all{0.0f, -0.0f, 1.0f, -1.0f, kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN(), 0.5f, -0.5f, 2.0f, -2.0f, 3.0f, -3.0f,
                         31.0f, 33.0f, 1e-6f, 1.000001f, 0.999999f, 88.0f, -86.0f, 1e30f, 1e-30f, 9999.0f, -1234.5f};
  for (float x = 0.013f; x < 20.0f; x *= 1.7f) all.insert(all.end(), {x, -x});
  return all;
}

/// Every special number, or every pair of them; a third operand is the gradient that comes back.
void add_special_operands(OpKind kind, std::vector<SampleCall>& calls) {
  const std::vector<float> numbers = special_numbers();
  const bool pairs = kind == OpKind::kDivide || kind == OpKind::kPower || kind == OpKind::kExtreme || kind == OpKind::kFloatGap;
  if (kind != OpKind::kElementary && !pairs) return;
  const int count = static_cast<int>(numbers.size());
  const int variants = kind == OpKind::kElementary ? static_cast<int>(kFunctionNames.size()) : kind == OpKind::kExtreme ? 2 : 1;
  for (int variant = 0; variant < variants; ++variant) {
    OpAttributes attributes;
    attributes.function = static_cast<Function>(variant);
    attributes.smaller = kind == OpKind::kExtreme && variant == 1;
    SampleCall call{kind, attributes, std::vector<Shape>(pairs ? 2 : 1, Shape{pairs ? count * count : count}), {}, {}};
    call.out_shapes = op_info(kind).infer(attributes, call.in_shapes);
    call.in.resize(call.in_shapes.size());
    const bool turns = kind == OpKind::kElementary && attributes.function >= Function::kSin;
    for (const float a : numbers) {
      if (!pairs) call.in[0].push_back(turns && std::abs(a) == 1e30f ? 1e4f : a);  // beyond that a turn is the driver's
      for (std::size_t i = 0; pairs && i < numbers.size(); ++i) call.in[0].push_back(a), call.in[1].push_back(numbers[i]);
    }
    calls.push_back(std::move(call));
  }
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
  add_special_operands(kind, calls);
  const std::vector<ParityCase> sweep = takes_any_numbers(kind) ? parity_cases(kind) : std::vector<ParityCase>{};
  const std::size_t stride = std::max<std::size_t>(sweep.size() / 60, 1);
  for (std::size_t i = 0; i < sweep.size(); i += stride) calls.push_back(filled(kind, sweep[i].attributes, sweep[i].in, rng));
  return calls;
}

std::vector<std::vector<double>> expected_of(const SampleCall& call) {
  std::vector<std::vector<double>> in, out;
  if (call.kind == OpKind::kFloatGap) {  // of floats: that of doubles is another
    for (const std::vector<float>& numbers : run(call)) out.emplace_back(numbers.begin(), numbers.end());
    return out;
  }
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

/// " of 0.5, -2": an element-wise call's operands there.
std::string operands_text(const SampleCall& call, std::size_t at) {
  std::string text;
  for (const std::vector<float>& numbers : call.in)
    if (at < numbers.size()) text += (text.empty() ? " of " : ", ") + shortest_text(numbers[at]);
  return text;
}

/// A number beyond what float holds is infinite there, one below what a GPU keeps may be 0.
double as_float(double value) { return static_cast<double>(static_cast<float>(value)); }

/// Not a number where the other is one, or another infinity.
bool other_kind(double actual, double expected) {
  if (std::isfinite(expected)) return !std::isfinite(actual);
  return std::isnan(expected) ? !std::isnan(actual) : actual != expected;
}

/// The largest difference as a share of the largest number, or of each; faults where it is too large or a guard was touched.
double compare(Bench& bench, const SampleCall& call, const std::string& what, std::size_t output, const std::vector<float>& actual) {
  const std::vector<double> expected = expected_of(call)[output];
  double largest = 1e-3;  // differences among numbers that are all tiny are rounding of larger ones
  for (const double number : expected)
    if (std::isfinite(as_float(number))) largest = std::max(largest, std::abs(number));
  double share = 0.0;
  std::size_t worst = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double is = static_cast<double>(actual[i]), should = as_float(expected[i]);
    if (std::isfinite(should) != std::isfinite(is) || !std::isfinite(should)) {
      if (other_kind(is, should)) share = 1e30, worst = i;
      continue;
    }
    const bool tiny = std::abs(should) < 1.2e-38 && std::abs(is) < 1.2e-38 && tolerance(call.kind) > 0.0;
    const double size = own_share(call.kind) ? std::max(std::abs(should), 1e-30) : largest;
    if (const double d = tiny ? 0.0 : std::abs(is - should) / size; d > share) share = d, worst = i;
  }
  if (!(share <= tolerance(call.kind)))
    bench.expect(false, what + ": element " + call.out_shapes[output].index_text(static_cast<std::int64_t>(worst)) + " of output " +
                            std::to_string(output) + " is " + shortest_text(actual[worst]) + ", not " + shortest_text(static_cast<float>(expected[worst])) +
                            operands_text(call, worst));
  for (std::size_t i = expected.size(); i < actual.size(); ++i)
    bench.expect(actual[i] == gpu::kGuard, what + ": wrote behind output " + std::to_string(output));
  return share;
}

Check check_op(Bench& bench, OpKind kind) {
  const std::vector<SampleCall> calls = calls_of(kind);
  double worst = 0.0;
  int runs = 0;
  for (const gpu::GemmForm form : gpu::kGemmForms) {
    if (form != gpu::kGemmForms[0] && !is_gemm(kind)) break;
    if (!has_form(bench, form)) continue;
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
  for (const OpKind kind : every_op())
    checks.push_back({"kernel " + std::string(op_info(kind).name), [kind](Bench& bench) { return check_op(bench, kind); }});
  return checks;
}

}  // namespace chainrule::test
