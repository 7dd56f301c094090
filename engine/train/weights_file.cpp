#include "engine/train/weights_file.h"

#include <algorithm>
#include <string_view>

#include "engine/base/half.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"

namespace chainrule {
namespace {

constexpr std::string_view kMagic = "CRWEIGHT";
constexpr std::uint32_t kVersion = 1;

void put(std::vector<std::uint8_t>& bytes, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::uint64_t get(std::span<const std::uint8_t> bytes, std::size_t at, int size) {
  std::uint64_t value = 0;
  for (int i = 0; i < size; ++i) value |= static_cast<std::uint64_t>(bytes[at + static_cast<std::size_t>(i)]) << (8 * i);
  return value;
}

std::uint64_t hash_of(std::span<const float> values) {
  Hasher hasher;
  hasher.add(values);
  return hasher.value();
}

}  // namespace

std::vector<std::uint8_t> write_weights(const Program& program, std::span<const float> values) {
  std::vector<float> rounded(values.begin(), values.end());
  for (float& value : rounded) value = float_from_half(half_from_float(value));
  const std::vector<TensorId> parameters = program.of_kind(TensorKind::kParameter);
  std::vector<std::uint8_t> bytes(kMagic.begin(), kMagic.end());
  put(bytes, kVersion, 4);
  put(bytes, parameters.size(), 4);
  std::int64_t total = 0;
  for (const TensorId id : parameters) {
    put(bytes, static_cast<std::uint64_t>(program.info(id).shape.size()), 4);
    total += program.info(id).shape.size();
  }
  CHECK(total == static_cast<std::int64_t>(values.size()), values.size(), " values for ", total, " parameters");
  put(bytes, hash_of(rounded), 8);
  for (const float value : rounded) put(bytes, half_from_float(value), 2);
  return bytes;
}

Result<std::vector<float>> read_weights(const Program& program, std::span<const std::uint8_t> bytes,
                                        const std::string& name) {
  const std::vector<TensorId> parameters = program.of_kind(TensorKind::kParameter);
  const std::size_t header = kMagic.size() + 8 + 4 * parameters.size() + 8;
  if (bytes.size() < header || !std::equal(kMagic.begin(), kMagic.end(), bytes.begin()))
    return Error{name + " is not a weights file of this app (" + grouped_text(static_cast<long long>(bytes.size())) +
                 " bytes). Load it again."};
  if (get(bytes, 8, 4) != kVersion)
    return Error{name + " has version " + std::to_string(get(bytes, 8, 4)) + ", this app reads version 1. Reload the page."};
  bool fits = get(bytes, 12, 4) == parameters.size();
  std::size_t total = 0;
  for (std::size_t i = 0; fits && i < parameters.size(); ++i) {
    const auto size = static_cast<std::size_t>(program.info(parameters[i]).shape.size());
    fits = get(bytes, 16 + 4 * i, 4) == size;
    total += size;
  }
  if (!fits) return Error{name + " holds the weights of another network. Choose the network that it was made for."};
  if (bytes.size() != header + 2 * total)
    return Error{name + " has " + grouped_text(static_cast<long long>(bytes.size())) + " bytes instead of " +
                 grouped_text(static_cast<long long>(header + 2 * total)) + ". Load it again."};
  std::vector<float> values(total);
  for (std::size_t i = 0; i < total; ++i)
    values[i] = float_from_half(static_cast<std::uint16_t>(get(bytes, header + 2 * i, 2)));
  if (hash_of(values) != get(bytes, header - 8, 8)) return Error{name + " is damaged: its checksum does not match. Load it again."};
  return values;
}

}  // namespace chainrule
