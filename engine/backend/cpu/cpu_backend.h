// CpuBackend: runs each call with its fast kernel where there is one, else with the reference kernel.
#pragma once

#include <vector>

#include "engine/backend/backend.h"
#include "engine/graph/buffers.h"
#include "engine/ops/fast.h"
#include "engine/ops/small.h"

namespace chainrule {

/// Ensures: results are bit-equal to the reference kernels', natively and in wasm, for any number of threads. Allocates
/// only when it is built, and when it gets more threads.
class CpuBackend final : public Backend {
 public:
  /// `program` must outlive the backend and stay as it is.
  explicit CpuBackend(const Program& program);
  CpuBackend(const CpuBackend&) = delete;
  CpuBackend& operator=(const CpuBackend&) = delete;

  std::string_view name() const override { return "cpu"; }
  bool supports(const OpCall&) const override { return true; }
  void upload(TensorId tensor, std::span<const float> values) override;
  void begin_step() override;
  void enqueue(std::size_t number) override { run(prepared_[number]); }
  Ticket read(TensorId tensor) override { return static_cast<Ticket>(tensor); }
  std::optional<std::span<const float>> poll(Ticket ticket) override;

  /// Runs the calls `first` .. last of the program.
  void enqueue_from(std::size_t first);

  /// Large calls are shared by this pool's threads from now on; null: by none. Requires: the pool outlives the backend
  /// or the next use_threads, and is used by one backend at a time.
  void use_threads(ThreadPool* pool) { pool_ = pool; }

  /// What its kernels work with.
  Workspace workspace();

  /// What a derivation reads. Numbers may be set; a buffer must stay where it is.
  const Buffers<float>& buffers() const { return buffers_; }
  Buffers<float>& buffers() { return buffers_; }

 private:
  /// A call with its pointers, twice: parameters and states lie elsewhere after every other update.
  struct Prepared {
    const OpCall* call = nullptr;
    const FastKernel* fast = nullptr;                                          // or
    void (*reference)(const OpAttributes&, const Operands<float>&) = nullptr;  // or
    SmallCall small[2];
    std::vector<const float*> in[2];
    std::vector<float*> out[2];
  };
  void prepare_calls();
  void prepare_scratch(int threads);
  void run(const Prepared& prepared);

  const Program& program_;
  Buffers<float> buffers_;
  std::vector<Prepared> prepared_;
  std::size_t turn_ = 0;  // which of the pointers are right
  std::vector<float> scratch_;
  int threads_ = 0;  // for which there is scratch
  ThreadPool* pool_ = nullptr;
};

}  // namespace chainrule
