#include "tests/web/widgets/null_frame.h"

#include <cmath>

namespace chainrule {

ImTextureID NullTextures::update(const std::string& key, std::uint64_t version, int width, int height,
                                 const std::vector<std::uint32_t>& rgba) {
  EXPECT_EQ(rgba.size(), static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) << key;
  EXPECT_LE(width, 4096) << key;
  EXPECT_LE(height, 4096) << key;
  uploads[key] = {version, width, height, rgba};
  return reinterpret_cast<ImTextureID>(static_cast<std::intptr_t>(uploads.size()));
}

NullFrame::NullFrame() {
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.DeltaTime = 1.0f / 60.0f;
  io.Fonts->AddFontDefault();
  unsigned char* pixels = nullptr;
  int width = 0, height = 0;
  io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
  io.ConfigInputTrickleEventQueue = false;
  theme.colors = palette_of(theme.mode);
}

NullFrame::~NullFrame() { ImGui::DestroyContext(); }

void NullFrame::frame(ImVec2 size, const std::function<void()>& draw) {
  ImGui::GetIO().DisplaySize = {std::max(size.x, 1.0f), std::max(size.y, 1.0f)};
  ImGui::NewFrame();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({std::max(size.x, 1.0f), std::max(size.y, 1.0f)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0f);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, {1, 1});
  ImGui::Begin("test", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoMove);
  ImGui::PopStyleVar(3);
  draw();
  ImGui::End();
  ImGui::Render();
  const ImDrawData* data = ImGui::GetDrawData();
  vertices_ = data->TotalVtxCount;
  for (const ImDrawList* list : data->CmdLists)
    for (const ImDrawVert& vertex : list->VtxBuffer)
      ASSERT_TRUE(std::isfinite(vertex.pos.x) && std::isfinite(vertex.pos.y));
}

void NullFrame::click(ImVec2 size, ImVec2 at, const std::function<void()>& draw) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(at.x, at.y);
  frame(size, draw);
  frame(size, draw);
  io.AddMouseButtonEvent(0, true);
  frame(size, draw);
  io.AddMouseButtonEvent(0, false);
  frame(size, draw);
}

}  // namespace chainrule
