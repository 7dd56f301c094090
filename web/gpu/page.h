// The page's choice of what computes, and the pipelines of its device: for all that trains or measures on a GPU.
#pragma once

#include <string>

#include "engine/backend/webgpu/kernels.h"

namespace chainrule::gpu {

enum class Choice : std::uint8_t { kAutomatic, kCpu, kWebGpu };

/// What was chosen. Choosing asks for a device anew where one was lost.
void choose(Choice choice);
Choice choice();
/// How often was chosen: who holds something of an earlier time lets go of it.
int choices();
/// Null: there is no device, or not yet, or the CPU was chosen. Asks for one.
Pipelines* pipelines();

/// How something went since the last choice, for people: a sentence, which is a template of the language tables with its values.
enum class Work : std::uint8_t { kTraining, kPlanes };
void say(Work work, std::string text);
const std::string& said(Work work);

}  // namespace chainrule::gpu
