// The racers, the numbers of one of them, and its rate.
#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/lessons/race/race_view.h"
#include "web/text/tr.h"
#include "web/widgets/controls.h"
#include "web/widgets/sketch.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr int kDigits = 6;

void put(Face face, const Rect& box, ImVec2 align, ImU32 color, std::string_view text) {
  put_text(*ImGui::GetWindowDrawList(), face, box, align, color, text);
}

/// Typed or stepped: a rate.
void rate_field(const RaceScene& scene, int racer, ImVec2 at, float width) {
  const std::string name = "lr-" + std::string(kRacers[racer].id);
  const ParamSpec& spec = *find_param(scene.lesson.params(), name);
  ImGui::SetCursorScreenPos(at);
  const std::string text = shortest_text(static_cast<float>(scene.lesson.param(name)));
  const auto typed = number_field(scene.theme, spec.label.c_str(), text, width, {.low = spec.minimum, .high = spec.maximum, .help = spec.help});
  if (!typed) return;
  const Result<double> rate = parse_param(spec, *typed);
  if (!rate.ok()) return refuse(rate.error_message());
  scene.act(Action::set(name, rate.value()));
}

/// Formulas side by side, none broken where it fits a line. Returns the height used; draws nothing when `list` is null.
float put_rules(ImDrawList* list, Face face, ImVec2 at, float width, ImU32 color, const std::vector<std::string>& rules) {
  const float line = 1.45f * face.size, gap = 1.5f * face.size;
  float x = 0.0f, y = 0.0f;
  for (const std::string& rule : rules) {
    const float wide = plain_width(face, rule);
    if (x > 0.0f && x + wide > width) x = 0.0f, y += line;
    if (list != nullptr) put_plain(*list, face, {at.x + x, at.y + y}, color, rule);
    x += wide + gap;
  }
  return rules.empty() ? 0.0f : y + line;
}

struct Column {
  std::string head;
  std::string part;   // of the tensors' names; "" is the place itself
  bool next = false;  // as it is after the update to come
};

/// What the table shows of an optimizer: what it has.
std::vector<Column> columns_of(const Program& program) {
  std::vector<Column> columns = {{"θ", "", false}, {"g", ".grad", false}};
  const Column possible[] = {{"δ′", ".velocity", true}, {"m′", ".m", true}, {"v′", ".v", true}, {"m̂", ".m.hat", false}, {"v̂", ".v.hat", false}, {"s", ".direction", false}};
  for (const Column& column : possible)
    if (program.find("x" + column.part) != kNoTensor) columns.push_back(column);
  columns.push_back({"Δθ", ".change", false});
  return columns;
}

}  // namespace

