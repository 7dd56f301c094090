// Starts the page, and draws a frame whenever web/host.js calls for one. Nothing runs between frames.
#include <emscripten.h>

#include <cstdint>
#include <memory>

#include "web/app/app.h"
#include "web/platform/script_exports.h"
#include "web/platform/window.h"

namespace {

struct Page {
  chainrule::Window window;
  chainrule::App app{window.textures()};
};

std::unique_ptr<Page> g_page;  // JavaScript calls functions, not objects

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE void chainrule_frame() {
  chainrule::App& app = g_page->app;
  chainrule::Window& window = g_page->window;
  app.work();
  if (app.prepare()) window.upload_fonts();
  window.begin_frame();
  app.draw();
  window.end_frame(app.theme().colors.page, app.theme().glyph_positions);
  app.finish_frame();
}

EMSCRIPTEN_KEEPALIVE void chainrule_input() { g_page->app.input(); }
EMSCRIPTEN_KEEPALIVE void chainrule_hash_changed() { g_page->app.hash_changed(); }
EMSCRIPTEN_KEEPALIVE void chainrule_hidden() { g_page->app.hidden(); }
EMSCRIPTEN_KEEPALIVE void chainrule_page_event(const char* name, const char* value) { g_page->app.page_event(name, value); }
EMSCRIPTEN_KEEPALIVE void chainrule_twin_event(std::uint32_t id, const char* kind, const char* text) {
  g_page->app.twin_event(id, kind, text);
}
EMSCRIPTEN_KEEPALIVE void chainrule_context_lost() {
  g_page->window.lose_graphics();
  g_page->app.suspend();
}
EMSCRIPTEN_KEEPALIVE void chainrule_context_restored() {
  g_page->window.restore_graphics();
  g_page->app.resume();
}

}  // extern "C"

int main() {
  g_page = std::make_unique<Page>();
  chainrule::connect_script_exports(g_page->app);
  return 0;
}
