// ImageSet: labelled pictures as the bytes they arrived in. A float exists only in the batch that is being trained on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace chainrule {

/// Pictures with one label each.
/// Shapes: pixels [count, channels, height, width] (N C H W, row by row), labels [count].
/// Units: pixels 0..255 (0 is background, 255 full ink), labels 0..classes-1. gather() (batcher.h) makes v / 255 of
/// them: bytes take a quarter of the memory of floats (MNIST: 47 MB, not 188 MB).
struct ImageSet {
  int count = 0;
  int channels = 1;
  int height = 0;
  int width = 0;
  std::vector<std::uint8_t> pixels = {};
  std::vector<std::uint8_t> labels = {};
  int classes = 0;

  /// Bytes of one picture: channels * height * width.
  std::size_t image_size() const;
};

/// Picture `index`. Shapes: [channels * height * width].
/// Requires: 0 <= index < count. Ensures: a view, valid while `set` is.
std::span<const std::uint8_t> image_view(const ImageSet& set, int index);

/// How often each label occurs. Shapes: [classes]. Ensures: the sum is set.count.
std::vector<int> class_histogram(const ImageSet& set);

/// The first `count` pictures with their labels, e.g. the fixed 1,000 test digits. Requires: 0 <= count <= set.count.
/// Ensures: `classes` stays that of the whole set, also where the part lacks a class.
ImageSet first_images(const ImageSet& set, int count);

/// Whether a lesson on handwritten digits can use `set`.
/// Errors: none at all, not 28 x 28, not one channel, a label above 9; the sentence calls the set `name`.
Status check_digits(const ImageSet& set, const std::string& name);

/// As above, calling it "The data set".
Status check_digits(const ImageSet& set);

}  // namespace chainrule
