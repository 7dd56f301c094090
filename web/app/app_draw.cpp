// The page's parts in their places: which are there, and what comes over what.
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/app/app.h"
#include "web/app/motion.h"
#include "web/widgets/controls.h"

namespace chainrule {
namespace {

constexpr double kSheetSeconds = 0.16;

}  // namespace

void App::draw_bars() {
  const Player& player = session_.player();
  PageChoices page;
  if (bench_.is_open()) return do_page(draw_header(theme_, layout_, {.lesson = &BenchPage::info(), .embed = &embed_, .of_lesson = false}));
  if (!layout_.presentation) {
    page = draw_header(theme_, layout_,
                       {.lesson = &session_.info(), .side_open = side_open(), .can_undo = player.can_undo(), .can_redo = player.can_redo(), .embed = &embed_});
  }
  do_page(page);

  TransportView view;
  view.embed = &embed_;
  view.playing = player.playing();
  view.can_run = player.lesson().wanted_asset().empty() && player.lesson().divergence().empty();
  view.step = player.step();
  view.last_step = std::max(player.last_step(), player.step());
  view.speed = session_.speed();
  view.seconds_to = [&](std::int64_t step) { return session_.expected_seconds(player.steps_to_run(step)); };
  view.phases = player.lesson().phase_names();
  if (player.held() || player.lesson().phase().empty()) view.phase = player.lesson().marked_phase();
  const Progress progress = player.progress();
  if (player.seeking() && progress.total > 1) {
    view.progress = static_cast<float>(progress.done) / static_cast<float>(progress.total);
    const double left = session_.expected_seconds(progress.total - progress.done);
    view.status = "about " + fixed_text(std::max(left, 0.1), left < 1 ? 1 : 0) + " s";
  } else if (!player.lesson().divergence().empty()) {
    view.status = "diverged";
  } else if (!player.lesson().wanted_asset().empty()) {
    view.status = "waiting for data";
  } else if (player.playing()) {
    view.status = "playing";
  }
  if (view.status.empty() && player.held()) view.status = "next: " + std::string(player.lesson().phase());
  const TransportChoices chosen = draw_transport(theme_, layout_, view);
  if (chosen.leave_presentation) present(false);
  do_transport(chosen);
}

void App::draw_lesson(std::vector<Action>& actions) {
  const Area area = layout_.canvas;
  const float pad = layout_.narrow ? theme_.unit : 2 * theme_.unit;
  const float meter = preferences_.computing.meter ? 2.5f * theme_.unit : 0.0f;
  begin_part(theme_, "Lesson", area, theme_.colors.page, {pad, pad});
  if (meter > 0) {
    const ImVec2 at{area.at.x + pad, area.at.y + 0.5f * theme_.unit};
    draw_meter(theme_, meter_, {at, {at.x + area.size.x - 2 * pad, at.y + meter}});
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + meter);
  }
  DrawContext context{.theme = theme_,
                      .textures = textures_,
                      .size = {area.size.x - 2 * pad, area.size.y - 2 * pad - meter},
                      .narrow = layout_.narrow,
                      .playing = session_.player().playing(),
                      .actions = actions,
                      .explain_request = explain_request_,
                      .seek_request = seek_request_,
                      .open_explanation = explain_.explanation(),
                      .file_request = file_request_,
                      .asset_loading = session_.asset_loading(),
                      .asset_progress = session_.asset_progress(),
                      .save_request = &save_request_,
                      .lesson_request = &lesson_request_};
  // The lesson scrolls where its picture needs more room than the screen has.
  ImGui::BeginChild("Picture", context.size, 0);
  ImGui::GetWindowDrawList()->_FringeScale = 1.0f / theme_.pixel_ratio;
  session_.player().lesson().draw(context);
  ImGui::EndChild();
  end_part();
}