float draw_racers(const RaceScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const float u = theme.unit, row = control_height(theme) + 0.5f * u, pad = 1.5f * u;
  const float height = 2 * pad + 4.5f * u + row * kRacerCount;
  card(theme, {box.min, {box.max.x, box.min.y + height}});
  const Rect inner{{box.min.x + pad, box.min.y + pad}, {box.max.x - pad, box.min.y + height - pad}};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face caption = face_of(theme, TextSize::kCaption), body = face_of(theme, TextSize::kBody);
  const bool places = inner.width() > 64 * u;
  const float on_width = 7 * u, rate_width = 10 * u, number_width = places ? 11 * u : 0.0f;
  const float rate_x = inner.min.x + on_width + 15.5f * u, numbers_x = rate_x + rate_width + u;
  const float f_x = numbers_x + 2 * number_width;
  const float head = inner.min.y + section_title(theme, inner.min, inner.width(), "Racers") - 0.5f * u;
  const auto heading = [&](float x, float width, std::string_view text) { put(caption, {{x, head}, {x + width, head + caption.size}}, {1, 0}, theme.colors.text_muted, text); };
  heading(rate_x, rate_width - u, "rate η");
  if (places) heading(numbers_x, number_width, "x"), heading(numbers_x + number_width, number_width, "y");
  heading(f_x, inner.max.x - f_x, "f(x, y)");
  float y = head + caption.size + 0.5f * u;
  for (int i = 0; i < kRacerCount; ++i, y += row) {
    const RacerKind& kind = kRacers[i];
    const Racer& racer = scene.racer(i);
    ImGui::PushID(kind.id);
    const bool chosen = i == scene.chosen();
    const float line = row - 0.5f * u;
    ImGui::SetCursorScreenPos({inner.min.x, y});
    bool on = scene.lesson.races(i);
    if (toggle(theme, kind.label, on, "Shows this optimizer in the race.")) scene.act(Action::set(kind.id, on ? 1 : 0));
    const Rect name{{inner.min.x + on_width, y}, {rate_x - u, y + line}};
    const Press press = press_area(theme, "numbers", name, {.name = std::string("Numbers of ") + kind.label, .on = chosen});
    if (chosen || press.hovered) list.AddRectFilled(name.min, name.max, chosen ? theme.colors.pressed : theme.colors.hover, 0.5f * u);
    if (press.pressed) scene.act(Action::set("numbers", i));
    const ImU32 color = on ? scene.color(i) : theme.colors.text_muted;
    ScreenSketch sketch(list);
    sketch.line({name.min.x + 0.5f * u, name.center().y}, {name.min.x + 3.5f * u, name.center().y}, color, 2.5f, dash_pattern(race_dash(i)));
    put(chosen ? face_of(theme, TextSize::kBody, Weight::kStrong) : body, {{name.min.x + 4 * u, y}, name.max}, {0, 0.5f}, color, kind.label);
    rate_field(scene, i, {rate_x, y}, rate_width);
    const auto number = [&](const char* id, float x, float width, TensorId tensor, std::string_view what) {
      const float value = racer.value(tensor);
      const bool long_text = !(std::abs(value) < 1e6f) || (std::abs(value) < 1e-2f && value != 0.0f);
      const std::string text = value_text(value, long_text ? 3 : places ? kDigits : 5);
      if (number_button(theme, id, {{x, y}, {x + width, y + line}}, {1, 0.5f}, text, std::string(what) + " " + text, on ? theme.colors.text : theme.colors.text_muted))
        scene.explain(i, tensor);
    };
    if (places) number("x", numbers_x, number_width, racer.x(), std::string("x of ") + kind.label), number("y", numbers_x + number_width, number_width, racer.y(), std::string("y of ") + kind.label);
    if (racer.stopped() < 0) {
      number("f", f_x, inner.max.x - f_x, racer.f(), std::string("f of ") + kind.label);
    } else {
      const Rect place{{f_x, y}, {inner.max.x, y + line}};
      const std::string text = "✗ step " + std::to_string(racer.stopped());
      const TensorId culprit = racer.program().find(racer.stopped_by());
      if (number_button(theme, "f", place, {1, 0.5f}, tr_sentence(text), "stops at step " + std::to_string(racer.stopped()) + ": " + racer.stopped_by() + " is not finite", theme.colors.bad, Weight::kText) && culprit != kNoTensor)
        scene.explain(i, culprit);
    }
    ImGui::PopID();
  }
  return height;
}

