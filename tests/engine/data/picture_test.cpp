// Pictures of people: what is read, what is refused, what is written.
#include "engine/data/picture.h"

#include <gtest/gtest.h>

#include <string>

namespace chainrule {
namespace {

std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

TEST(Ppm, IsReadInPlanesWithItsNote) {
  std::string file = "P6\n# Scaled from 6000×3000.\n3 4\n255\n";
  for (int i = 0; i < 36; ++i) file += static_cast<char>(i * 7);
  const Result<Picture> read = parse_ppm(bytes_of(file), "a.jpg");
  ASSERT_TRUE(read.ok()) << read.error_message();
  const Picture& picture = read.value();
  EXPECT_EQ(picture.width, 3);
  EXPECT_EQ(picture.height, 4);
  EXPECT_EQ(picture.note, "Scaled from 6000×3000.");
  EXPECT_EQ(picture.levels[0], 0.0f);
  EXPECT_EQ(picture.levels[1], 21.0f) << "red of the second pixel";
  EXPECT_EQ(picture.levels[12], 7.0f) << "green of the first";
  EXPECT_EQ(write_ppm(picture), bytes_of(file));
}

TEST(Ppm, WhatIsWrongIsSaid) {
  for (const std::string& file : {std::string(), std::string("P5\n3 3\n255\n"), std::string("P6"), std::string("P6\n2 2\n255\n            "),
                                  std::string("P6\n3 3\n255\nshort"), std::string("P6\n300 3\n255\n"), std::string("P6\n99999999999 3\n255\n"), std::string("P6 # no end")}) {
    const Result<Picture> read = parse_ppm(bytes_of(file), "a.jpg");
    ASSERT_FALSE(read.ok()) << file;
    EXPECT_TRUE(read.error_message().starts_with("a.jpg ") && read.error_message().ends_with(".")) << read.error_message();
  }
}

// The bytes of a picture of one red and one blue pixel, worked out by Python's zlib and struct.
TEST(Png, HoldsItsPixels) {
  const std::uint8_t rgb[] = {255, 0, 0, 0, 0, 255};
  const std::vector<std::uint8_t> png = write_png(rgb, 2, 1);
  const std::vector<std::uint8_t> expected = {
      0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 0, 2, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0x7B, 0x40, 0xE8, 0xDD,
      0, 0, 0, 18, 'I', 'D', 'A', 'T', 0x78, 0x01, 1, 7, 0, 0xF8, 0xFF, 0, 255, 0, 0, 0, 0, 255,
      0x7, 0x0, 0x1, 0xff, 0x55, 0x36, 0xba, 0xc7, 0x0, 0x0, 0x0, 0x0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};
  EXPECT_EQ(png, expected);
}

}  // namespace
}  // namespace chainrule
