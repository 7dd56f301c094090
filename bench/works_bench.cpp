// The works of web/bench/works.h, natively: works_bench [seconds for each]. A line of JSON for each: median and the middle 80 %.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "web/bench/works.h"

namespace chainrule {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

void measure(const WorkInfo& info, double budget) {
  constexpr double kSample = 0.02;
  const std::unique_ptr<RunningWork> work = start_work(info.id);
  work->run();
  std::vector<double> values;
  for (const auto begin = Clock::now(); values.size() < 3 || seconds_since(begin) < budget;) {
    double amount = 0.0;
    const auto start = Clock::now();
    do amount += work->run();
    while (seconds_since(start) < kSample);
    values.push_back(work_value(info, amount, seconds_since(start)));
  }
  std::ranges::sort(values);
  const auto at = [&](std::size_t percent) { return values[std::min(values.size() - 1, values.size() * percent / 100)]; };
  std::printf("{\"id\": \"%s\", \"rate\": {\"median\": %.6g, \"low\": %.6g, \"high\": %.6g, \"samples\": %zu}}\n",
              std::string(info.id).c_str(), at(50), at(10), at(90), values.size());
  std::fflush(stdout);
}

}  // namespace
}  // namespace chainrule

int main(int count, char** arguments) {
  for (const chainrule::WorkInfo& info : chainrule::bench_works()) chainrule::measure(info, count > 1 ? std::atof(arguments[1]) : 1.0);
}
