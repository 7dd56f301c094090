#include "engine/base/background.h"

#include <pthread.h>

#include <atomic>
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

// Never destroyed: the thread waits on it until the program ends.
Queue& queue() {
  static Queue* const the_queue = new Queue;
  return *the_queue;
}

std::atomic<bool> allowed_now{false};

void* run_tasks(void*) {
  Queue& tasks = queue();
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
bool start_thread() {
  pthread_t thread;
  if (pthread_create(&thread, nullptr, run_tasks, nullptr) != 0) return false;
  pthread_detach(thread);
  return true;
}

}  // namespace

bool post_to_background(std::function<void()> task) {
  if (!background_allowed()) return false;
  Queue& tasks = queue();
  const std::lock_guard lock(tasks.mutex);
  if (tasks.thread == Queue::Thread::kNone) tasks.thread = start_thread() ? Queue::Thread::kRuns : Queue::Thread::kRefused;
  if (tasks.thread == Queue::Thread::kRefused) return false;
  tasks.tasks.push_back(std::move(task));
  tasks.filled.notify_one();
  return true;
}

void allow_background(bool allowed) { allowed_now = allowed; }
bool background_allowed() { return allowed_now; }

}  // namespace chainrule
