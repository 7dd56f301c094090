// How long the app's own code takes to step a lesson and draw it, at 1920x1080, without a screen. At 60 frames a second there
// are 16.7 ms for a frame; lessons aim below 8. Prints a line for each scene: median and 95th percentile, milliseconds, and
// the median with the elements for screen readers. Then the same while LeNet trains on two threads of its own.
#include <imgui.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/background.h"
#include "engine/data/idx.h"
#include "tests/engine/support/synthetic_digits.h"
#include "web/app/draw_context.h"
#include "web/lesson_kit/catalogue.h"
#include "web/lesson_kit/player.h"
#include "web/widgets/twin.h"

namespace chainrule {
namespace {

constexpr int kFrames = 300;
constexpr ImVec2 kSize{1400, 900};  // of the lesson's canvas on such a screen

class NoTextures final : public TextureCache {
 public:
  ImTextureID update(const std::string&, std::uint64_t, int, int, const std::vector<std::uint32_t>&) override { return {}; }
};

struct Scene {
  std::string name, slug;
  std::vector<ParamValue> params;
};

std::vector<Scene> scenes() {
  std::vector<Scene> all;
  for (const LessonEntry& entry : lessons()) all.push_back({entry.info.slug, entry.info.slug, {}});
  std::vector<ParamValue> largest = {{"layers", 6}, {"inputs", 8}, {"samples", 8}};
  for (int layer = 1; layer <= 6; ++layer) largest.push_back({"units-" + std::to_string(layer), 8});
  all.push_back({"backprop, largest network", "backprop", largest});
  for (const char* also : {"view", "check"}) {
    all.push_back({std::string("the same, ") + also, "backprop", largest});
    all.back().params.push_back({also, 1});
  }
  for (const double size : {32.0, 64.0})
    all.push_back({"sliding kernel, " + std::to_string(static_cast<int>(size)) + " wide, 7 wide", "sliding-kernel", {{"size", size}, {"kernel", 7}}});
  all.push_back({"backward by sliding, largest", "conv-backward", {{"size", 8}, {"kernel", 4}, {"padding", 3}, {"check", 1}}});
  return all;
}

void draw_frame(Player& player, const Theme& theme, TextureCache& textures) {
  std::vector<Action> actions;
  std::optional<ElementRef> clicked;
  std::optional<std::int64_t> sought;
  std::optional<std::string> file_request;
  ImGui::NewFrame();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(kSize);
  ImGui::Begin("bench", nullptr, ImGuiWindowFlags_NoDecoration);
  DrawContext context{.theme = theme, .textures = textures, .size = kSize, .actions = actions, .explain_request = clicked,
                      .seek_request = sought, .file_request = file_request};
  player.lesson().draw(context);
  ImGui::End();
  ImGui::Render();
}

void measure(const Scene& scene, const Theme& theme) {
  const auto entry = std::ranges::find_if(lessons(), [&](const LessonEntry& one) { return one.info.slug == scene.slug; });
  Player player(entry->make, 1);
  for (const ParamValue& param : scene.params)
    if (const Status status = player.apply(Action::set(param.name, param.value)); !status.ok()) std::fprintf(stderr, "%s\n", status.error_message().c_str());
  NoTextures textures;
  Twin twin;
  const auto sorted_times = [&](Twin* mirrored) {
    set_twin(mirrored);
    std::vector<double> times;
    for (int i = 0; i < kFrames; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      player.step_by(1);
      player.advance(1'000'000);
      if (mirrored != nullptr) mirrored->begin_frame();
      draw_frame(player, theme, textures);
      if (mirrored != nullptr) mirrored->end_frame();
      times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
    }
    set_twin(nullptr);
    std::ranges::sort(times);
    return times;
  };
  const std::vector<double> times = sorted_times(nullptr), mirrored = sorted_times(&twin);
  std::printf("%-32s %8.2f %8.2f %10.2f\n", scene.name.c_str(), times[kFrames / 2], times[kFrames * 95 / 100], mirrored[kFrames / 2]);
}

Blob blob(const char* name, std::vector<std::uint8_t> bytes) {
  return {name, std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes))};
}

// Of the page's own thread: by the clock, so where there are fewer cores than threads it counts waiting for one, too.
void measure_training(const Theme& theme) {
  const auto entry = std::ranges::find_if(lessons(), [](const LessonEntry& one) { return one.info.slug == "lenet-mnist"; });
  Player player(entry->make, 1);
  const ImageSet train = test::synthetic_digits(2000, 1), test = test::synthetic_digits(1000, 2);
  const Status received = player.receive(player.lesson().wanted_asset(),
                                         {blob("train-images", write_idx_images(train)), blob("train-labels", write_idx_labels(train)),
                                          blob("test-images", write_idx_images(test)), blob("test-labels", write_idx_labels(test))});
  if (!received.ok()) std::fprintf(stderr, "%s\n", received.error_message().c_str());
  constexpr auto kFrame = std::chrono::microseconds(16'667);
  for (const int threads : {1, 2}) {
    allow_background(threads);
    player.reset();
    player.play();
    NoTextures textures;
    std::vector<double> times;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < kFrames; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      player.advance(2'000'000);
      draw_frame(player, theme, textures);
      const auto took = std::chrono::steady_clock::now() - begin;
      times.push_back(std::chrono::duration<double, std::milli>(took).count());
      if (took < kFrame) std::this_thread::sleep_for(kFrame - took);
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    player.pause();
    std::ranges::sort(times);
    std::printf("LeNet trains, threads: %d %16.2f %8.2f %10.0f images/s\n", threads, times[kFrames / 2], times[kFrames * 95 / 100],
                32.0 * static_cast<double>(player.step()) / seconds);
  }
}

}  // namespace
}  // namespace chainrule

int main() {
  using namespace chainrule;
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.DisplaySize = kSize;
  io.DeltaTime = 1.0f / 60.0f;
  unsigned char* pixels = nullptr;
  int width = 0, height = 0;
  io.Fonts->AddFontDefault();
  io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
  Theme theme;
  theme.colors = palette_of(theme.mode);
  std::printf("%-32s %8s %8s %10s\n", "scene", "median", "p95 ms", "with twin");
  for (const Scene& scene : scenes()) measure(scene, theme);
  measure_training(theme);
}
