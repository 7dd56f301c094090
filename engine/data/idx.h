// IDX, the file format of MNIST: a big-endian header, then bytes. From outside, so every fault is a sentence.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/data/dataset.h"

namespace chainrule {

/// What a file may ask for before memory is given to it.
/// Units: pictures, pixels, bytes, classes. Requires: all positive, max_classes <= 256.
struct IdxLimits {
  int max_images = 200'000;
  int max_side = 64;
  long long max_bytes = 256ll << 20;
  int max_classes = 100;
};

/// The pictures of one file. Shapes: pixels [count, 1, height, width], 0..255.
struct IdxImages {
  int count = 0;
  int height = 0;
  int width = 0;
  std::vector<std::uint8_t> pixels;
};

/// Layout: u32 0x00000803, u32 count, u32 height, u32 width (big-endian), then count * height * width bytes by rows.
/// Ensures: count in 1..max_images, sides in 1..max_side; nothing is allocated before the file's length agrees with
/// its header, and no size that a file can claim overflows.
/// Errors: empty, gzip, ZIP, a picture, a web page, shorter than the header, wrong magic (with its own sentence when it
/// is the labels file), no pictures, over a limit, truncated, too long. Each names the file, the value, the remedy.
/// Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", section "File formats".
Result<IdxImages> parse_idx_images(std::span<const std::uint8_t> bytes, const std::string& name,
                                   const IdxLimits& limits = {});

/// Layout: u32 0x00000801, u32 count (big-endian), then count bytes.
/// Ensures: count in 1..max_images, every label < max_classes. Errors: as parse_idx_images, and a label over the limit.
Result<std::vector<std::uint8_t>> parse_idx_labels(std::span<const std::uint8_t> bytes, const std::string& name,
                                                   const IdxLimits& limits = {});

/// Both files of a set.
/// Ensures: as many labels as pictures; channels 1; classes = greatest label + 1.
/// Errors: those of either file (the images first), and a differing count.
Result<ImageSet> parse_idx_pair(std::span<const std::uint8_t> images, std::span<const std::uint8_t> labels,
                                const std::string& images_name, const std::string& labels_name,
                                const IdxLimits& limits = {});

/// The bytes that parse_idx_images and parse_idx_labels read back. Requires: set.channels == 1 (idx3 has no channels)
/// and pixels, labels as long as the sizes say.
std::vector<std::uint8_t> write_idx_images(const ImageSet& set);
std::vector<std::uint8_t> write_idx_labels(const ImageSet& set);

}  // namespace chainrule
