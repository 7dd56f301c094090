#include "web/app/bench_page.h"

#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/lesson_kit/json.h"
#include "web/text/tr.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr double kSeconds = 1.0;  // measured for each work

std::string number_text(double value) {
  return value >= 1000.0 ? grouped_text(std::llround(value)) : fixed_text(value, value >= 100.0 ? 0 : value >= 10.0 ? 1 : value >= 1.0 ? 2 : 3);
}

std::string spread_text(const WorkResult& result) {
  return "8 of 10 samples from " + number_text(result.low) + " to " + number_text(result.high);
}

std::string share_text(double share, int threads) {
  return percent_text(share, 0) + (threads == 1 ? " of the peak" : " of the peak of " + std::to_string(threads) + " cores");
}

std::string translated(std::string_view text) { return std::string(tr_text(text)); }

void bar(const Theme& theme, const Rect& track, float share, ImU32 color) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float round = track.height() / 2;
  list.AddRectFilled(track.min, track.max, theme.colors.field, round);
  const float width = track.width() * std::clamp(share, 0.0f, 1.0f);
  if (width >= 1.0f) list.AddRectFilled(track.min, {track.min.x + std::max(width, track.height()), track.max.y}, color, round);
}

}  // namespace

bool is_bench_link(std::string_view link) {
  if (const std::size_t at = link.find('#'); at != link.npos) link.remove_prefix(at + 1);
  while (link.starts_with('/')) link.remove_prefix(1);
  return link.substr(0, link.find('?')) == "bench";
}

const LessonInfo& BenchPage::info() {
  static const LessonInfo info{.slug = "bench", .title = "How fast is it here?", .summary = "The engine's speed on this machine",
                               .topic = "The engine's speed on this machine", .decks = ""};
  return info;
}

void BenchPage::open() {
  open_ = true;
  if (!rows_.empty()) return;
  start();
  stop();
}

void BenchPage::close() {
  stop();
  open_ = false;
}

void BenchPage::start() {
  rows_.clear();
  for (const WorkInfo& info : bench_works()) rows_.push_back({&info, WorkMeter(info)});
  current_ = 0;
  work_.reset();
  pool_.set_threads(threads_);
}

void BenchPage::stop() {
  current_ = rows_.size();
  work_.reset();
}

void BenchPage::work(double seconds, double (*now)()) {
  if (!running()) return;
  const double begin = now();
  do {
    Row& row = rows_[current_];
    if (work_ == nullptr) work_ = start_work(row.info->id, &pool_);
    const double start = now();
    const double amount = work_->run();
    row.meter.add(amount, now() - start);
    row.done = row.meter.done(kSeconds);
    if (!row.done) continue;
    work_.reset();
    ++current_;
  } while (running() && now() - begin < seconds);
}

double BenchPage::peak() const { return !rows_.empty() && rows_[0].done ? shown(rows_[0]) : 0.0; }

// A peak is what the best moments reach.
double BenchPage::shown(const Row& row) {
  const WorkResult result = row.meter.result();
  return row.info->id == "peak" ? result.high : result.median;
}

bool BenchPage::complete() const {
  return !rows_.empty() && std::ranges::all_of(rows_, [](const Row& row) { return row.done; });
}

double BenchPage::share(const Row& row) const {
  return share_of_peak(*row.info, row.meter.result().median, peak() * pool_.threads());
}

std::string BenchPage::value_of(const Row& row) const {
  return row.done ? number_text(shown(row)) + " " + std::string(row.info->unit) : std::string();
}

std::string BenchPage::detail_of(const Row& row) const {
  if (!row.done) return &row - rows_.data() == static_cast<std::ptrdiff_t>(current_) ? "is measured" : running() ? "waits" : "not measured";
  if (row.info->id == "peak") return "the peak: what one core can do at most";
  return share(row) > 0.0 ? share_text(share(row), pool_.threads()) : spread_text(row.meter.result());
}

