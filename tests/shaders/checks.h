// Checks that run on a graphics device: coroutines, because its answers come later.
#pragma once

#include <coroutine>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/backend/webgpu/webgpu_program.h"
#include "engine/data/dataset.h"

namespace chainrule::test {

/// `co_await later` waits for the next tick of the page.
inline constexpr std::suspend_always later{};

class Check {
 public:
  struct promise_type {
    Check get_return_object() { return Check(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::abort(); }
  };
  explicit Check(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Check(Check&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Check& operator=(Check&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Check() {
    if (handle_) handle_.destroy();
  }
  /// True when it is done.
  bool tick() {
    if (!handle_.done()) handle_.resume();
    return handle_.done();
  }

 private:
  std::coroutine_handle<promise_type> handle_;
};

/// What a check works with, and what it says.
struct Bench {
  gpu::Device* device = nullptr;
  gpu::Pipelines* pipelines = nullptr;
  const ImageSet* digits = nullptr;  // real ones: the first 9,000 to train with, the last 1,000 to test with
  std::vector<std::string> faults;
  std::string remark;                // a figure for the log
  void expect(bool condition, const std::string& fault) {
    if (!condition && faults.size() < 20) faults.push_back(fault);
  }
};

/// What a form of sums of products is called in the names of checks.
inline std::string form_name(gpu::GemmForm form) {
  constexpr const char* kNames[] = {"tiled", "registers", "large", "quads"};
  return kNames[static_cast<std::size_t>(form)];
}
/// Can the device compute so?
inline bool has_form(const Bench& bench, gpu::GemmForm form) { return form != gpu::GemmForm::kQuads || bench.device->limits().subgroups; }

struct NamedCheck {
  std::string name;
  std::function<Check(Bench&)> start;
};

/// Every kernel against the reference kernel of its op.
std::vector<NamedCheck> kernel_checks();
/// Trainings against the CPU backend.
std::vector<NamedCheck> training_checks();
/// Losses of planes against the CPU's.
std::vector<NamedCheck> plane_checks();
/// What happens when things go wrong. They spoil the device: to be run last.
std::vector<NamedCheck> failure_checks();
/// What takes many minutes, only where a word that is given begins with "long".
std::vector<NamedCheck> long_checks();
/// Those of planes, which "speed of planes" asks for.
std::vector<NamedCheck> plane_speed_checks();
/// Measurements, only where a word that is given begins with "speed".
std::vector<NamedCheck> speed_checks();

}  // namespace chainrule::test
