#include "engine/data/picture.h"

#include <algorithm>
#include <array>

#include "engine/base/check.h"

namespace chainrule {
namespace {

bool is_space(std::uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

/// The header of a PPM: words and comments.
struct Header {
  std::span<const std::uint8_t> bytes;
  std::size_t at = 2;
  std::string note = {};

  /// The next number; −1 where there is none.
  int number() {
    while (at < bytes.size() && (is_space(bytes[at]) || bytes[at] == '#')) {
      if (bytes[at] != '#') {
        ++at;
        continue;
      }
      ++at;
      while (at < bytes.size() && bytes[at] == ' ') ++at;
      while (at < bytes.size() && bytes[at] != '\n') note += static_cast<char>(bytes[at++]);
    }
    int value = -1;
    while (at < bytes.size() && bytes[at] >= '0' && bytes[at] <= '9' && value < 1'000'000) value = std::max(value, 0) * 10 + (bytes[at++] - '0');
    return value;
  }
};

void put32(std::vector<std::uint8_t>& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xEDB88320u : 0u);
  }
  return ~crc;
}

void put_chunk(std::vector<std::uint8_t>& out, std::string_view type, std::span<const std::uint8_t> data) {
  put32(out, static_cast<std::uint32_t>(data.size()));
  std::vector<std::uint8_t> body(type.begin(), type.end());
  body.insert(body.end(), data.begin(), data.end());
  out.insert(out.end(), body.begin(), body.end());
  put32(out, crc32(body));
}

std::vector<std::uint8_t> stored(std::span<const std::uint8_t> raw) {
  std::vector<std::uint8_t> out = {0x78, 0x01};
  constexpr std::size_t kMost = 65535;
  for (std::size_t at = 0; at < raw.size(); at += kMost) {
    const std::size_t size = std::min(kMost, raw.size() - at);
    const auto low = static_cast<std::uint8_t>(size & 0xFF), high = static_cast<std::uint8_t>(size >> 8);
    const std::uint8_t head[] = {static_cast<std::uint8_t>(at + size == raw.size()), low, high, static_cast<std::uint8_t>(~low), static_cast<std::uint8_t>(~high)};
    out.insert(out.end(), std::begin(head), std::end(head));
    out.insert(out.end(), raw.begin() + static_cast<std::ptrdiff_t>(at), raw.begin() + static_cast<std::ptrdiff_t>(at + size));
  }
  std::uint32_t a = 1, b = 0;
  for (const std::uint8_t byte : raw) a = (a + byte) % 65521, b = (b + a) % 65521;
  put32(out, (b << 16) | a);
  return out;
}

}  // namespace

Result<Picture> parse_ppm(std::span<const std::uint8_t> bytes, const std::string& name) {
  if (bytes.size() < 2 || bytes[0] != 'P' || bytes[1] != '6') return Error{name + " is not a picture that could be read."};
  Header header{bytes};
  Picture picture;
  picture.width = header.number();
  picture.height = header.number();
  const int most = header.number();
  const auto fits = [](int side) { return side >= 3 && side <= Picture::kMostSide; };
  if (!fits(picture.width) || !fits(picture.height))
    return Error{name + " has " + std::to_string(picture.width) + "×" + std::to_string(picture.height) + " pixels; 3 to " + std::to_string(Picture::kMostSide) + " a side can be filtered."};
  const std::size_t pixels = static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height);
  if (most != 255 || header.at >= bytes.size() || bytes.size() - header.at - 1 != pixels * 3)
    return Error{name + " is damaged: it does not hold the " + std::to_string(pixels) + " pixels that it announces."};
  picture.note = std::move(header.note);
  const std::span<const std::uint8_t> rgb = bytes.subspan(header.at + 1);
  picture.levels.resize(pixels * 3);
  for (std::size_t i = 0; i < pixels; ++i)
    for (std::size_t c = 0; c < 3; ++c) picture.levels[c * pixels + i] = static_cast<float>(rgb[i * 3 + c]);
  return picture;
}

std::vector<std::uint8_t> write_ppm(const Picture& picture) {
  const std::string head = "P6\n" + (picture.note.empty() ? std::string() : "# " + picture.note + "\n") + std::to_string(picture.width) + " " +
                           std::to_string(picture.height) + "\n255\n";
  std::vector<std::uint8_t> bytes(head.begin(), head.end());
  const std::size_t pixels = picture.levels.size() / 3;
  for (std::size_t i = 0; i < pixels; ++i)
    for (std::size_t c = 0; c < 3; ++c) bytes.push_back(static_cast<std::uint8_t>(picture.levels[c * pixels + i]));
  return bytes;
}

std::vector<std::uint8_t> write_png(std::span<const std::uint8_t> rgb, int width, int height) {
  CHECK(rgb.size() == static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, rgb.size(), " bytes for ", width, "×", height);
  std::vector<std::uint8_t> out = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}, header;
  put32(header, static_cast<std::uint32_t>(width));
  put32(header, static_cast<std::uint32_t>(height));
  for (const int byte : {8, 2, 0, 0, 0}) header.push_back(static_cast<std::uint8_t>(byte));  // 8 bits, RGB, no interlace
  put_chunk(out, "IHDR", header);
  std::vector<std::uint8_t> raw;
  const std::size_t line = static_cast<std::size_t>(width) * 3;
  for (std::size_t row = 0; row < static_cast<std::size_t>(height); ++row) {
    raw.push_back(0);  // no filter
    const auto from = rgb.begin() + static_cast<std::ptrdiff_t>(row * line);
    raw.insert(raw.end(), from, from + static_cast<std::ptrdiff_t>(line));
  }
  put_chunk(out, "IDAT", stored(raw));
  put_chunk(out, "IEND", {});
  return out;
}

}  // namespace chainrule
