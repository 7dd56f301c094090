#include "web/lessons/digit_library.h"

#include <algorithm>

#include "engine/base/text.h"
#include "engine/data/idx.h"

namespace chainrule {
namespace {

/// An IDX file of images has 3 as its fourth byte, one of labels 1. Anything else goes to the parser, which says why not.
bool holds_labels(const Blob& file) { return file.bytes->size() >= 4 && (*file.bytes)[3] == 1; }

/// The file with the most bytes first, so that training digits come before test digits.
std::vector<const Blob*> largest_first(const std::vector<Blob>& files, bool labels) {
  std::vector<const Blob*> chosen;
  for (const Blob& file : files)
    if (holds_labels(file) == labels) chosen.push_back(&file);
  std::ranges::stable_sort(chosen, [](const Blob* a, const Blob* b) { return a->bytes->size() > b->bytes->size(); });
  return chosen;
}

Result<ImageSet> parse_pair(const Blob& images, const Blob& labels) {
  Result<ImageSet> parsed = parse_idx_pair(*images.bytes, *labels.bytes, images.name, labels.name);
  if (!parsed.ok()) return parsed;
  if (const Status digits = check_digits(parsed.value(), images.name); !digits.ok()) return digits.error();
  return parsed;
}

ImageSet last_images(const ImageSet& all, int count) {
  ImageSet last = all;
  const int first = all.count - count;
  last.count = count;
  last.pixels.erase(last.pixels.begin(), last.pixels.begin() + static_cast<std::ptrdiff_t>(all.image_size()) * first);
  last.labels.erase(last.labels.begin(), last.labels.begin() + first);
  return last;
}

}  // namespace

std::string DigitLibrary::asset_of(DigitData data) {
  switch (data) {
    case DigitData::kSubset: return "digits-subset";
    case DigitData::kFull: return "digits-full";
    case DigitData::kOwn: return "";
  }
  return "";
}

std::string DigitLibrary::asset_of(DigitModel model) {
  return "weights-" + std::string(kDigitModelNames[static_cast<std::size_t>(model)]);
}

const Blob* DigitLibrary::weights(DigitModel model) const {
  const Blob& blob = weights_[static_cast<std::size_t>(model)];
  return blob.bytes == nullptr ? nullptr : &blob;
}

Status DigitLibrary::receive_digits(DigitData data, const std::vector<Blob>& files) {
  const std::vector<const Blob*> images = largest_first(files, false), labels = largest_first(files, true);
  if (images.size() != labels.size() || images.empty() || images.size() > 2)
    return Error{"Of " + std::to_string(files.size()) + " files, " + std::to_string(images.size()) + " hold images and " +
                 std::to_string(labels.size()) +
                 " labels; choose one IDX file of images and one of labels, or two of each with a test set."};
  Result<ImageSet> train = parse_pair(*images[0], *labels[0]);
  if (!train.ok()) return train.error();
  auto set = std::make_shared<DigitSet>();
  if (images.size() == 2) {
    Result<ImageSet> test = parse_pair(*images[1], *labels[1]);
    if (!test.ok()) return test.error();
    set->train = std::move(train).value();
    set->test = std::move(test).value();
  } else {
    const ImageSet all = std::move(train).value();
    if (all.count < 6)
      return Error{images[0]->name + " has " + std::to_string(all.count) +
                   " images; at least 6 are needed, because the last sixth becomes the test set."};
    set->train = first_images(all, all.count - all.count / 6);
    set->test = last_images(all, all.count / 6);
  }
  set->name = std::string(data == DigitData::kOwn ? "Your digits" : "MNIST") + ", " + grouped_text(set->train.count) + " + " +
              grouped_text(set->test.count);
  digits_[static_cast<std::size_t>(data)] = std::move(set);
  return Done{};
}

Status DigitLibrary::receive_weights(DigitModel model, const std::vector<Blob>& files) {
  if (files.size() != 1) return Error{"One weights file is expected, not " + std::to_string(files.size()) + "."};
  weights_[static_cast<std::size_t>(model)] = files[0];
  return Done{};
}

}  // namespace chainrule