BenchPage::Choice BenchPage::draw_head(const Theme& theme, float width, std::string_view machine, int most_threads) {
  Choice choice = Choice::kNone;
  const float unit = theme.unit;
  const auto words = [&](const char* id, ImFont* face, ImU32 color, std::string_view text) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    text_block(face, color, text, std::min(width, 90 * unit));
    mirror_text(id, {at, {at.x + width, ImGui::GetCursorScreenPos().y}}, std::string(text));
  };
  words("what", theme.face(TextSize::kBody), theme.colors.text,
        "These are the works that the project's own benchmark compares with other libraries, each for about a second. Close what "
        "else keeps this machine busy, and keep this page in front.");
  words("machine", theme.face(TextSize::kCaption), theme.colors.text_muted, machine);
  ImGui::Dummy({0, 0.5f * unit});
  const float left = ImGui::GetCursorScreenPos().x;
  float end = left;  // of the buttons in this line
  const auto button = [&](const char* label, ButtonLook look, bool enabled) {
    const float wide = text_button_width(theme, label);
    if (end > left && end + unit + wide <= left + width) ImGui::SameLine(0, unit), end += unit;
    else end = left;
    end += wide;
    return text_button(theme, label, look, 0.0f, enabled);
  };
  if (most_threads > 1) {  // for the next measurement
    std::vector<std::string> labels{"1 thread"};
    for (int threads = 2; threads <= most_threads; ++threads) labels.push_back(std::to_string(threads));
    const std::vector<std::string_view> shown(labels.begin(), labels.end());
    int chosen = threads_ - 1;
    if (segments(theme, "Threads", shown, chosen, std::min(width, segments_width(theme, shown)))) threads_ = chosen + 1;
    ImGui::Dummy({0, 0.5f * unit});
  }
  if (running()) {
    if (button("Stop", ButtonLook::kFilled, true)) stop();
  } else if (button(std::ranges::none_of(rows_, &Row::done) ? "Measure" : "Measure again", ButtonLook::kFilled, true)) {
    start();
  }
  if (button("Copy the result", ButtonLook::kQuiet, complete())) choice = Choice::kCopyText;
  if (button("Copy as JSON", ButtonLook::kQuiet, complete())) choice = Choice::kCopyJson;
  if (button("Back to the lesson", ButtonLook::kQuiet, true)) choice = Choice::kLeave;
  ImGui::Dummy({0, 0.5f * unit});
  return choice;
}

void BenchPage::draw_row(const Theme& theme, const Row& row, const Rect& box, bool narrow) const {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float unit = theme.unit;
  const bool current = &row - rows_.data() == static_cast<std::ptrdiff_t>(current_);
  if (current) list.AddRectFilled(box.min, box.max, theme.colors.hover, unit);
  const Face title = face_of(theme, TextSize::kBody), number = face_of(theme, TextSize::kHeading, Weight::kNumber), caption = face_of(theme, TextSize::kCaption);
  const Rect inner = box.shrunk(unit, 0.75f * unit);
  const double part = row.done ? share(row) : 0.0;
  const std::string value = value_of(row), detail = detail_of(row);
  mirror_text(std::string(row.info->id).c_str(), box, std::string(row.info->title) + "\n" + (value.empty() ? "" : value + "\n") + detail);
  const ImU32 color = row.done || current ? theme.colors.text : theme.colors.text_muted;
  const float thick = std::round(0.75f * unit);
  const bool barred = current || part > 0.0;
  Rect track;
  if (narrow) {  // the work, its value and the bar beside each other, the rest below
    float y = inner.min.y;
    put_text(list, title, {{inner.min.x, y}, {inner.max.x, y + title.size}}, {0.0f, 0.5f}, color, row.info->title);
    y += title.size + 0.25f * unit;
    const float right = inner.min.x + 0.6f * inner.width();
    put_text(list, number, {{inner.min.x, y}, {right, y + number.size}}, {0.0f, 0.5f}, theme.colors.text, value);
    track = {{right + unit, y + (number.size - thick) / 2}, {inner.max.x, y + (number.size + thick) / 2}};
    y += number.size + 0.25f * unit;
    put_text(list, caption, {{inner.min.x, y}, {inner.max.x, y + caption.size}}, {0.0f, 0.5f}, theme.colors.text_muted, detail);
  } else {
    const float middle = inner.min.x + std::round(0.4f * inner.width()), right = middle + std::round(0.24f * inner.width());
    put_text(list, title, {inner.min, {middle - unit, inner.max.y}}, {0.0f, 0.5f}, color, row.info->title);
    put_text(list, number, {{middle, inner.min.y}, {right - 2 * unit, inner.max.y}}, {1.0f, 0.5f}, theme.colors.text, value);
    const float used = caption.size + (barred ? thick + 0.5f * unit : 0.0f), top = std::round(inner.center().y - used / 2);
    put_text(list, caption, {{right, top}, {inner.max.x, top + caption.size}}, {0.0f, 0.0f}, theme.colors.text_muted, detail);
    track = {{right, top + used - thick}, {inner.max.x, top + used}};
  }
  // How far it is while it is measured, then its share of what the machine can do.
  if (barred)
    bar(theme, track, static_cast<float>(current ? row.meter.progress(kSeconds) : part), current ? theme.colors.accent : theme.colors.series[0]);
}

