// What web/script.js calls: the script API, with texts as texts and floats by their place in memory.
#include <emscripten.h>

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "web/lesson_kit/script_api.h"
#include "web/platform/script_exports.h"

namespace chainrule {
namespace {

ScriptHost* g_host = nullptr;  // JavaScript calls functions, not objects

// The answer stays until the next call, so that JavaScript can read it.
const char* kept(std::string answer) {
  static std::string text;
  text = std::move(answer);
  return text.c_str();
}

}  // namespace

void connect_script_exports(ScriptHost& host) { g_host = &host; }

extern "C" {

EMSCRIPTEN_KEEPALIVE const char* chainrule_script_state() { return kept(script_state(*g_host)); }
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_progress() { return kept(script_progress(*g_host)); }
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_open(const char* link) { return kept(script_open(*g_host, link)); }
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_play(int on) { return kept(script_play(*g_host, on != 0)); }
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_step(double steps) {
  return kept(script_step(*g_host, static_cast<std::int64_t>(steps)));
}
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_seek(double step) {
  return kept(script_seek(*g_host, static_cast<std::int64_t>(step)));
}
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_cancel() { return kept(script_cancel(*g_host)); }
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_reset() { return kept(script_reset(*g_host)); }
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_next_phase() { return kept(script_next_phase(*g_host)); }
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_undo() { return kept(script_undo(*g_host)); }
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_redo() { return kept(script_redo(*g_host)); }
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_new_weights(double seed) {
  return kept(script_new_weights(*g_host, static_cast<std::uint64_t>(seed)));
}
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_params() { return kept(script_params(*g_host)); }
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_set(const char* name, const char* value) {
  return kept(script_set(*g_host, name, value));
}
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_command(const char* name, double number, const float* data, int count) {
  return kept(script_command(*g_host, name, number, std::span(data, static_cast<std::size_t>(count))));
}
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_tensors() { return kept(script_tensors(*g_host)); }
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_tensor(const char* name) { return kept(script_tensor(*g_host, name)); }
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_assign(const char* name, const float* data, int count) {
  return kept(script_assign(*g_host, name, std::span(data, static_cast<std::size_t>(count))));
}
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_run_file() {
  static std::vector<std::uint8_t> bytes;  // read by JavaScript right after this returns
  return kept(script_run_file(*g_host, bytes));
}
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_edit(const char* name, double index, double value) {
  return kept(script_edit(*g_host, name, static_cast<std::int64_t>(index), static_cast<float>(value)));
}
EMSCRIPTEN_KEEPALIVE const char* chainrule_script_explain(const char* name, double index, double offset, double limit,
                                                          double step) {
  const auto whole = [](double value) { return static_cast<std::int64_t>(value); };
  return kept(script_explain(*g_host, name, whole(index), whole(offset), whole(limit), whole(step)));
}

}  // extern "C"

}  // namespace chainrule
