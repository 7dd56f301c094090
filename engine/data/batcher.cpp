#include "engine/data/batcher.h"

#include <cstddef>
#include <numeric>

#include "engine/base/check.h"
#include "engine/math/rng.h"

namespace chainrule {

Batcher::Batcher(std::uint32_t count, std::uint32_t batch, std::uint64_t seed)
    : count_(count), batch_(batch), seed_(seed) {
  CHECK(batch >= 1 && batch <= count, "batches of ", batch, " from ", count, " samples");
}

std::int64_t Batcher::epoch_of(std::int64_t step) const {
  CHECK(step >= 0, "step ", step);
  return step / steps_per_epoch();
}

std::span<const std::uint32_t> Batcher::batch_at(std::int64_t step) const {
  const std::int64_t epoch = epoch_of(step);
  if (epoch != order_epoch_) {
    order_.resize(count_);
    std::iota(order_.begin(), order_.end(), 0u);
    Rng rng(seed_, "shuffle", static_cast<std::uint64_t>(epoch));
    shuffle(order_, rng);
    order_epoch_ = epoch;
  }
  const std::size_t first = static_cast<std::size_t>(step % steps_per_epoch()) * batch_;
  return std::span<const std::uint32_t>(order_).subspan(first, batch_);
}

void gather(const ImageSet& set, std::span<const std::uint32_t> indices, std::span<float> pixels,
            std::span<float> labels) {
  const std::size_t size = set.image_size();
  CHECK(pixels.size() == indices.size() * size, "room for ", pixels.size(), " pixels, needed ", indices.size(), " * ",
        size);
  CHECK(labels.size() == indices.size(), "room for ", labels.size(), " labels, needed ", indices.size());
  for (std::size_t n = 0; n < indices.size(); ++n) {
    CHECK(indices[n] < static_cast<std::uint32_t>(set.count), "picture ", indices[n], " of ", set.count);
    const std::span<const std::uint8_t> bytes = image_view(set, static_cast<int>(indices[n]));
    for (std::size_t i = 0; i < size; ++i) pixels[n * size + i] = static_cast<float>(bytes[i]) / 255.0f;
    labels[n] = static_cast<float>(set.labels[indices[n]]);
  }
}

}  // namespace chainrule
