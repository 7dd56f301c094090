// The checks as a program for a page or for node: checks_start(), then checks_tick() until it says "done".
#include <emscripten.h>

#include <cstdio>

#include "tests/shaders/checks.h"
#include "web/gpu/gpu.h"

namespace chainrule::test {
namespace {

struct Run {
  std::vector<NamedCheck> checks;
  std::size_t next = 0;
  std::optional<Check> current;
  Bench bench;
  std::unique_ptr<gpu::Pipelines> pipelines;
  ImageSet digits;
  std::string said;
  double began = 0.0;
};

Run& the_run() {
  static Run run;
  return run;
}

void append(std::vector<NamedCheck>& all, std::vector<NamedCheck> more, const std::string& word) {
  for (NamedCheck& check : more)
    if (check.name.find(word) != std::string::npos) all.push_back(std::move(check));
}

void finish_one(Run& run) {
  const NamedCheck& check = run.checks[run.next];
  const int milliseconds = static_cast<int>(emscripten_get_now() - run.began);
  run.said = (run.bench.faults.empty() ? "ok      " : "FAILED  ") + check.name + "  " + std::to_string(milliseconds) + " ms  " + run.bench.remark;
  for (const std::string& fault : run.bench.faults) run.said += "\n        " + fault;
  run.bench.faults.clear();
  run.bench.remark.clear();
  run.current.reset();
  ++run.next;
}

}  // namespace
}  // namespace chainrule::test

extern "C" {

using namespace chainrule;

/// Asks for the device. Digits: [count] pictures of 784 bytes, then [count] labels.
EMSCRIPTEN_KEEPALIVE void checks_start(const char* word, const std::uint8_t* digits, int count) {
  test::Run& run = test::the_run();
  const bool measures = std::string_view(word).starts_with("speed"), is_long = std::string_view(word).starts_with("long");
  for (auto* checks : {test::speed_checks, test::plane_speed_checks})
    if (measures) test::append(run.checks, checks(), word);
  if (is_long) test::append(run.checks, test::long_checks(), word);
  for (auto* checks : {test::kernel_checks, test::training_checks, test::plane_checks, test::failure_checks})
    if (!measures && !is_long) test::append(run.checks, checks(), word);
  run.digits.count = count;
  run.digits.height = run.digits.width = 28;
  run.digits.classes = 10;
  run.digits.pixels.assign(digits, digits + count * 784);
  run.digits.labels.assign(digits + count * 784, digits + count * 785);
  run.bench.digits = &run.digits;
  gpu::request_device();
}

/// "" while at work, a line or several when a check is done, "done" after the last; "none: why" without a device.
EMSCRIPTEN_KEEPALIVE const char* checks_tick() {
  test::Run& run = test::the_run();
  run.said.clear();
  if (gpu::access() == gpu::Access::kAsked) return "";
  if (gpu::access() == gpu::Access::kNone) {
    run.said = "none: " + gpu::refusal();
    return run.said.c_str();
  }
  if (run.pipelines == nullptr) {
    run.bench.device = &gpu::device();
    run.pipelines = std::make_unique<gpu::Pipelines>(gpu::device());
    run.bench.pipelines = run.pipelines.get();
    run.said = "adapter " + gpu::device().limits().name + (gpu::device().limits().fallback ? " (fallback)" : "");
    return run.said.c_str();
  }
  if (run.next == run.checks.size()) return "done";
  if (!run.current) {
    run.began = emscripten_get_now();
    run.current.emplace(run.checks[run.next].start(run.bench));
  }
  if (run.current->tick()) test::finish_one(run);
  return run.said.c_str();
}
}
