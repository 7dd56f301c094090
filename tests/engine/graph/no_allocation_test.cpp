// Running a compiled step allocates nothing: operator new is counted while all calls of LeNet's step run on the CPU backend.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>

#include "engine/backend/cpu/cpu_backend.h"
#include "engine/nn/models.h"
#include "engine/optim/optimizer.h"

#if defined(__SANITIZE_ADDRESS__)
#define CHAINRULE_SANITIZER_NEW 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CHAINRULE_SANITIZER_NEW 1
#endif
#endif

namespace {
std::atomic<long> allocations{0};
}  // namespace

#ifdef CHAINRULE_SANITIZER_NEW
// The sanitizers keep an operator new of their own, which finds mismatched deletes; they tell a hook about each allocation.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*malloc_hook)(const volatile void*, std::size_t),
                                                         void (*free_hook)(const volatile void*));
namespace {
const int installed = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t) { allocations.fetch_add(1, std::memory_order_relaxed); },
    [](const volatile void*) {});
}  // namespace
#else
namespace {
void* counted(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}
}  // namespace
// The other forms of new and delete call these. Over-aligned ones keep the library's.
void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace chainrule {
namespace {

#ifdef CHAINRULE_SANITIZER_NEW
TEST(NoAllocation, HookIsInstalled) { EXPECT_GT(installed, 0); }
#endif

TEST(NoAllocation, CounterCounts) {
  const long before = allocations.load();
  const auto numbers = std::make_unique<std::vector<float>>(1000);
  EXPECT_GE(allocations.load() - before, 2) << "the vector and its numbers";
  EXPECT_EQ(numbers->size(), 1000u);
}

Program step_program(DigitModel model, OptimizerKind optimizer) {
  const DigitClassifier built = build_digit_model({.model = model, .batch = 2});
  Program program = built.graph.program();
  append_backward(program, built.head.loss);
  append_updates(program, optimizer);
  return program;
}

void expect_no_allocation(DigitModel model, OptimizerKind optimizer, ThreadPool& pool) {
  const Program program = step_program(model, optimizer);
  CpuBackend backend(program);
  backend.use_threads(&pool);
  for (const TensorId id : program.of_kind(TensorKind::kParameter)) {
    int i = 0;
    for (float& w : backend.buffers()[id]) w = 0.01f * static_cast<float>(++i % 7 - 3);
  }
  const std::vector<float> x(2 * 28 * 28, 0.5f);
  const TensorId input = program.find("x");
  const auto step = [&] {
    backend.begin_step();
    backend.upload(input, x);
    for (std::size_t call = 0; call < program.calls.size(); ++call) backend.enqueue(call);
    return backend.poll(backend.read(program.loss)).has_value();
  };
  ASSERT_TRUE(step()) << "warm-up";
  const long before = allocations.load();
  const bool read = step();
  const long after = allocations.load();
  EXPECT_TRUE(read);
  EXPECT_EQ(after - before, 0) << kDigitModelNames[static_cast<std::size_t>(model)] << " on " << pool.threads() << " threads";
}

TEST(NoAllocation, StepsOnTheCpuBackend) {
  for (const int threads : {1, 2, 3, 8}) {
    ThreadPool pool(threads);
    // New threads have allocations of their own: all of them have begun once each holds a part.
    std::atomic<int> begun{0};
    const int wanted = threads;
    pool.parallel_for(threads, [&](int, int) {
      ++begun;
      for (int wait = 0; begun < std::min(wanted, 1 + pool.workers()) && wait < 10'000'000; ++wait) continue;
    });
    for (const DigitModel model : {DigitModel::kLenet, DigitModel::kMlp, DigitModel::kLinear})
      for (const OptimizerKind optimizer : {OptimizerKind::kSgd, OptimizerKind::kMomentum, OptimizerKind::kAdam})
        expect_no_allocation(model, optimizer, pool);
  }
}

// The reference kernels allocate nothing either, in any call of the step.
TEST(NoAllocation, ReferenceKernels) {
  const Program program = step_program(DigitModel::kMlp, OptimizerKind::kAdam);
  Buffers<float> buffers(program);
  const long before = allocations.load();
  for (const OpCall& call : program.calls) run_reference(call, buffers);
  buffers.trade_places();
  const long after = allocations.load();
  EXPECT_EQ(after - before, 0);
}

}  // namespace
}  // namespace chainrule
