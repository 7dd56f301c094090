// The platform of the browser: each function asks web/boot.js, which keeps its side in Module.host.
#include <emscripten.h>
#include <emscripten/threading.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <utility>

#include "web/platform/platform.h"

// clang-format off
EM_JS(int, host_flag, (const char* name), { return Module.host.flag(UTF8ToString(name)) ? 1 : 0; });
EM_JS(char*, host_text, (const char* name, const char* key), {
  return stringToNewUTF8(Module.host.text(UTF8ToString(name), UTF8ToString(key)));
});
EM_JS(void, host_tell, (const char* name, const char* a, const char* b), {
  Module.host.tell(UTF8ToString(name), UTF8ToString(a), UTF8ToString(b));
});
EM_JS(void, host_twin, (const char* changes), { Module.host.twin.update(UTF8ToString(changes)); });
EM_JS(void, host_request_frame, (double seconds), { Module.host.requestFrame(seconds); });
EM_JS(double, host_pixel_ratio, (), { return Module.host.pixelRatio(); });
EM_JS(void, host_fetch, (int id, const char* addresses), { Module.host.fetchFiles(id, UTF8ToString(addresses)); });
EM_JS(void, host_pick, (int id, const char* purpose), { Module.host.pickFiles(id, UTF8ToString(purpose)); });
EM_JS(void, host_save_file, (const char* name, const std::uint8_t* bytes, int size), {
  Module.host.saveFile(UTF8ToString(name), HEAPU8.slice(bytes, bytes + size));
});
EM_JS(void, host_save_record, (const char* key, const std::uint8_t* bytes, int size), {
  Module.host.records.save(UTF8ToString(key), HEAPU8.slice(bytes, bytes + size));
});
EM_JS(void, host_load_record, (int id, const char* key), { Module.host.loadRecord(id, UTF8ToString(key)); });
EM_JS(void, host_cancel, (int id), { Module.host.cancel(id); });
// clang-format on

namespace chainrule::platform {
namespace {

constexpr int kDropped = 1, kCamera = 2;  // the transfers that never end

struct Pending {
  Transfer transfer;
  std::vector<File> files;
};

// Transfers by number. JavaScript calls back with numbers only, so something must know what they stand for.
std::map<int, Pending>& pending() {
  static std::map<int, Pending> transfers;
  return transfers;
}

int add(Transfer transfer) {
  static int next = kCamera;
  pending()[++next] = {std::move(transfer), {}};
  return next;
}

std::string taken(char* text) {
  std::string result = text;
  std::free(text);
  return result;
}

void tell(const char* name, std::string_view a, std::string_view b = "") {
  host_tell(name, std::string(a).c_str(), std::string(b).c_str());
}

}  // namespace

double now() { return emscripten_get_now() / 1000.0; }
float pixel_ratio() { return static_cast<float>(host_pixel_ratio()); }
bool prefers_dark() { return host_flag("dark") != 0; }
bool prefers_reduced_motion() { return host_flag("reduced-motion") != 0; }
bool isolated() { return host_flag("isolated") != 0; }
int cores() { return emscripten_num_logical_cores(); }
bool last_press_was_touch() { return host_flag("touch") != 0; }
std::string hash() { return taken(host_text("hash", "")); }
void set_hash(std::string_view hash, bool replace) {
  if (hash.starts_with('#')) hash.remove_prefix(1);
  tell("hash", hash, replace ? "replace" : "");
}
void set_page_title(std::string_view title) { tell("title", title); }
std::string page_language() { return taken(host_text("language", "")); }
void set_page_language(std::string_view language, std::string_view table) { tell("language", language, table); }
void announce(std::string_view sentence) { tell("announce", sentence); }
void update_twin(std::string_view changes) { host_twin(std::string(changes).c_str()); }
void set_page_theme(bool dark, float scale) {
  tell("theme", dark ? "dark" : "light");
  tell("scale", std::to_string(scale));
}
void copy_text(std::string_view text) { tell("copy", text); }
void request_frame() { host_request_frame(0.0); }
void request_frame_after(double seconds) { host_request_frame(seconds); }
void toggle_full_screen() { tell("full-screen", ""); }
std::string load_preference(std::string_view key) { return taken(host_text("preference", std::string(key).c_str())); }
void save_preference(std::string_view key, std::string_view value) { tell("preference", key, value); }

std::vector<std::uint8_t> read_asset(std::string_view path) {
  std::FILE* file = std::fopen(("/assets/" + std::string(path)).c_str(), "rb");
  if (file == nullptr) return {};
  std::fseek(file, 0, SEEK_END);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(std::ftell(file)));
  std::rewind(file);
  const std::size_t read = std::fread(bytes.data(), 1, bytes.size(), file);
  std::fclose(file);
  bytes.resize(read);
  return bytes;
}

