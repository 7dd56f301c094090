// What is said wherever numbers come from a GPU, or follow from steps that one made.
#pragma once

#include <string_view>

#include "web/app/theme.h"

namespace chainrule {

inline constexpr std::string_view kApproximateWeights =
    "≈ Approximate: the weights before this step carry WebGPU's rounding; this step itself is computed by the reference, on the CPU.";

/// A line, or several in a narrow canvas, that says what is approximate. Returns the height used.
float approximate_note(const Theme& theme, ImVec2 at, float width, const char* id, std::string_view text);

}  // namespace chainrule
