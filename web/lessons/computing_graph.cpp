// "Computing graph": deck 001's graphs and all of the app's programs, one op at a time.
#include "web/lessons/computing_graph/computing_graph_lesson.h"

namespace chainrule {

std::unique_ptr<Lesson> make_computing_graph() { return std::make_unique<ComputingGraph>(); }

}  // namespace chainrule