float draw_race_numbers(const RaceScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const float u = theme.unit, pad = 1.5f * u, line = 4.0f * u;
  const int chosen = scene.chosen();
  const Racer& racer = scene.racer(chosen);
  const Program& program = racer.program();
  const std::vector<Column> columns = columns_of(program);
  // Rules are those of x's calls.
  std::vector<std::string> rules;
  for (const OpCall& call : program.calls) {
    const std::string& of = program.info(call.outputs[0]).name;
    if (call.phase == Phase::kUpdate && (of == "x" || of.starts_with("x.")) && of != "x.change") rules.push_back(call.formula);
  }
  const Face caption = face_of(theme, TextSize::kCaption), figures = face_of(theme, TextSize::kBody, Weight::kNumber), strong = face_of(theme, TextSize::kBody, Weight::kStrong);
  const float label = 3 * u;
  const int across = std::max(2, std::min(static_cast<int>(columns.size()), static_cast<int>((box.width() - 2 * pad - label) / (11.5f * u))));
  const int blocks = (static_cast<int>(columns.size()) + across - 1) / across;
  const float block = caption.size + u + 2 * line;
  const float words = put_rules(nullptr, caption, {}, box.width() - 2 * pad, 0, rules);
  const float height = 2 * pad + strong.size + u + static_cast<float>(blocks) * block + words + 0.5f * u;
  card(theme, {box.min, {box.max.x, box.min.y + height}});
  const Rect inner{{box.min.x + pad, box.min.y + pad}, {box.max.x - pad, box.min.y + height - pad}};
  float y = inner.min.y + section_title(theme, inner.min, inner.width(), std::string("Numbers of ") + racer.kind().label,
                                        racer.stopped() < 0 ? "and of its next step" : "where its way ends");
  ImGui::PushID("numbers");
  const float width = (inner.width() - label) / static_cast<float>(across);
  for (int first = 0; first < static_cast<int>(columns.size()); first += across, y += block) {
    for (int c = first; c < std::min(first + across, static_cast<int>(columns.size())); ++c) {
      const Column& column = columns[static_cast<std::size_t>(c)];
      const float x = inner.min.x + label + static_cast<float>(c - first) * width;
      put_plain(*ImGui::GetWindowDrawList(), caption, {x + width - plain_width(caption, column.head), y}, theme.colors.text_muted, column.head);
      for (const int axis : {0, 1}) {
        const std::string letter = axis == 0 ? "x" : "y", name = letter + column.part;
        TensorId id = program.find(name);
        if (id == kNoTensor) continue;
        if (column.next) id = program.info(id).after;
        const float top = y + caption.size + 0.5f * u + static_cast<float>(axis) * line;
        const std::string text = value_text(racer.value(id), kDigits);
        if (number_button(theme, name + (column.next ? "′" : ""), {{x, top}, {x + width, top + line}}, {1, 0.5f}, text, column.head + " (" + letter + ") " + text, theme.colors.text))
          scene.explain(chosen, id);
      }
    }
    for (const int axis : {0, 1})
      put_plain(*ImGui::GetWindowDrawList(), figures, {inner.min.x, y + caption.size + 0.5f * u + (static_cast<float>(axis) + 0.5f) * line - 0.5f * figures.size}, theme.colors.text_muted, axis == 0 ? "x" : "y");
  }
  put_rules(ImGui::GetWindowDrawList(), caption, {inner.min.x, y + 0.5f * u}, inner.width(), theme.colors.text_muted, rules);
  ImGui::PopID();
  return height;
}

namespace {

struct Fact {
  const char* tensor;
  const char* label;
};

/// Where a rate stands along the slider.
float rate_share(const ParamSpec& spec, double rate) {
  return static_cast<float>(std::clamp(std::log(rate / spec.minimum) / std::log(spec.maximum / spec.minimum), 0.0, 1.0));
}

/// Best and greatest rate of gradient descent, below the slider.
void draw_rate_marks(const RaceScene& scene, const ParamSpec& spec, const Rect& track) {
  const QuadraticFacts& facts = *scene.lesson.facts();
  if (!(facts["λ.min"] > 0.0f)) return;
  const Theme& theme = scene.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face caption = face_of(theme, TextSize::kCaption);
  const float margin = 1.25f * theme.unit, left = track.min.x + margin, length = track.width() - 2 * margin;
  const double best = static_cast<double>(facts["η.best"]), stable = static_cast<double>(facts["η.stable"]);
  const float best_x = left + rate_share(spec, best) * length, stable_x = left + rate_share(spec, stable) * length;
  list.AddRectFilled({stable_x, track.center().y - 0.6f * theme.unit}, {track.max.x - 2, track.center().y + 0.6f * theme.unit}, with_alpha(theme.colors.bad, 0.25f));
  for (const float x : {best_x, stable_x}) list.AddLine({x, track.min.y + 0.5f * theme.unit}, {x, track.max.y}, x == best_x ? theme.colors.good : theme.colors.bad, 2.0f);
  const std::string best_text = tr_sentence("✓ best " + value_text(facts["η.best"], kDigits)), stable_text = tr_sentence("✗ diverges from " + value_text(facts["η.stable"], kDigits));
  put_plain(list, caption, {std::max(track.min.x, best_x - plain_width(caption, best_text) - 0.5f * theme.unit), track.max.y}, theme.colors.good, best_text);
  put_plain(list, caption, {std::min(stable_x + 0.5f * theme.unit, track.max.x - plain_width(caption, stable_text)), track.max.y}, theme.colors.bad, stable_text);
}

float draw_facts(const RaceScene& scene, ImVec2 at, float width) {
  const QuadraticFacts& facts = *scene.lesson.facts();
  const bool bowl = facts["λ.min"] > 0.0f;
  const Theme& theme = scene.theme;
  const Face caption = face_of(theme, TextSize::kCaption);
  const Fact all[] = {{"λ.max", "largest eigenvalue"}, {"λ.min", "smallest eigenvalue"}, {"κ", "condition number"},
                      {"η.stable", "stable below"}, {"η.best", "best rate"}, {"factor", "factor a step at best"}};
  const int count = bowl ? 6 : 2;
  const int across = std::clamp(static_cast<int>(width / (18 * theme.unit)), 1, 3);
  const float cell = width / static_cast<float>(across), row = caption.size + 4.5f * theme.unit;
  for (int i = 0; i < count; ++i) {
    const Fact& fact = all[i];
    const ImVec2 corner{at.x + static_cast<float>(i % across) * cell, at.y + static_cast<float>(i / across) * row};
    put(caption, {corner, {corner.x + cell - theme.unit, corner.y + caption.size}}, {0, 0}, theme.colors.text_muted, fact.label);
    const std::string text = value_text(facts[fact.tensor], kDigits);
    const Rect box{{corner.x, corner.y + caption.size + 0.25f * theme.unit}, {corner.x + std::min(cell - theme.unit, 12 * theme.unit), corner.y + caption.size + 4 * theme.unit}};
    if (number_button(theme, fact.tensor, box, {0, 0.5f}, text, std::string(fact.label) + " " + text, theme.colors.text)) scene.context.explain_request = scene.lesson.fact_reference(fact.tensor);
  }
  float height = row * static_cast<float>((count + across - 1) / across);
  const char* words = !bowl && facts["λ.max"] > 0.0f ? "One eigenvalue is below 0: a saddle. No rate converges." : !bowl ? "No eigenvalue is above 0: there is no lowest point." : nullptr;
  if (words != nullptr) height += put_wrapped(ImGui::GetWindowDrawList(), caption, {at.x, at.y + height}, width, theme.colors.warning, words);
  return height;
}

}  // namespace

