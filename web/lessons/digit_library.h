// DigitLibrary: the digits and trained weights that have arrived, shared by a lesson and its replays.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/dataset.h"
#include "engine/nn/models.h"
#include "web/lesson_kit/lesson.h"

namespace chainrule {

enum class DigitData : std::uint8_t { kSubset, kFull, kOwn };
inline constexpr std::array<std::string_view, 3> kDigitDataNames = {"subset", "full", "own"};

struct TrainedNetwork;  // web/lessons/inside/trained_network.h

struct DigitSet {
  ImageSet train, test;
  std::string name;  // "MNIST, 60,000 + 10,000 digits"
};

/// What is in it stays as it is; receiving replaces the pointer, so that a run that still uses the old digits keeps them.
class DigitLibrary {
 public:
  /// Name of the asset that holds `data`; empty for the person's own digits.
  static std::string asset_of(DigitData data);
  static std::string asset_of(DigitModel model);

  std::shared_ptr<const DigitSet> digits(DigitData data) const { return digits_[static_cast<std::size_t>(data)]; }
  /// Bytes of a weights file, or null.
  const Blob* weights(DigitModel model) const;

  /// Files: images and labels for training and, if there are four, for testing; of two, the last sixth is the test set.
  /// Errors: those of parse_idx_pair and check_digits; a pair that is missing. What was there stays.
  Status receive_digits(DigitData data, const std::vector<Blob>& files);
  Status receive_weights(DigitModel model, const std::vector<Blob>& files);
  /// A network that a person trained, or null.
  std::shared_ptr<const TrainedNetwork> own(DigitModel model) const { return own_[static_cast<std::size_t>(model)]; }
  void receive_own(DigitModel model, std::shared_ptr<const TrainedNetwork> network) { own_[static_cast<std::size_t>(model)] = std::move(network); }

 private:
  std::array<std::shared_ptr<const TrainedNetwork>, kDigitModelNames.size()> own_;
  std::array<std::shared_ptr<const DigitSet>, 3> digits_;
  std::array<Blob, kDigitModelNames.size()> weights_;
};

}  // namespace chainrule
