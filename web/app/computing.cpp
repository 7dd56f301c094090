#include "web/app/computing.h"

#include <algorithm>
#include <string>
#include <vector>

#include "engine/base/background.h"
#include "engine/base/text.h"
#include "web/gpu/plane.h"
#include "web/gpu/training.h"
#include "web/platform/platform.h"
#include "web/widgets/controls.h"

namespace chainrule {
namespace {

std::string threads_text(const Computing& computing) {
  if (computing.most_threads == 0)
    return "This page is not isolated from other sites, so the browser gives it no threads: training takes turns with drawing, with 128-bit SIMD. "
           "Once the page works offline, loading it again changes that.";
  if (computing.threads == 0) return "Training takes turns with drawing, with 128-bit SIMD.";
  if (computing.threads == 1) return "Training has 1 thread of its own, with 128-bit SIMD.";
  return "Training has " + std::to_string(computing.threads) + " threads of its own, with 128-bit SIMD.";
}

}  // namespace

int most_threads() { return platform::isolated() ? std::clamp(platform::cores(), 1, ThreadPool::kMostThreads) : 0; }

void use_threads(const Computing& computing) {
  allow_background(computing.threads);
  const auto choice = static_cast<gpu::Choice>(computing.training);
  if (gpu::choice() != choice) gpu::choose(choice);
}

bool draw_computing(const Theme& theme, Computing& computing, float width) {
  bool changed = false;
  ImGui::Dummy({0, theme.unit});
  text_block(theme.strong_face(TextSize::kCaption), theme.colors.text_muted, "Computing", width);
  if (computing.most_threads > 0) {
    std::vector<std::string> words{"none"};
    for (int threads = 1; threads <= computing.most_threads; ++threads) words.push_back(std::to_string(threads));
    const std::vector<std::string_view> shown(words.begin(), words.end());
    text_line(theme, theme.face(TextSize::kBody), theme.colors.text, "Threads for training", width);
    changed |= segments(theme, "Threads for training", shown, computing.threads, width, true);
  }
  text_block(theme.face(TextSize::kCaption), theme.colors.text_muted, threads_text(computing), width);
  ImGui::Dummy({0, theme.unit});
  constexpr std::array<std::string_view, 3> kTraining{"automatic", "CPU", "WebGPU"};
  text_line(theme, theme.face(TextSize::kBody), theme.colors.text, "Trained by", width);
  changed |= segments(theme, "Trained by", kTraining, computing.training, width, true);
  text_block(theme.face(TextSize::kCaption), theme.colors.text_muted, gpu::training_text(), width);
  if (const std::string planes = gpu::planes_text(); !planes.empty()) text_block(theme.face(TextSize::kCaption), theme.colors.text_muted, planes, width);
  ImGui::Dummy({0, 0.5f * theme.unit});
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const float knob = 5.5f * theme.unit;
  text_line(theme, theme.face(TextSize::kBody), theme.colors.text, "Meter of frames", width - knob);
  ImGui::SetCursorScreenPos({start.x + width - knob, start.y - 0.5f * theme.unit});
  changed |= toggle(theme, "Meter of frames", computing.meter, "How long the page's own thread works for a frame.");
  return changed;
}

void FrameMeter::add(double seconds) {
  seconds_[next_] = seconds;
  next_ = (next_ + 1) % kFrames;
  count_ = std::min(count_ + 1, kFrames);
}

double FrameMeter::quantile(double share) const {
  if (count_ == 0) return 0.0;
  std::array<double, kFrames> sorted = seconds_;
  std::sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(count_));
  return sorted[std::min(count_ - 1, static_cast<std::size_t>(share * static_cast<double>(count_)))];
}

void draw_meter(const Theme& theme, const FrameMeter& meter, const Rect& box) {
  const auto milliseconds = [](double seconds) { return fixed_text(1000.0 * seconds, 1); };
  const std::string text = "frame " + milliseconds(meter.last()) + " ms, 95 of 100 below " + milliseconds(meter.quantile(0.95)) + " ms";
  put_text(*ImGui::GetWindowDrawList(), face_of(theme, TextSize::kCaption), box, {1.0f, 0.5f}, theme.colors.text_muted, text);
}

}  // namespace chainrule