float draw_race_rate(const RaceScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const float u = theme.unit, pad = 1.5f * u;
  const int chosen = scene.chosen();
  const bool quadratic = scene.lesson.facts().has_value();
  const Face caption = face_of(theme, TextSize::kCaption);
  const std::string name = "lr-" + std::string(kRacers[chosen].id);
  const ParamSpec& spec = *find_param(scene.lesson.params(), name);
  const float left = box.min.x + pad, width = box.width() - 2 * pad;
  float y = box.min.y + pad;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  // The card lies behind what is drawn on it, whose height is known only then.
  list.ChannelsSplit(2);
  list.ChannelsSetCurrent(1);
  ImGui::PushID("rate");
  const std::string button = "Rates that suit this surface";
  y += section_title(theme, {left, y}, width, spec.label, value_text(static_cast<float>(scene.lesson.param(name)), kDigits));
  double rate = scene.lesson.param(name);
  ImGui::SetCursorScreenPos({left, y});
  const Rect track{{left, y}, {left + width, y + control_height(theme)}};
  if (chosen == 0 && quadratic) draw_rate_marks(scene, spec, track);
  if (slider(theme, "Learning rate", rate, spec.minimum, spec.maximum, true, width, value_text(static_cast<float>(rate), 4), spec.help)) {
    const double step = std::pow(10.0, std::floor(std::log10(rate)) - 2.0);
    scene.act(Action::set(name, clamp_param(spec, std::round(rate / step) * step)));
  }
  y = track.max.y + (chosen == 0 && quadratic ? caption.size + u : 0.5f * u);
  ImGui::SetCursorScreenPos({left, y});
  if (text_button(theme, button.c_str())) scene.act(Action::command("rates"));
  y += control_height(theme) + u;
  if (quadratic) {
    y += section_title(theme, {left, y}, width, "Curvature", "of a quadratic function, for plain gradient descent");
    y += draw_facts(scene, {left, y}, width);
  }
  ImGui::PopID();
  const float height = y + pad - box.min.y;
  list.ChannelsSetCurrent(0);
  card(theme, {box.min, {box.max.x, box.min.y + height}});
  list.ChannelsMerge();
  return height;
}

}  // namespace chainrule
