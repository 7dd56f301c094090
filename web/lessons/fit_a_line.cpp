// "Fit a line": see web/lessons/fit.
#include "web/lessons/fit/fit_a_line.h"

namespace chainrule {

std::unique_ptr<Lesson> make_fit_a_line() { return std::make_unique<FitALine>(); }

}  // namespace chainrule
