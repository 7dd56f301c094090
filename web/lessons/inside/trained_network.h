// TrainedNetwork: the parameters of a digit classifier, wherever they were learned.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "web/lessons/digit_library.h"

namespace chainrule {

struct TrainedNetwork {
  DigitModelOptions model;
  std::vector<float> parameters;
  std::string source;  // "trained in the app, 120 steps"
  Blob file;           // as it came, for the run file
};

/// A network out of a file of a person's, or what "LeNet learns to read" handed over: its state, or a run file of it. A run file is
/// run to its step, with the digits that are in `library`. Errors: a sentence; digits that are not there, another lesson's run.
Result<std::shared_ptr<const TrainedNetwork>> read_network(const Blob& file, const std::shared_ptr<DigitLibrary>& library);

/// The lesson that looks into it.
inline constexpr const char* kInsideSlug = "inside-lenet";

}  // namespace chainrule
