// Dear ImGui's compile-time settings, included by imgui.h in every build (IMGUI_USER_CONFIG).
#pragma once

// Only today's names: an old one is a compile error, not a surprise at the next upgrade.
#define IMGUI_DISABLE_OBSOLETE_FUNCTIONS

// Full Unicode code points: mathematical alphabets lie beyond the first 65,536.
#define IMGUI_USE_WCHAR32

// WebGL2 has no vertex offsets: with 16-bit indices a window that draws more than 65,536 vertices would fall apart.
#define ImDrawIdx unsigned int
