// Mini-batches whose order depends on nothing but (count, batch, seed), and on no history.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/data/dataset.h"

namespace chainrule {

/// Sampling without replacement.
/// Formula: epoch e visits the samples in the order p_e, the identity shuffled by Rng(seed, "shuffle", e); batch b of
/// that epoch is p_e[b * B], ..., p_e[(b + 1) * B - 1], with B = batch. Step s (the update number, from 0) is batch
/// s % steps_per_epoch() of epoch floor(s / steps_per_epoch()).
/// Ensures: the last, incomplete batch of an epoch is dropped, because the batch size is compiled into the program's
/// shapes. Each epoch is shuffled anew, so that other samples are left out each time.
/// Requires: 1 <= batch <= count.
class Batcher {
 public:
  Batcher(std::uint32_t count, std::uint32_t batch, std::uint64_t seed);

  /// The samples of step `step`. Shapes: [batch]. Units: indices 0..count-1. Requires: step >= 0.
  /// Ensures: a pure function of `step`: any order of calls gives the same answer (the order of one epoch is kept,
  /// which saves time and is not state). The view is valid until the next call. Not for two threads at once.
  std::span<const std::uint32_t> batch_at(std::int64_t step) const;

  /// floor(count / batch), at least 1.
  std::int64_t steps_per_epoch() const { return count_ / batch_; }

  /// The epoch, from 0, that step `step` belongs to. Requires: step >= 0.
  std::int64_t epoch_of(std::int64_t step) const;

  std::uint32_t count() const { return count_; }
  std::uint32_t batch() const { return batch_; }

 private:
  std::uint32_t count_;
  std::uint32_t batch_;
  std::uint64_t seed_;
  mutable std::vector<std::uint32_t> order_;
  mutable std::int64_t order_epoch_ = -1;
};

/// Turns the pictures `indices` into a batch.
/// Formula: pixels[n, c, h, w] = float(byte) / 255.0f (one rounded division: 255 gives exactly 1), labels[n] = byte.
/// Shapes: indices [N], pixels [N, C, H, W], labels [N].
/// Requires: the spans have these sizes and every index < set.count.
void gather(const ImageSet& set, std::span<const std::uint32_t> indices, std::span<float> pixels,
            std::span<float> labels);

}  // namespace chainrule