int fetch_files(const std::vector<std::string>& addresses, Transfer transfer) {
  const int id = add(std::move(transfer));
  std::string lines;
  for (const std::string& address : addresses) lines += (lines.empty() ? "" : "\n") + address;
  host_fetch(id, lines.c_str());
  return id;
}

int pick_files(std::string_view purpose, Transfer transfer) {
  const int id = add(std::move(transfer));
  host_pick(id, std::string(purpose).c_str());
  return id;
}

namespace {
std::map<std::string, std::string, std::less<>>& placed_parts() {
  static std::map<std::string, std::string, std::less<>> parts;  // what each was told last
  return parts;
}
}  // namespace

void place_part(std::string_view name, float x, float y, float width, float height, std::string_view json) {
  char box[160];
  std::snprintf(box, sizeof box, "{\"x\":%.2f,\"y\":%.2f,\"width\":%.2f,\"height\":%.2f,\"data\":", static_cast<double>(x),
                static_cast<double>(y), static_cast<double>(width), static_cast<double>(height));
  std::string text = box + std::string(json) + "}";
  std::string& last = placed_parts()[std::string(name)];
  if (last == text) return;
  last = std::move(text);
  tell("place-part", name, last);
}

void hide_part(std::string_view name) {
  const auto found = placed_parts().find(name);
  if (found == placed_parts().end() || found->second.empty()) return;
  found->second.clear();
  tell("hide-part", name);
}

void open_dialog(std::string_view name, std::string_view json) { tell("dialog", name, json); }
std::string page_address() { return taken(host_text("address", "")); }
std::string address_setting(std::string_view name) { return taken(host_text("setting", std::string(name).c_str())); }

void save_file(std::string_view name, std::span<const std::uint8_t> bytes) {
  host_save_file(std::string(name).c_str(), bytes.data(), static_cast<int>(bytes.size()));
}

void save_record(std::string_view key, std::span<const std::uint8_t> bytes) {
  host_save_record(std::string(key).c_str(), bytes.data(), static_cast<int>(bytes.size()));
}

void delete_record(std::string_view key) { tell("delete-record", key); }

void load_record(std::string_view key, Transfer transfer) {
  host_load_record(add(std::move(transfer)), std::string(key).c_str());
}

void cancel(int transfer) { host_cancel(transfer); }
void on_files_dropped(Transfer transfer) { pending()[kDropped] = {std::move(transfer), {}}; }

void start_camera(Transfer transfer) {
  pending()[kCamera] = {std::move(transfer), {}};
  tell("camera", "on");
}

void stop_camera() { tell("camera", "off"); }

}  // namespace chainrule::platform

// What web/boot.js calls. It owns none of the memory afterwards: `bytes` came from malloc and is freed here.
extern "C" {

EMSCRIPTEN_KEEPALIVE void chainrule_transfer_progress(int id, double received, double total) {
  using namespace chainrule::platform;
  const auto found = pending().find(id);
  if (found != pending().end() && found->second.transfer.progress) found->second.transfer.progress(received, total);
}

EMSCRIPTEN_KEEPALIVE void chainrule_transfer_file(int id, const char* name, std::uint8_t* bytes, int size) {
  using namespace chainrule::platform;
  const auto found = pending().find(id);
  if (found != pending().end()) {
    auto copy = std::make_shared<const std::vector<std::uint8_t>>(bytes, bytes + size);
    found->second.files.push_back({name, std::move(copy)});
  }
  std::free(bytes);
}

/// The transfer is over: with its files, or with a sentence on why not (empty: the person cancelled).
EMSCRIPTEN_KEEPALIVE void chainrule_transfer_end(int id, int ok, const char* sentence) {
  using namespace chainrule::platform;
  const auto found = pending().find(id);
  if (found == pending().end()) return;
  std::vector<File> files = std::exchange(found->second.files, {});
  const Transfer transfer = found->second.transfer;
  if (id != kDropped && id != kCamera) pending().erase(found);
  if (ok != 0) {
    if (transfer.done) transfer.done(std::move(files));
  } else if (transfer.failed) {
    transfer.failed(sentence);
  }
}

}  // extern "C"
