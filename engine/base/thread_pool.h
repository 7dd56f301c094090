// ThreadPool: several threads share one call's outputs. Who takes which part changes no result, as no part reads
// another's.
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>

namespace chainrule {

/// A caller and up to seven workers. Workers are made when first needed; where none can be made (a web page that is not
/// isolated), the caller does everything. The caller may be a browser's main thread: it waits for no lock, and for no
/// worker that has not begun: whoever is there takes the next part.
class ThreadPool {
 public:
  static constexpr int kMostThreads = 8;

  /// Requires: 1 <= threads <= kMostThreads, the caller among them.
  explicit ThreadPool(int threads);
  /// Waits for nobody: workers end by themselves.
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;
  /// Requires: no call of parallel_for is under way.
  void set_threads(int threads);
  /// Workers that were made so far.
  int workers() const;

  /// Calls part(number, slot) once for each number 0 .. parts − 1, in any order, on any thread; slot 0 .. threads() − 1
  /// tells the threads that run at the same time apart. Ensures: all are done when it returns; nothing is allocated
  /// after the first call. A call from within a part, or from a second thread at the same time, is done by its caller
  /// alone, slot 0: what slots index must not be shared by two callers. Requires: parts < 32768.
  template <class Part>
  void parallel_for(int parts, const Part& part) {
    static_assert(std::is_invocable_v<const Part&, int, int>);
    run(
        parts, [](const void* context, int number, int slot) { (*static_cast<const Part*>(context))(number, slot); },
        &part);
  }

 private:
  using Run = void (*)(const void* context, int number, int slot);
  struct Shared;
  void run(int parts, Run call, const void* context);
  void make_workers();

  std::shared_ptr<Shared> shared_;
  bool made_all_ = false;  // or as many as there can be
};

}  // namespace chainrule
