// Writing and reading snapshots: numbers one after the other, as they lie in memory.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

#include "web/lesson_kit/lesson.h"

namespace chainrule {

static_assert(std::endian::native == std::endian::little, "snapshots are written as numbers lie in memory");

class SnapshotWriter {
 public:
  template <class T>
    requires std::is_trivially_copyable_v<T>
  void add(const T& value) {
    add(std::span<const T>(&value, 1));
  }
  /// The elements alone, without their number.
  template <class T>
    requires std::is_trivially_copyable_v<T>
  void add(std::span<const T> values) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(values.data());
    snapshot_.insert(snapshot_.end(), bytes, bytes + values.size_bytes());
  }
  Snapshot take() { return std::move(snapshot_); }

 private:
  Snapshot snapshot_;
};

/// Reads what was written, in the same order. What is not there reads as zeros, and ok() is false from then on.
class SnapshotReader {
 public:
  explicit SnapshotReader(const Snapshot& snapshot) : rest_(snapshot) {}

  bool ok() const { return ok_; }
  /// Has all been read, and was all there?
  bool complete() const { return ok_ && rest_.empty(); }
  std::size_t bytes_left() const { return rest_.size(); }
  template <class T>
    requires std::is_trivially_copyable_v<T>
  T get() {
    T value{};
    read(&value, sizeof value);
    return value;
  }
  /// `count` elements; none where fewer are left, so that a wrong count takes no memory.
  template <class T>
    requires std::is_trivially_copyable_v<T>
  std::vector<T> list(std::size_t count) {
    ok_ = ok_ && count <= rest_.size() / sizeof(T);
    std::vector<T> values(ok_ ? count : 0);
    if (!values.empty()) read(values.data(), values.size() * sizeof(T));
    return values;
  }
  /// All that is left.
  template <class T>
  std::vector<T> rest() {
    ok_ = ok_ && rest_.size() % sizeof(T) == 0;
    return list<T>(rest_.size() / sizeof(T));
  }

 private:
  void read(void* to, std::size_t size) {
    ok_ = ok_ && size <= rest_.size();
    if (!ok_) return;
    std::memcpy(to, rest_.data(), size);
    rest_ = rest_.subspan(size);
  }

  std::span<const std::uint8_t> rest_;
  bool ok_ = true;
};

/// What most lessons keep: seed, step, a value for each param, then the model's numbers.
struct SavedRun {
  std::uint64_t seed = 0;
  std::int64_t step = 0;
  std::vector<double> values;
  std::vector<float> numbers;
};

/// A writer that has all of a SavedRun but its numbers.
inline SnapshotWriter begin_run(std::uint64_t seed, std::int64_t step, std::span<const double> values) {
  SnapshotWriter writer;
  writer.add(seed);
  writer.add(step);
  writer.add(values);
  return writer;
}

/// Nothing: they are not bytes of a lesson with so many params.
inline std::optional<SavedRun> read_run(const Snapshot& snapshot, std::size_t params) {
  SnapshotReader reader(snapshot);
  SavedRun saved;
  saved.seed = reader.get<std::uint64_t>();
  saved.step = reader.get<std::int64_t>();
  saved.values = reader.list<double>(params);
  saved.numbers = reader.rest<float>();
  return reader.complete() ? std::optional(std::move(saved)) : std::nullopt;
}

}  // namespace chainrule
