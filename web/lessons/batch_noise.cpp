// "Batch size and noise": see web/lessons/fit.
#include "web/lessons/fit/batch_noise.h"

namespace chainrule {

std::unique_ptr<Lesson> make_batch_noise() { return std::make_unique<BatchNoise>(); }

}  // namespace chainrule
