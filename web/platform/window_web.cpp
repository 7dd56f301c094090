#include "web/platform/window.h"

#include <GLES3/gl3.h>
#include <SDL.h>
#include <imgui_impl_opengl3.h>
#include <imgui_impl_sdl2.h>

#include <cfloat>
#include <map>
#include <string>

#include "web/app/draw_context.h"
#include "web/app/sharp.h"
#include "web/platform/platform.h"

namespace chainrule {
namespace {

constexpr const char* kCanvas = "#canvas";

// Clipboard text that Dear ImGui asks for must stay somewhere until it has read it.
void set_clipboard(void*, const char* text) { platform::copy_text(text); }

class GlTextures final : public TextureCache {
 public:
  ImTextureID update(const std::string& key, std::uint64_t version, int width, int height,
                     const std::vector<std::uint32_t>& rgba) override {
    Entry& entry = entries_[key];
    const bool fresh = entry.name == 0;
    if (fresh) glGenTextures(1, &entry.name);
    const auto id = reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(entry.name));
    if (!fresh && entry.version == version && entry.width == width && entry.height == height) return id;
    glBindTexture(GL_TEXTURE_2D, entry.name);
    for (const GLenum filter : {GL_TEXTURE_MIN_FILTER, GL_TEXTURE_MAG_FILTER}) glTexParameteri(GL_TEXTURE_2D, filter, GL_NEAREST);
    for (const GLenum wrap : {GL_TEXTURE_WRAP_S, GL_TEXTURE_WRAP_T}) glTexParameteri(GL_TEXTURE_2D, wrap, GL_CLAMP_TO_EDGE);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
    entry.version = version;
    entry.width = width;
    entry.height = height;
    return id;
  }

  void forget() { entries_.clear(); }

 private:
  struct Entry {
    GLuint name = 0;
    std::uint64_t version = 0;
    int width = 0, height = 0;
  };
  std::map<std::string, Entry> entries_;
};

}  // namespace

Window::Window() {
  // Without this SDL listens to the whole page and swallows its keys.
  SDL_SetHint(SDL_HINT_EMSCRIPTEN_KEYBOARD_ELEMENT, kCanvas);
  SDL_Init(SDL_INIT_VIDEO);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_ES);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 0);
  SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
  window_ = SDL_CreateWindow("Chainrule", 0, 0, 1280, 720,
                             SDL_WINDOW_OPENGL | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
  gl_ = window_ != nullptr ? SDL_GL_CreateContext(window_) : nullptr;
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.ConfigInputTextCursorBlink = false;  // a blinking cursor would draw frames for ever
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  textures_ = new GlTextures;
  if (gl_ == nullptr) return;
  ImGui_ImplSDL2_InitForOpenGL(window_, gl_);
  ImGui_ImplOpenGL3_Init("#version 300 es");
  io.SetClipboardTextFn = set_clipboard;
}

void Window::begin_frame() {
  SDL_Event event;
  while (SDL_PollEvent(&event)) {
    // SDL tells of no movement to where the last finger was, which Dear ImGui has left since.
    if (event.type == SDL_MOUSEBUTTONDOWN && event.button.which == SDL_TOUCH_MOUSEID) {
      ImGui::GetIO().AddMousePosEvent(static_cast<float>(event.button.x), static_cast<float>(event.button.y));
    }
    ImGui_ImplSDL2_ProcessEvent(&event);
    // A lifted finger is nowhere: nothing stays lit where it was.
    if (event.type == SDL_MOUSEBUTTONUP && event.button.which == SDL_TOUCH_MOUSEID) {
      ImGui::GetIO().AddMousePosEvent(-FLT_MAX, -FLT_MAX);
    }
  }
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplSDL2_NewFrame();
  ImGui::NewFrame();
}

void Window::end_frame(ImU32 background, int glyph_positions) {
  ImGui::Render();
  sharpen(*ImGui::GetDrawData(), glyph_positions);
  const ImGuiIO& io = ImGui::GetIO();
  const ImVec4 color = ImGui::ColorConvertU32ToFloat4(background);
  glViewport(0, 0, static_cast<int>(io.DisplaySize.x * io.DisplayFramebufferScale.x),
             static_cast<int>(io.DisplaySize.y * io.DisplayFramebufferScale.y));
  glClearColor(color.x, color.y, color.z, 1.0f);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  SDL_GL_SwapWindow(window_);
}

void Window::upload_fonts() {
  if (device_ready_) {
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
  } else {
    ImGui_ImplOpenGL3_CreateDeviceObjects();  // the font texture among them
    device_ready_ = true;
  }
  ImGui::GetIO().Fonts->ClearTexData();  // the graphics card has it now
}

void Window::lose_graphics() {
  ImGui_ImplOpenGL3_Shutdown();
  static_cast<GlTextures*>(textures_)->forget();
  device_ready_ = false;
}

void Window::restore_graphics() { ImGui_ImplOpenGL3_Init("#version 300 es"); }

}  // namespace chainrule
