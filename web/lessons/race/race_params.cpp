// The lesson's table of params, and the rates that suit each surface.
#include <array>

#include "web/lessons/race/race_lesson.h"

namespace chainrule {
namespace {

using Rates = std::array<float, kRacerCount>;

// By surface: GD, momentum, Nesterov, AdaGrad, RMSProp, Adam. The bowl's are those of the lecture's example.
constexpr Rates kRates[] = {
    {0.1f, 0.02f, 0.02f, 1.0f, 0.1f, 0.1f},            // bowl
    {0.1f, 0.03f, 0.03f, 0.2f, 0.03f, 0.05f},          // saddle
    {0.001f, 0.0002f, 0.0002f, 0.2f, 0.01f, 0.05f},    // Rosenbrock
    {0.005f, 0.001f, 0.001f, 0.3f, 0.02f, 0.05f},      // Beale
    {0.01f, 0.002f, 0.002f, 1.0f, 0.05f, 0.2f},        // Himmelblau
    {0.5f, 0.2f, 0.2f, 0.5f, 0.05f, 0.1f},             // plateau
    {0.1f, 0.03f, 0.03f, 0.5f, 0.05f, 0.15f},          // local minima
    {0.05f, 0.01f, 0.01f, 0.3f, 0.03f, 0.1f},          // own
};
static_assert(std::size(kRates) == kSurfaceNames.size());

}  // namespace

const std::array<float, kRacerCount>& suggested_rates(SurfaceKind kind) { return kRates[static_cast<std::size_t>(kind)]; }

std::vector<ParamSpec> race_params() {
  ParamTable table;
  const SurfaceView& view = surface_view(SurfaceKind::kBowl);
  table.choice("surface", "Surface", "What the optimizers descend. Starts over.", kSurfaceNames, 0);
  table.number("condition", "Condition number κ", "Of the bowl: how much steeper it is one way than the other. Starts over.", ParamType::kReal, 1, 1000, 10).logarithmic = true;
  table.number("rotation", "Rotation in degrees", "Of the bowl: the steep direction turned away from the y axis. Starts over.", ParamType::kReal, 0, 90, 0);
  table.number("start-x", "Start x", "Where the race begins. Starts over.", ParamType::kReal, -1000, 1000, static_cast<double>(view.start.x));
  table.number("start-y", "Start y", "Where the race begins. Starts over.", ParamType::kReal, -1000, 1000, static_cast<double>(view.start.y));
  const char* labels[] = {"Rate of GD", "Rate of momentum", "Rate of Nesterov", "Rate of AdaGrad", "Rate of RMSProp", "Rate of Adam"};
  for (int racer = 0; racer < kRacerCount; ++racer)
    table.number("lr-" + std::string(kRacers[racer].id), labels[racer], "Learning rate η of this optimizer. Starts over.", ParamType::kReal, 1e-6, 100,
                 static_cast<double>(kRates[0][static_cast<std::size_t>(racer)]))
        .logarithmic = true;
  table.number("beta", "Momentum β", "How much of the last step momentum and Nesterov keep. Starts over.", ParamType::kReal, 0, 0.999, static_cast<double>(0.9f));
  table.number("rho", "RMSProp's ρ", "How slowly RMSProp's mean of squares forgets. Starts over.", ParamType::kReal, 0, 0.9999, static_cast<double>(0.9f));
  table.number("beta1", "Adam's β1", "How slowly Adam's mean of gradients forgets. Starts over.", ParamType::kReal, 0, 0.9999, static_cast<double>(0.9f));
  table.number("beta2", "Adam's β2", "How slowly Adam's mean of squares forgets. Starts over.", ParamType::kReal, 0, 0.9999, static_cast<double>(0.999f));
  table.choice("adam-form", "Form of Adam", "With corrected means as published, without as on deck 004's slide, or multiplied where it should divide, a mistake of ConvNetJS. Starts over.",
               {"corrected", "slide", "multiplied"}, 0);
  table.all_restart();
  const bool on[] = {true, true, false, false, false, true};
  for (int racer = 0; racer < kRacerCount; ++racer)
    table.toggle(kRacers[racer].id, kRacers[racer].label, "Shows this optimizer in the race.", on[racer]).changes_model = false;
  table.choice("numbers", "Numbers of", "Whose numbers the table shows.", {"GD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam"}, 0).changes_model = false;
  table.choice("look", "View", "The map from above, the surface in space, or both.", {"both", "map", "surface"}, 0).changes_model = false;
  table.toggle("log", "Logarithmic", "Levels, colours and heights by their logarithm.", false).changes_model = false;
  table.toggle("arrows", "Arrows", "Gradient, momentum and step at the optimizer whose numbers are shown.", true).changes_model = false;
  return table.take();
}

}  // namespace chainrule
