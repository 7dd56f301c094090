// State hashes: two runs are the same run when their hashes are equal, natively and in wasm.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace chainrule {

/// 64-bit FNV-1a over 32-bit words.
/// Ensures: every NaN counts as the one quiet NaN 0x7fc00000, because machines differ in NaN payloads.
/// Source: Fowler, Noll, Vo; offset basis and prime of the 64-bit variant, fed a word at a time.
class Hasher {
 public:
  void add(std::uint32_t word) { hash_ = (hash_ ^ word) * 0x100000001b3ull; }
  void add(std::uint64_t word) {
    add(static_cast<std::uint32_t>(word));
    add(static_cast<std::uint32_t>(word >> 32));
  }
  void add(float value) { add(value == value ? std::bit_cast<std::uint32_t>(value) : 0x7fc00000u); }
  void add(std::span<const float> values) {
    for (const float value : values) add(value);
  }
  void add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    for (const char c : text) add(static_cast<std::uint32_t>(static_cast<unsigned char>(c)));
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325ull;
};

/// Sixteen lower-case hexadecimal digits.
std::string hash_text(std::uint64_t hash);

}  // namespace chainrule
