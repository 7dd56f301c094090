// Layout: where the parts of the page lie, from a phone held upright to a large screen. Arithmetic only.
#pragma once

#include <imgui.h>

namespace chainrule {

struct Area {
  ImVec2 at, size;
};

/// What people opened or closed.
struct LayoutWishes {
  bool contents = true;  // the table of contents beside the lesson, where there is room for it
  bool side = true;      // the panel of settings and derivations
  bool presentation = false;  // nothing but the lesson and a slim bar
};

struct Layout {
  bool narrow = false;           // phone: one column, panels come as sheets from below
  bool short_screen = false;     // a phone held sideways: less height for bars
  bool contents_docked = false;  // beside the lesson; else a drawer over it
  bool side_docked = false;      // beside the lesson; else a sheet over it
  bool presentation = false;     // no header
  bool slim = false;             // the transport is one row, with the scrubber in it
  bool roomy = false;            // the header has room for all its buttons
  Area header, contents, canvas, side, transport;
};

/// `unit` is the theme's distance; the whole screen is shared out.
Layout arrange(ImVec2 screen, float unit, const LayoutWishes& wishes);

}  // namespace chainrule
