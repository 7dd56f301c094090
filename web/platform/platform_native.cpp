// The platform of the tests: files from the built site, everything else stays as it is.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>

#include "web/platform/platform.h"

namespace chainrule::platform {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
float pixel_ratio() { return 1.0f; }
bool prefers_dark() { return false; }
bool prefers_reduced_motion() { return true; }
bool isolated() { return false; }
int cores() { return 1; }
bool last_press_was_touch() { return false; }

std::string hash() { return ""; }
void set_hash(std::string_view, bool) {}
void set_page_title(std::string_view) {}
std::string page_language() { return "en"; }
void set_page_language(std::string_view, std::string_view) {}
void announce(std::string_view) {}
void update_twin(std::string_view) {}
void set_page_theme(bool, float) {}
void copy_text(std::string_view) {}
void request_frame() {}
void request_frame_after(double) {}
void toggle_full_screen() {}
std::string load_preference(std::string_view) { return ""; }
void save_preference(std::string_view, std::string_view) {}

std::vector<std::uint8_t> read_asset(std::string_view path) {
  // Tests run somewhere below the repository.
  for (std::filesystem::path folder = std::filesystem::current_path();; folder = folder.parent_path()) {
    std::ifstream stream(folder / "build/site" / path, std::ios::binary);
    if (stream) return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (folder == folder.parent_path()) return {};
  }
}

int fetch_files(const std::vector<std::string>& addresses, Transfer transfer) {
  std::vector<File> files;
  for (const std::string& address : addresses) {
    auto bytes = std::make_shared<const std::vector<std::uint8_t>>(read_asset(address));
    if (bytes->empty()) {
      transfer.failed(address + " is not in build/site.");
      return 0;
    }
    files.push_back({address, std::move(bytes)});
  }
  transfer.done(std::move(files));
  return 0;
}

void cancel(int) {}
int pick_files(std::string_view, Transfer transfer) {
  transfer.failed("");
  return 0;
}
void on_files_dropped(Transfer) {}
void start_camera(Transfer transfer) { transfer.failed("There is no camera here."); }
void stop_camera() {}
void place_part(std::string_view, float, float, float, float, std::string_view) {}
void hide_part(std::string_view) {}
void open_dialog(std::string_view, std::string_view) {}
std::string page_address() { return "http://localhost/"; }
std::string address_setting(std::string_view) { return ""; }
void save_file(std::string_view, std::span<const std::uint8_t>) {}

// Records last as long as the test's process.
namespace {
std::map<std::string, std::vector<std::uint8_t>, std::less<>>& records() {
  static std::map<std::string, std::vector<std::uint8_t>, std::less<>> kept;
  return kept;
}
}  // namespace

void save_record(std::string_view key, std::span<const std::uint8_t> bytes) {
  records()[std::string(key)].assign(bytes.begin(), bytes.end());
}
void delete_record(std::string_view key) { records().erase(std::string(key)); }
void load_record(std::string_view key, Transfer transfer) {
  const auto found = records().find(key);
  if (found != records().end())
    transfer.done({{std::string(key), std::make_shared<const std::vector<std::uint8_t>>(found->second)}});
  else if (transfer.failed)
    transfer.failed("");
}

}  // namespace chainrule::platform
