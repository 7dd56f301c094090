// Compiled into Dear ImGui's own library in debug builds, because that calls these functions (IMGUI_ENABLE_TEST_ENGINE).
#include "tests/support/imgui_items.h"

#include <imgui_internal.h>

#include <utility>

namespace {

std::vector<chainrule::ImguiItem>& seen() {
  static std::vector<chainrule::ImguiItem> items;
  return items;
}

}  // namespace

// NOLINTBEGIN: the names are Dear ImGui's.
void ImGuiTestEngineHook_ItemAdd(ImGuiContext*, ImGuiID, const ImRect&, const ImGuiLastItemData*) {}
void ImGuiTestEngineHook_ItemInfo(ImGuiContext* context, ImGuiID id, const char* label, ImGuiItemStatusFlags) {
  const ImGuiWindow* window = context->CurrentWindow;
  // Windows are told of, too; they are no controls.
  if (window == nullptr || ImGui::FindWindowByName(label) != nullptr) return;
  const bool popup = (window->Flags & ImGuiWindowFlags_Popup) != 0;
  seen().push_back({id, label, popup});
}
void ImGuiTestEngineHook_Log(ImGuiContext*, const char*, ...) {}
const char* ImGuiTestEngine_FindItemDebugLabel(ImGuiContext*, ImGuiID) { return nullptr; }
// NOLINTEND

namespace chainrule {

ImguiItems::ImguiItems() {
  seen().clear();
  ImGui::GetCurrentContext()->TestEngineHookItems = true;
}

ImguiItems::~ImguiItems() {
  if (ImGui::GetCurrentContext() != nullptr) ImGui::GetCurrentContext()->TestEngineHookItems = false;
}

std::vector<ImguiItem> ImguiItems::take() { return std::exchange(seen(), {}); }

}  // namespace chainrule
