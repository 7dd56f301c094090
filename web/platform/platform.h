// Platform: what the browser (or, in tests, the machine) gives the app. No other file of the app knows which it is.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace chainrule::platform {

/// Seconds since some fixed moment; only differences mean something.
double now();
/// Physical pixels a logical one.
float pixel_ratio();
/// The reader's system asks for dark pages.
bool prefers_dark();
/// The reader's system asks for less motion.
bool prefers_reduced_motion();
/// May the page have threads (is it cross-origin isolated)? And how many does the machine run at once?
bool isolated();
int cores();
/// The last press was a finger, not a mouse.
bool last_press_was_touch();

/// The part of the address after '#', decoded only by its reader.
std::string hash();
/// `replace`: the browser's Back leads past the old one.
void set_hash(std::string_view hash, bool replace);
void set_page_title(std::string_view title);
/// The language that the page began in: chosen before, else the browser's.
std::string page_language();
/// From now on the page around the canvas speaks `language`, with its table (web/text/tr.h).
void set_page_language(std::string_view language, std::string_view table);
/// For readers of the page who do not see the canvas.
void announce(std::string_view sentence);
/// Brings the page's elements over the canvas up to date: what Twin::end_frame returned.
void update_twin(std::string_view changes);
/// The page around the canvas follows the theme, and the interface's scale.
void set_page_theme(bool dark, float scale);

/// Puts text on the clipboard. Browsers allow it only during a press.
void copy_text(std::string_view text);

/// Asks for a frame soon (at the screen's next refresh), or after some seconds. Asking twice gives one frame.
void request_frame();
void request_frame_after(double seconds);

void toggle_full_screen();

/// Small texts that outlive the page; "" when there is none or the browser refuses to keep any.
std::string load_preference(std::string_view key);
void save_preference(std::string_view key, std::string_view value);

/// A part of the page in HTML over the canvas, web/pages/<name>.js, comes to a place in logical pixels, or moves or
/// changes; `json` is what it shows. Placing it again as it is costs nothing.
void place_part(std::string_view name, float x, float y, float width, float height, std::string_view json = "{}");
void hide_part(std::string_view name);
/// Opens a dialog of web/pages, with what it shows as JSON. What is pressed there comes back as chainrule_page_event.
void open_dialog(std::string_view name, std::string_view json);

/// The page's address without the part after '#'.
std::string page_address();
/// A setting in the address, "1" of "?embed=1"; "" when there is none.
std::string address_setting(std::string_view name);

/// A file that was loaded before the program started; empty when it is not there.
std::vector<std::uint8_t> read_asset(std::string_view path);

/// A file's name and bytes; unpacked when it was a .gz.
struct File {
  std::string name;
  std::shared_ptr<const std::vector<std::uint8_t>> bytes;
};

/// Files on their way. The handlers are called between frames, on the app's thread.
struct Transfer {
  std::function<void(double received, double total)> progress;  // bytes
  std::function<void(std::vector<File>)> done;
  std::function<void(const std::string& sentence)> failed;      // also when cancelled, with an empty sentence
};

/// Fetches files of the site, by their relative addresses. Returns a number for `cancel`.
int fetch_files(const std::vector<std::string>& addresses, Transfer transfer);
void cancel(int transfer);
/// Lets the person choose files. Browsers allow it only during a press.
int pick_files(std::string_view purpose, Transfer transfer);
/// Gives the person a file to keep.
void save_file(std::string_view name, std::span<const std::uint8_t> bytes);

/// Bytes that outlive the page, by key. Where the browser keeps none, saving does nothing and loading fails.
void save_record(std::string_view key, std::span<const std::uint8_t> bytes);
void delete_record(std::string_view key);
/// Hands over one file named as the key; failed, with an empty sentence, when there is none.
void load_record(std::string_view key, Transfer transfer);

/// Files that the person dropped on the page. One handler, for as long as the app lives.
void on_files_dropped(Transfer transfer);

/// The camera, from now on or no more: each picture comes as one file, a PPM; failed, with a sentence, when there is none.
void start_camera(Transfer transfer);
void stop_camera();

}  // namespace chainrule::platform
