// Picture: an image of a person's, as the page hands it over (PPM), and as it is given back (PNG).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace chainrule {

/// Red, green and blue, each [height, width], one after the other; levels from 0 to 255.
struct Picture {
  static constexpr int kMostSide = 256;
  int width = 0, height = 0;
  std::vector<float> levels;
  std::string note;  // what was done to it, a sentence: "transparent parts are white"
};

/// Reads a binary PPM (P6) of 8 bits a colour; its comment lines are the note.
/// Errors: a sentence naming `name`: no PPM, sides that are not 3 to kMostSide, too few bytes.
Result<Picture> parse_ppm(std::span<const std::uint8_t> bytes, const std::string& name);
std::vector<std::uint8_t> write_ppm(const Picture& picture);

/// A PNG of 8 bits a colour, not compressed. `rgb`: width · height · 3 bytes. Source: PNG specification (third edition), 5 to 11; zlib and
/// deflate with stored blocks: RFC 1950, RFC 1951 section 3.2.4.
std::vector<std::uint8_t> write_png(std::span<const std::uint8_t> rgb, int width, int height);

}  // namespace chainrule
