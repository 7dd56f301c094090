// The works of web/bench/works.h, natively: works_bench [seconds for each] [threads]. A line of JSON for each: median and the middle 80 %.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "web/bench/works.h"

namespace chainrule {
namespace {

void measure(const WorkInfo& info, double budget, ThreadPool& pool) {
  using Clock = std::chrono::steady_clock;
  const std::unique_ptr<RunningWork> work = start_work(info.id, &pool);
  WorkMeter meter(info);
  while (!meter.done(budget)) {
    const auto begin = Clock::now();
    const double amount = work->run();
    meter.add(amount, std::chrono::duration<double>(Clock::now() - begin).count());
  }
  const WorkResult result = meter.result();
  std::printf("{\"id\": \"%s\", \"rate\": {\"median\": %.6g, \"low\": %.6g, \"high\": %.6g, \"samples\": %d}}\n",
              std::string(info.id).c_str(), result.median, result.low, result.high, result.samples);
  std::fflush(stdout);
}

}  // namespace
}  // namespace chainrule

int main(int count, char** arguments) {
  chainrule::ThreadPool pool(count > 2 ? std::atoi(arguments[2]) : 1);
  for (const chainrule::WorkInfo& info : chainrule::bench_works()) chainrule::measure(info, count > 1 ? std::atof(arguments[1]) : 1.0, pool);
}
