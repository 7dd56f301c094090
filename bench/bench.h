// What the benchmarks share: a stopwatch that other programs disturb little, the machine's peak, lines of JSON.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include "engine/ops/simd.h"

namespace chainrule::bench {

inline double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// The shortest of many runs within `budget` seconds: other programs only ever add time.
template <class Run>
double shortest_seconds(double budget, Run run) {
  using Clock = std::chrono::steady_clock;
  constexpr double kLongEnough = 100e-6;  // clocks tick in microseconds
  int repeats = 1;
  double shortest = 1e30;
  const auto begin = Clock::now();
  do {
    const auto start = Clock::now();
    for (int i = 0; i < repeats; ++i) run();
    const double time = seconds_since(start);
    if (time < kLongEnough)
      repeats *= 2;
    else
      shortest = std::min(shortest, time / repeats);
  } while (seconds_since(begin) < budget);
  return shortest;
}

inline constexpr int kChains = 12, kLinks = 1000;

/// Chains of x·m + a, multiplied and added in two instructions as the kernels do, as many as hide the latency.
inline void multiply_and_add(simd::f32x4* chains, simd::f32x4 m, simd::f32x4 a) {
  simd::f32x4 x[kChains];
#pragma GCC unroll 12
  for (int i = 0; i < kChains; ++i) x[i] = chains[i];
  for (int link = 0; link < kLinks; ++link)
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) x[i] = x[i] * m + a;
#pragma GCC unroll 12
  for (int i = 0; i < kChains; ++i) chains[i] = x[i];
}

/// What one core can do at most without fused multiply-adds: absolute goals are scaled by it.
inline double peak_gflops(double budget) {
  simd::f32x4 chains[kChains] = {};
  // wasm-opt would inline the function into one that runs on and on, and V8 improves functions only from call to call.
  void (*volatile called)(simd::f32x4*, simd::f32x4, simd::f32x4) = multiply_and_add;
  const double time = shortest_seconds(budget, [&] { called(chains, simd::splat(0.5f), simd::splat(1.0f)); });
  return kChains * kLinks * 2.0 * simd::kLanes / time * 1e-9;
}

/// {"work": "peak", ...}, the line with which each program begins.
inline void print_peak() {
  std::printf("{\"work\": \"packed multiply and add\", \"threads\": 1, \"gflops\": %.1f}\n", peak_gflops(0.3));
}

}  // namespace chainrule::bench
