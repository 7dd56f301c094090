#include "web/app/layout.h"

#include <algorithm>

namespace chainrule {

Layout arrange(ImVec2 screen, float unit, const LayoutWishes& wishes) {
  Layout layout;
  const float width_units = screen.x / unit;
  const float height_units = screen.y / unit;
  layout.presentation = wishes.presentation;
  layout.narrow = width_units < 95;         // 760 pixels at scale 1
  layout.short_screen = height_units < 60;
  layout.slim = wishes.presentation || layout.short_screen;
  layout.roomy = width_units >= 125;
  const bool side_fits = width_units >= 150 && !wishes.presentation;     // 1200
  const bool contents_fit = width_units >= 185 && !wishes.presentation;  // 1480
  layout.side_docked = side_fits && wishes.side;
  layout.contents_docked = contents_fit && wishes.contents;

  const float header = wishes.presentation ? 0.0f : unit * (layout.short_screen ? 6.0f : layout.narrow ? 7.0f : 8.5f);
  const float transport = unit * (layout.slim ? 6.5f : layout.narrow ? 10.5f : 9.5f);
  const float contents = layout.contents_docked ? unit * 34 : 0.0f;
  const float side = layout.side_docked ? std::clamp(screen.x * 0.24f, unit * 41, unit * 58) : 0.0f;

  const float middle = std::max(screen.x - contents - side, unit);
  const float tall = std::max(screen.y - header - transport, unit);
  layout.contents = {{0, 0}, {layout.contents_docked ? contents : std::min(unit * 40, screen.x * 0.86f), screen.y}};
  layout.header = {{contents, 0}, {screen.x - contents, header}};
  layout.canvas = {{contents, header}, {middle, tall}};
  layout.transport = {{contents, header + tall}, {middle, transport}};
  if (layout.side_docked) {
    layout.side = {{screen.x - side, header}, {side, screen.y - header}};
  } else if (layout.narrow) {
    const float sheet = std::min(screen.y * 0.62f, screen.y - header);
    layout.side = {{0, screen.y - sheet}, {screen.x, sheet}};
  } else {
    const float sheet = std::min(unit * 46, screen.x * 0.7f);
    layout.side = {{screen.x - sheet, header}, {sheet, screen.y - header}};
  }
  return layout;
}

}  // namespace chainrule
