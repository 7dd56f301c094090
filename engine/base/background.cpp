#include "engine/base/background.h"

#include <pthread.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace chainrule {
namespace {

struct Queue {
  std::mutex mutex;
  std::condition_variable filled;
  std::deque<std::function<void()>> tasks;
  enum class Thread : std::uint8_t { kNone, kRuns, kRefused } thread = Thread::kNone;
};

// Never destroyed: the threads wait on them until the program ends.
Queue& queue_of(Lane lane) {
  static auto* const queues = new std::array<Queue, 2>;
  return (*queues)[static_cast<std::size_t>(lane)];
}

std::atomic<int> threads_wanted{0};

void* run_tasks(void* queue) {
  Queue& tasks = *static_cast<Queue*>(queue);
  for (;;) {
    std::function<void()> task;
    {
      std::unique_lock lock(tasks.mutex);
      tasks.filled.wait(lock, [&] { return !tasks.tasks.empty(); });
      task = std::move(tasks.tasks.front());
      tasks.tasks.pop_front();
    }
    task();
  }
}

// std::thread ends the program where no thread can be made; this says so.
bool start_thread(Queue& queue) {
  pthread_t thread;
  if (pthread_create(&thread, nullptr, run_tasks, &queue) != 0) return false;
  pthread_detach(thread);
  return true;
}

}  // namespace

bool post_to_background(Lane lane, std::function<void()> task) {
  if (!background_allowed()) return false;
  Queue& tasks = queue_of(lane);
  const std::lock_guard lock(tasks.mutex);
  if (tasks.thread == Queue::Thread::kNone) tasks.thread = start_thread(tasks) ? Queue::Thread::kRuns : Queue::Thread::kRefused;
  if (tasks.thread == Queue::Thread::kRefused) return false;
  tasks.tasks.push_back(std::move(task));
  tasks.filled.notify_one();
  return true;
}

void allow_background(int training_threads) { threads_wanted = training_threads; }
bool background_allowed() { return threads_wanted > 0; }

// One thread alone uses it, so nothing is under way when it is asked for.
ThreadPool& training_pool() {
  static auto* const pool = new ThreadPool(1);
  const int wanted = std::clamp(threads_wanted.load(), 1, ThreadPool::kMostThreads);
  if (pool->threads() != wanted) pool->set_threads(wanted);
  return *pool;
}

bool BackgroundWork::start(std::function<bool()> slice) {
  cancel();
  state_ = std::make_shared<std::atomic<State>>(State::kRuns);
  const bool posted = post_to_background(Lane::kMeasuring, [state = state_, slice = std::move(slice)] {
    while (state->load(std::memory_order_relaxed) == State::kRuns) {
      if (!slice()) continue;
      State runs = State::kRuns;
      state->compare_exchange_strong(runs, State::kDone, std::memory_order_release);
    }
  });
  if (!posted) state_.reset();
  return posted;
}

void BackgroundWork::cancel() {
  if (state_ != nullptr) state_->store(State::kCancelled);
  state_.reset();
}

}  // namespace chainrule
