// ImguiItems: every item that Dear ImGui was asked for while one of these lives, by the hooks that it has for test engines.
#pragma once

#include <imgui.h>

#include <string>
#include <vector>

namespace chainrule {

struct ImguiItem {
  ImGuiID id = 0;
  std::string label;
  bool in_popup = false;
};

class ImguiItems {
 public:
  ImguiItems();
  ~ImguiItems();
  ImguiItems(const ImguiItems&) = delete;
  ImguiItems& operator=(const ImguiItems&) = delete;
  /// Since the last call.
  std::vector<ImguiItem> take();
};

}  // namespace chainrule