void App::draw_side(std::vector<Action>& actions) {
  Area area = layout_.side;
  const float unit = theme_.unit;
  const bool floating = !layout_.side_docked;
  if (floating) {
    // It comes from the edge that it belongs to.
    const float away = 1.0f - ease_out((platform::now() - sheet_since_) / kSheetSeconds);
    (layout_.narrow ? area.at.y : area.at.x) += std::round(away * (layout_.narrow ? area.size.y : area.size.x));
  }
  begin_part(theme_, "Side", area, theme_.colors.surface, {2 * unit, 1.5f * unit}, floating);
  part_line(theme_, area.at, {area.at.x, area.at.y + area.size.y});
  if (floating) part_line(theme_, area.at, {area.at.x + area.size.x, area.at.y});
  const float width = area.size.x - 4 * unit;
  const float close = floating ? target_size(theme_) + unit : 0.0f;
  constexpr std::string_view kTabs[] = {"Lesson", "Settings", "Derivation"};
  if (segments(theme_, "Panel", kTabs, side_tab_, width - close, true)) save_preferences();
  if (floating) {
    ImGui::SetCursorPos({area.size.x - 2 * unit - target_size(theme_), 1.5f * unit});
    if (icon_button(theme_, "Close panel", Icon::kClose, "")) sheet_open_ = false;
  }
  ImGui::Dummy({0, 0.5f * unit});
  if (side_tab_ == kLessonTab) {
    const float top = ImGui::GetCursorScreenPos().y;
    words_ = {{area.at.x + 1, top}, {area.size.x - 1, std::max(layout_.side.at.y + layout_.side.size.y - top, 0.0f)}};
    return end_part();
  }
  const float height = area.size.y - ImGui::GetCursorPosY() - unit;
  ImGui::BeginChild(side_tab_ == kSettingsTab ? "Settings" : "Derivation", {width + unit, height}, 0);
  ImGui::GetWindowDrawList()->_FringeScale = 1.0f / theme_.pixel_ratio;
  const float inner = std::min(width, ImGui::GetContentRegionAvail().x);
  if (side_tab_ == kSettingsTab) {
    draw_settings(theme_, session_.player().lesson(), embed_, inner, actions);
    if (draw_computing(theme_, preferences_.computing, inner)) {
      use_threads(preferences_.computing);
      session_.player().end_ahead();
      save_preferences();
    }
    ImGui::Dummy({0, 0.5f * theme_.unit});
    bench_asked_ |= text_button(theme_, BenchPage::info().title.c_str());
  } else {
    explain_.draw(theme_, session_, inner, actions);
  }
  ImGui::EndChild();
  end_part();
}

bool App::sheet_moving(double now) const { return sheet_open_ && now - sheet_since_ < kSheetSeconds; }

void App::draw_floating(std::vector<Action>& actions) {
  if (!sheet_open_) sheet_since_ = 0.0;
  if (sheet_open_) {
    if (sheet_since_ == 0.0) sheet_since_ = platform::prefers_reduced_motion() ? 1e-9 : platform::now();
    // A derivation is read beside the picture, so the picture stays clear and can be clicked.
    draw_side(actions);
  }
  const std::string cancelled = toasts_.draw(theme_, layout_.canvas, platform::now());
  if (!cancelled.empty()) session_.cancel_progress(cancelled);
}

// Lessons that write numbers in several ways have them in this param, in full as the last.
void App::toggle_digits() {
  const Lesson& lesson = session_.player().lesson();
  const ParamSpec* digits = find_param(lesson.params(), "digits");
  if (digits == nullptr) return;
  const bool full = lesson.param("digits") == digits->maximum;
  session_.apply({Action::set("digits", full ? digits->initial : digits->maximum)});
}

void App::do_keys() {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput || ImGui::IsAnyItemActive()) return;
  // What an element of the page uses for itself does not come here (web/keys.js).
  const auto pressed = [](ImGuiKey key, bool repeat = false) { return ImGui::IsKeyPressed(key, repeat); };
  TransportChoices transport;
  PageChoices page;
  transport.play = pressed(ImGuiKey_Space);
  transport.step = pressed(ImGuiKey_PageDown, true) || pressed(ImGuiKey_RightArrow, true);
  transport.back = pressed(ImGuiKey_PageUp, true) || pressed(ImGuiKey_LeftArrow, true);
  transport.reset = pressed(ImGuiKey_R);
  transport.new_weights = pressed(ImGuiKey_N);
  page.toggle_contents = pressed(ImGuiKey_C);
  page.toggle_side = pressed(ImGuiKey_S);
  page.toggle_theme = pressed(ImGuiKey_D);
  page.full_screen = pressed(ImGuiKey_F);
  page.toggle_presentation = pressed(ImGuiKey_P);
  page.share = pressed(ImGuiKey_L);
  transport.phase = pressed(ImGuiKey_J);
  if (pressed(ImGuiKey_U) && !bench_.is_open()) session_.player().next_update();
  if (pressed(ImGuiKey_A) && !bench_.is_open()) toggle_digits();
  for (const ImWchar sign : io.InputQueueCharacters) {  // where they are on the keyboard differs from country to country
    if (sign == '?') page.show_keys = true;
    if (sign == '+') page.scale_steps = 1;
    if (sign == '-') page.scale_steps = -1;
  }
  if (pressed(ImGuiKey_Escape)) {
    ImGui::ClosePopupsExceptModals();
    if (session_.player().seeking()) transport.cancel = true;
    // One thing after the other: what lies over the lesson first.
    if (layout_.presentation && !sheet_open_ && !transport.cancel) present(false);
    if (bench_.is_open() && !contents_open_) show_bench(false);
    contents_open_ = sheet_open_ = false;
  }
  if (bench_.is_open()) return do_page(page);
  do_transport(transport);
  do_page(page);
}

}  // namespace chainrule