BenchPage::Choice BenchPage::draw(const Theme& theme, ImVec2 size, bool narrow, std::string_view machine, int most_threads) {
  const float unit = theme.unit, width = size.x - unit;
  const Choice choice = draw_head(theme, width, machine, most_threads);
  const float height = narrow ? face_of(theme, TextSize::kBody).size + face_of(theme, TextSize::kHeading).size + face_of(theme, TextSize::kCaption).size + 3 * unit
                              : std::clamp((size.y - (ImGui::GetCursorPosY() + unit)) / static_cast<float>(std::max<std::size_t>(rows_.size(), 10)), 5 * unit, 9 * unit);
  if (Twin* mirrored = twin()) mirrored->begin_group(ImGui::GetID("results"), TwinRole::kRegion, "Results");
  for (const Row& row : rows_) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const Rect box{at, {at.x + width, at.y + height}};
    ImGui::GetWindowDrawList()->AddLine({box.min.x, box.max.y}, {box.max.x, box.max.y}, theme.colors.outline);
    draw_row(theme, row, box, narrow);
    ImGui::Dummy({width, height});
    ImGui::SetCursorScreenPos({at.x, at.y + height});
  }
  if (Twin* mirrored = twin()) mirrored->end_group();
  ImGui::Dummy({width, unit});
  return choice;
}

std::string BenchPage::text(std::string_view machine) const {
  std::string all = "Chainrule, " + translated(machine) + "; " + translated(threads_text()) + "\n";
  for (const Row& row : rows_) {
    const WorkResult result = row.meter.result();
    all += translated(row.info->title) + ": " + translated(value_of(row)) + " (" + translated(spread_text(result)) +
           (share(row) > 0.0 ? "; " + translated(share_text(share(row), pool_.threads())) : "") + ")\n";
  }
  return all;
}

std::string BenchPage::threads_text() const {
  return pool_.threads() == 1 ? "measured with 1 thread" : "measured with " + std::to_string(pool_.threads()) + " threads";
}

std::string BenchPage::json(std::string_view machine) const {
  JsonArray works;
  for (const Row& row : rows_) {
    const WorkResult result = row.meter.result();
    JsonObject rate;
    rate.add("median", result.median).add("low", result.low).add("high", result.high).add("samples", result.samples);
    works.add(JsonObject().add("id", row.info->id).add("title", row.info->title).add("unit", row.info->unit).add("rate", rate.done())
                  .add("share_of_peak", share(row)).done());
  }
  return JsonObject().add("app", "Chainrule").add("machine", machine).add("threads", pool_.threads()).add("works", works.done()).done().text;
}

}  // namespace chainrule
