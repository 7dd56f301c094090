#include "engine/data/dataset.h"

#include "engine/base/check.h"
#include "engine/base/text.h"

namespace chainrule {

namespace {
constexpr int kDigitSide = 28;
constexpr int kDigitClasses = 10;
}  // namespace

std::size_t ImageSet::image_size() const {
  return static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
}

std::span<const std::uint8_t> image_view(const ImageSet& set, int index) {
  CHECK(index >= 0 && index < set.count, "picture ", index, " of ", set.count);
  const std::size_t size = set.image_size();
  return std::span(set.pixels).subspan(static_cast<std::size_t>(index) * size, size);
}

std::vector<int> class_histogram(const ImageSet& set) {
  std::vector<int> counts(static_cast<std::size_t>(set.classes), 0);
  for (const std::uint8_t label : set.labels) {
    CHECK(label < set.classes, "label ", int{label}, " in a set of ", set.classes, " classes");
    ++counts[label];
  }
  return counts;
}

ImageSet first_images(const ImageSet& set, int count) {
  CHECK(count >= 0 && count <= set.count, "the first ", count, " of ", set.count, " pictures");
  ImageSet part;
  part.count = count;
  part.channels = set.channels;
  part.height = set.height;
  part.width = set.width;
  part.classes = set.classes;
  const std::size_t bytes = static_cast<std::size_t>(count) * set.image_size();
  part.pixels.assign(set.pixels.begin(), set.pixels.begin() + static_cast<std::ptrdiff_t>(bytes));
  part.labels.assign(set.labels.begin(), set.labels.begin() + count);
  return part;
}

Status check_digits(const ImageSet& set, const std::string& name) {
  const std::string remedy = "; choose MNIST, or files made like it.";
  if (set.count == 0) return Error{name + " holds no pictures, but this lesson needs handwritten digits" + remedy};
  if (set.height != kDigitSide || set.width != kDigitSide)
    return Error{name + " holds pictures of " + std::to_string(set.height) + " x " + std::to_string(set.width) +
                 " pixels, but this lesson needs 28 x 28" + remedy};
  if (set.channels != 1)
    return Error{name + " holds pictures with " + std::to_string(set.channels) +
                 " channels, but this lesson needs 1, a grey level" + remedy};
  for (std::size_t i = 0; i < set.labels.size(); ++i) {
    if (set.labels[i] < kDigitClasses) continue;
    return Error{name + " gives the label " + std::to_string(set.labels[i]) + " to picture " +
                 grouped_text(static_cast<long long>(i)) +
                 " (counted from 0), but this lesson needs the digits 0 to 9" + remedy};
  }
  return Done{};
}

Status check_digits(const ImageSet& set) { return check_digits(set, "The data set"); }

}  // namespace chainrule
