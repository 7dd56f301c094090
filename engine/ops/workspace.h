// What a fast kernel has besides its operands: scratch memory, and threads to split its outputs over.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "engine/base/thread_pool.h"
#include "engine/ops/simd.h"

namespace chainrule {

/// How finely a call is split. A thread that has to be told costs about a microsecond, so a part is at least ten of
/// them.
struct Grain {
  std::ptrdiff_t least = 1;     // a part has at least so many
  std::ptrdiff_t multiple = 1;  // and, the last excepted, a multiple of so many
  int per_thread = 4;  // parts a thread: few where parts repeat work, else enough that a late thread holds up nobody
};

/// Multiply-adds, and numbers that are read and written once, that take some ten microseconds.
inline constexpr std::ptrdiff_t kMultiplyAddsWorthAPart = 1 << 17, kNumbersWorthAPart = 1 << 13;

/// The grain for things that cost `each` multiply-adds.
inline Grain grain_of_products(std::ptrdiff_t each) {
  return {std::max<std::ptrdiff_t>(1, kMultiplyAddsWorthAPart / std::max<std::ptrdiff_t>(1, each))};
}
/// The grain for things that cost reading and writing `each` numbers.
inline Grain grain_of_numbers(std::ptrdiff_t each) {
  return {std::max<std::ptrdiff_t>(1, kNumbersWorthAPart / std::max<std::ptrdiff_t>(1, each))};
}

/// A view; copying it is cheap.
struct Workspace {
  std::span<float> scratch;
  ThreadPool* pool = nullptr;
  int threads = 1;      // slots that scratch has room for; pool's threads()
  bool always = false;  // split whatever it costs, as tests do

  /// range(begin, end, slot) for stretches that make up 0 .. count − 1; slot < threads tells those apart that run at
  /// the same time. Ensures: without threads, or where it would not pay, one stretch, slot 0.
  template <class Range>
  void split(std::ptrdiff_t count, const Grain& grain, const Range& range) const {
    const std::ptrdiff_t least = always ? 1 : grain.least;
    if (threads == 1 || count <= least) return range(std::ptrdiff_t{0}, count, 0);
    const std::ptrdiff_t most = std::ptrdiff_t{threads} * grain.per_thread;
    std::ptrdiff_t part = std::max(least, (count + most - 1) / most);
    part = (part + grain.multiple - 1) / grain.multiple * grain.multiple;
    pool->parallel_for(static_cast<int>((count + part - 1) / part),
                       [&](int number, int slot) { range(number * part, std::min(count, (number + 1) * part), slot); });
  }
};

/// simd::map, split over threads; a rule costs as much as reading and writing `cost` numbers.
template <class Rule, class... In>
void map_all(const Workspace& workspace, std::ptrdiff_t cost, std::int64_t size, Rule rule, float* out,
             const In*... in) {
  const Grain grain{kNumbersWorthAPart / cost, 4 * simd::kLanes};
  workspace.split(static_cast<std::ptrdiff_t>(size), grain, [&](std::ptrdiff_t begin, std::ptrdiff_t end, int) {
    simd::map(end - begin, rule, out + begin, (in + begin)...);
  });
}

}  // namespace chainrule
