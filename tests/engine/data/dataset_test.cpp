#include "engine/data/dataset.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace chainrule {
namespace {

ImageSet blank_set(int count, int channels, int height, int width) {
  ImageSet set{.count = count, .channels = channels, .height = height, .width = width};
  set.pixels.assign(static_cast<std::size_t>(count) * set.image_size(), 0);
  set.labels.assign(static_cast<std::size_t>(count), 0);
  set.classes = 10;
  return set;
}

std::string digits_error(const ImageSet& set) {
  const Status status = check_digits(set, "test.idx");
  return status.ok() ? "no error" : status.error_message();
}

TEST(Dataset, DigitsAre28By28GreyWithLabels0To9) {
  ImageSet digits = blank_set(3, 1, 28, 28);
  digits.labels = {0, 9, 5};
  EXPECT_EQ(digits_error(digits), "no error");
  digits.labels = {0, 9, 10};
  digits.classes = 11;
  const std::string remedy = "; choose MNIST, or files made like it.";
  EXPECT_EQ(
      digits_error(digits),
      "test.idx gives the label 10 to picture 2 (counted from 0), but this lesson needs the digits 0 to 9" + remedy);
  EXPECT_EQ(digits_error(blank_set(1, 1, 32, 28)),
            "test.idx holds pictures of 32 x 28 pixels, but this lesson needs 28 x 28" + remedy);
  EXPECT_EQ(digits_error(blank_set(1, 3, 28, 28)),
            "test.idx holds pictures with 3 channels, but this lesson needs 1, a grey level" + remedy);
  EXPECT_EQ(digits_error(blank_set(0, 1, 28, 28)),
            "test.idx holds no pictures, but this lesson needs handwritten digits" + remedy);
  EXPECT_EQ(check_digits(blank_set(0, 1, 28, 28)).error_message().find("The data set holds"), 0u);
}

TEST(Dataset, ViewsOnePicture) {
  ImageSet set = blank_set(3, 2, 2, 1);
  for (std::size_t i = 0; i < set.pixels.size(); ++i) set.pixels[i] = static_cast<std::uint8_t>(i);
  const std::span<const std::uint8_t> last = image_view(set, 2);
  EXPECT_EQ(std::vector<std::uint8_t>(last.begin(), last.end()), (std::vector<std::uint8_t>{8, 9, 10, 11}));
  EXPECT_DEATH_IF_SUPPORTED(image_view(set, 3), "picture 3 of 3");
}

TEST(Dataset, FirstImagesKeepTheClasses) {
  ImageSet set = blank_set(3, 1, 1, 2);
  set.pixels = {1, 2, 3, 4, 5, 6};
  set.labels = {7, 8, 9};
  const ImageSet part = first_images(set, 2);
  EXPECT_EQ(part.count, 2);
  EXPECT_EQ(part.classes, 10);
  EXPECT_EQ(part.pixels, (std::vector<std::uint8_t>{1, 2, 3, 4}));
  EXPECT_EQ(part.labels, (std::vector<std::uint8_t>{7, 8}));
  EXPECT_EQ(class_histogram(part), (std::vector<int>{0, 0, 0, 0, 0, 0, 0, 1, 1, 0}));
}

}  // namespace
}  // namespace chainrule
