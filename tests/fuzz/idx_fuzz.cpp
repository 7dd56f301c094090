// Any two byte strings are either refused with a sentence or read into a consistent set that writes back the same
// bytes. Input: two bytes n (big-endian), n bytes of images file (or as many as there are), the rest the labels file.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "engine/base/check.h"
#include "engine/data/idx.h"

namespace {

using chainrule::ImageSet;
using chainrule::Result;
using Bytes = std::span<const std::uint8_t>;

void check_error(const std::string& message) {
  CHECK(message.size() > 20 && message.back() == '.', "not a sentence: ", message);
  CHECK(message.find("a.idx") != std::string::npos || message.find("b.idx") != std::string::npos, message);
}

void check_set(const ImageSet& set, Bytes images, Bytes labels) {
  CHECK(set.count >= 1 && set.channels == 1 && set.height >= 1 && set.width >= 1, set.count, " pictures");
  CHECK(set.pixels.size() == static_cast<std::size_t>(set.count) * set.image_size(), set.pixels.size(), " pixels");
  CHECK(set.labels.size() == static_cast<std::size_t>(set.count), set.labels.size(), " labels");
  CHECK(set.classes >= 1 && set.classes <= 100, set.classes, " classes");
  int samples = 0;
  for (const int n : chainrule::class_histogram(set)) samples += n;
  CHECK(samples == set.count, samples, " samples in the histogram, ", set.count, " in the set");
  CHECK(std::ranges::equal(chainrule::write_idx_images(set), images), "the images do not come back");
  CHECK(std::ranges::equal(chainrule::write_idx_labels(set), labels), "the labels do not come back");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const Bytes rest(data + 2, size - 2);
  const std::size_t cut = std::min<std::size_t>(std::size_t{data[0]} << 8 | data[1], rest.size());
  const Bytes images = rest.first(cut);
  const Bytes labels = rest.subspan(cut);
  const Result<ImageSet> parsed = chainrule::parse_idx_pair(images, labels, "a.idx", "b.idx");
  if (parsed.ok())
    check_set(parsed.value(), images, labels);
  else
    check_error(parsed.error_message());
  return 0;
}
