// Twin: the controls on the canvas once more, as plain data that the page turns into real elements at the same places
// (web/twin.js): for screen readers, the keyboard, phone keyboards, and scripts that drive the page.
//
// Widgets add a node for each control in each frame, in reading order; what changed goes to the page in one piece. What
// people do to an element comes back as events, which wait for their widget to be drawn. No platform here: the app
// carries both ways, and tests need neither.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "web/widgets/ink.h"

namespace chainrule {

enum class TwinRole : std::uint8_t {
  kRegion,     // a part of the page; holds the nodes up to its end
  kTabs,       // holds kTab nodes
  kRadios,     // holds kRadio nodes
  kButton,
  kSwitch,
  kSlider,     // low, high, now; events: a number
  kNumber,     // a field for a number; events: the text
  kField,      // a field for text; events: the text
  kChoice,     // options, chosen; events: the index
  kTab,
  kRadio,
  kCells,      // a grid of numbers with a cursor; events: keys
  kPlot,       // curves, the same way
  kDrawing,    // what else arrow keys walk through
  kProgress,   // now, from 0 to 1
  kText,       // to be read only
};

struct TwinNode {
  TwinRole role = TwinRole::kButton;
  std::string name = {};
  std::string value = {};              // as people read it
  std::string help = {};
  bool disabled = false;
  std::optional<bool> on = {};         // pressed, checked, selected
  std::optional<bool> expanded = {};
  double low = 0.0, high = 1.0, now = 0.0;
  bool whole = false;                  // kNumber: whole numbers only, so a phone shows digits
  std::vector<std::string> options = {};
  int chosen = -1;
  bool over = false;                   // set by the twin: it lies in a list over the others
  bool operator==(const TwinNode&) const = default;
};

/// What the page's element at a widget has seen since the last frame.
struct TwinInput {
  bool focused = false;    // it has the keyboard's focus
  bool ring = false;       // and that should be seen
  bool arrived = false;    // just now
  bool clicked = false;    // by Space, Enter or assistive technology; presses of a pointer come through the canvas
  std::optional<std::string> value;
  std::vector<std::string> keys;  // "ArrowLeft", "Ctrl+ArrowLeft", "Home", "Enter"
};

class Twin {
 public:
  static constexpr std::size_t kMostNodes = 500;

  // --------------------------------------------------------------------------------------------------- for the app
  void begin_frame();
  /// What the page has to change, as JSON; empty when nothing is different from the last time.
  std::string end_frame();
  /// kind: focus (text "visible" when the ring is wanted), blur, click, set, key.
  void receive(ImGuiID id, std::string_view kind, std::string_view text);
  /// Sentences on refused input.
  std::vector<std::string> take_refusals() { return std::exchange(refusals_, {}); }

  // ----------------------------------------------------------------------------------------------- for the widgets
  TwinInput add(ImGuiID id, const Rect& box, TwinNode node);
  void begin_group(ImGuiID id, TwinRole role, std::string name);
  void end_group();
  /// Read out when the person has stopped for a moment: where the cursor is, and what is there.
  void say(std::string text) { said_ = std::move(text); }
  void refuse(std::string sentence) { refusals_.push_back(std::move(sentence)); }

  struct Placed {
    ImGuiID id = 0, parent = 0;
    TwinNode node;
    Rect box{}, clip{};
  };
  /// Of the frame that is being drawn, or was drawn last.
  const std::vector<Placed>& nodes() const { return nodes_; }
  std::size_t left_out() const { return left_out_; }

 private:
  struct Event {
    std::string kind, text;
    std::int64_t frame = 0;
  };
  void take_events(ImGuiID id, TwinInput& input);

  std::vector<Placed> nodes_, sent_;
  std::vector<ImGuiID> groups_;
  std::unordered_map<ImGuiID, std::size_t> sent_at_;
  std::map<ImGuiID, std::vector<Event>> events_;
  std::vector<std::string> refusals_;
  std::string said_;
  ImGuiID focused_ = 0, scroll_to_ = 0;
  bool ring_ = false, arrived_ = false;
  std::size_t left_out_ = 0;
  std::int64_t frame_ = 0;
};

/// The twin of the current Dear ImGui context; null in tests without one.
Twin* twin();
/// Makes it the context's.
void set_twin(Twin* twin);

/// Adds a node with the rectangle, draws the ring of keyboard focus around it, and returns what happened at it. Nothing
/// happens without a twin.
TwinInput mirror(const Theme& theme, ImGuiID id, const Rect& box, TwinNode node);
/// Text for reading only.
void mirror_text(const char* id, const Rect& box, std::string text);
/// Read out: where the cursor is.
void say_place(std::string text);
/// Says why what was typed changes nothing.
void refuse(std::string sentence);

}  // namespace chainrule
