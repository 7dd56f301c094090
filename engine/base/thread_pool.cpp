// One atomic number holds the job that is open: its generation, how many parts it has and which is next. To take a part
// is to count it up; as the caller does not return before every part that was taken is done, whoever took one finds the
// job in place. pthread and not std::thread, which throws where no thread can be made.
#include "engine/base/thread_pool.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>

#include "engine/base/check.h"

namespace chainrule {
namespace {

// For some tens of µs: longer than the small calls between two large ones, shorter than a person or a battery notices.
#if defined(__wasm__)
constexpr int kSpins = 20000;  // there is no pause instruction
void pause() {}
#elif defined(__x86_64__) || defined(__i386__)
constexpr int kSpins = 1500;
void pause() { __builtin_ia32_pause(); }
#else
constexpr int kSpins = 10000;
void pause() {}
#endif

constexpr std::uint64_t kNext = 1, kParts = 1ull << 16, kGeneration = 1ull << 32;
constexpr std::size_t kStackBytes = 256 * 1024;

int next_of(std::uint64_t job) { return static_cast<int>(job & 0xffff); }
int parts_of(std::uint64_t job) { return static_cast<int>(job >> 16 & 0xffff); }
bool open(std::uint64_t job) { return next_of(job) < parts_of(job); }

}  // namespace

/// Kept alive by the pool and by each worker.
struct ThreadPool::Shared {
  std::atomic<std::uint64_t> job{0};
  std::atomic<int> done{0};
  std::atomic<int> threads{1};
  std::atomic<int> asleep{0};
  std::atomic<bool> busy{false}, stop{false};
  int workers = 0;  // the caller's own
  // Written while no part is taken.
  Run call = nullptr;
  const void* context = nullptr;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

  ~Shared() {
    pthread_cond_destroy(&changed);
    pthread_mutex_destroy(&mutex);
  }

  /// Takes parts until none is left. False: there was none.
  bool take_parts(int slot) {
    bool took = false;
    std::uint64_t now = job.load(std::memory_order_acquire);
    while (open(now) && slot < threads.load(std::memory_order_relaxed)) {
      if (!job.compare_exchange_weak(now, now + kNext, std::memory_order_acq_rel, std::memory_order_acquire)) continue;
      call(context, next_of(now), slot);
      done.fetch_add(1, std::memory_order_release);
      took = true;
      now = job.load(std::memory_order_acquire);
    }
    return took;
  }

  bool something_for(int slot) const { return stop.load() || (open(job.load()) && slot < threads.load()); }

  void sleep(int slot) {
    pthread_mutex_lock(&mutex);
    // Announced before the last look at the job, which the caller opens before its look at the sleepers.
    asleep.fetch_add(1);
    while (!something_for(slot)) pthread_cond_wait(&changed, &mutex);
    asleep.fetch_sub(1);
    pthread_mutex_unlock(&mutex);
  }

  void wake() {
    if (asleep.load() == 0) return;
    pthread_mutex_lock(&mutex);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
  }

  void work(int slot) {
    int idle = 0;
    while (!stop.load(std::memory_order_acquire)) {
      if (take_parts(slot)) {
        idle = 0;
      } else if (++idle < kSpins) {
        pause();
      } else {
        sleep(slot);
        idle = 0;
      }
    }
  }
};

ThreadPool::ThreadPool(int threads) : shared_(std::make_shared<Shared>()) { set_threads(threads); }

ThreadPool::~ThreadPool() {
  shared_->stop.store(true);
  shared_->wake();
}

int ThreadPool::threads() const { return shared_->threads.load(std::memory_order_relaxed); }
int ThreadPool::workers() const { return shared_->workers; }

void ThreadPool::set_threads(int threads) {
  CHECK(threads >= 1 && threads <= kMostThreads, threads, " threads");
  shared_->threads.store(threads);
  made_all_ = false;
}

void ThreadPool::make_workers() {
  struct Start {
    std::shared_ptr<Shared> shared;
    int slot;
  };
  made_all_ = true;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  while (shared_->workers < threads() - 1) {
    auto start = std::make_unique<Start>(Start{shared_, shared_->workers + 1});
    const auto body = [](void* argument) -> void* {
      const std::unique_ptr<Start> mine(static_cast<Start*>(argument));
      mine->shared->work(mine->slot);
      return nullptr;
    };
    pthread_t thread;
    if (pthread_create(&thread, &attributes, body, start.get()) != 0) break;
    static_cast<void>(start.release());
    ++shared_->workers;
  }
  pthread_attr_destroy(&attributes);
}

void ThreadPool::run(int parts, Run call, const void* context) {
  CHECK(parts >= 0 && parts < 32768, parts, " parts");
  Shared& shared = *shared_;
  if (parts <= 1 || threads() == 1 || shared.busy.exchange(true, std::memory_order_acquire)) {
    for (int number = 0; number < parts; ++number) call(context, number, 0);
    return;
  }
  if (!made_all_) make_workers();
  shared.call = call;
  shared.context = context;
  shared.done.store(0, std::memory_order_relaxed);
  const std::uint64_t generation = (shared.job.load(std::memory_order_relaxed) / kGeneration + 1) * kGeneration;
  shared.job.store(generation + static_cast<std::uint64_t>(parts) * kParts);
  shared.wake();
  shared.take_parts(0);
  for (int spins = 0; shared.done.load(std::memory_order_acquire) < parts; ++spins)
    if (spins < kSpins) {
      pause();
    } else {
      // Fewer cores are free than threads work: a nap gives one of them this core. On a browser's main thread, which
      // must not sleep, Emscripten makes it a short loop.
      constexpr timespec kNap{.tv_sec = 0, .tv_nsec = 20'000};
      nanosleep(&kNap, nullptr);
    }
  shared.busy.store(false, std::memory_order_release);
}

}  // namespace chainrule
