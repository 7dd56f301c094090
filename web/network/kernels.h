// Single ops on a caller's arrays, with the engine's own kernels.
#pragma once

#include <vector>

#include "engine/base/result.h"
#include "engine/base/thread_pool.h"
#include "engine/ops/op.h"

namespace chainrule::module {

/// Runs one op: its fast kernel where it has one. Keeps the scratch memory for the next call.
class Kernels {
 public:
  /// Large calls are shared by this pool's threads; null: by none. Requires: the pool outlives the kernels.
  void use_threads(ThreadPool* pool) { pool_ = pool; }
  /// `in`: one place for each input, with their shapes. Requires: shapes that fit each other, room for the output.
  void run(OpKind kind, const OpAttributes& attributes, std::vector<Shape> in_shapes, std::vector<const float*> in, float* out);

 private:
  std::vector<float> scratch_;
  ThreadPool* pool_ = nullptr;
};

/// 2 · 12 · 4 floating-point operations a round, independent of each other and without memory: the most that this machine's
/// vector units do with multiplications and additions apart. Returns a number, so that nothing is optimized away.
float multiply_add_rounds(std::int64_t rounds);
inline constexpr int kOperationsPerRound = 2 * 12 * 4;

}  // namespace chainrule::module
