// A digit that a person draws: the strokes that make it, which links and undo keep.
#pragma once

#include <vector>

#include "engine/data/stroke.h"
#include "web/lesson_kit/lesson.h"

namespace chainrule {

/// Takes the ink of a command digit_command::kStroke; `strokes` are the whole strokes so far, one command each.
/// Errors: no points, points outside of the paper; nothing is drawn then.
Status add_stroke(StrokeCanvas& canvas, std::vector<Action>& strokes, const Action& action);

}  // namespace chainrule
