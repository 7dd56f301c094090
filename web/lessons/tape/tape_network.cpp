// The network: units as cards with their numbers, weights along the lines.
#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/lessons/tape/tape_view.h"
#include "web/widgets/controls.h"
#include "web/widgets/spots.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

struct UnitRow {
  const char* label;
  TensorId tensor;
};

struct Column {
  std::vector<Rect> cards;
};

/// A number where it stands.
struct PlacedNumber {
  TapeNumber number;
  Rect box;
  std::string prefix;  // its name, where there is room for it
};

class NetworkDrawing {
 public:
  NetworkDrawing(const TapeScene& scene, const Rect& box)
      : scene_(scene), model_(scene.model()), spec_(model_.spec()), box_(box), list_(*ImGui::GetWindowDrawList()) {
    // Larger where there is room, for the last row.
    const int most = std::max(*std::ranges::max_element(spec_.units), spec_.inputs);
    const bool roomy = box.width() > 25.0f * static_cast<float>(spec_.layers() + 2) * scene.unit() && box.height() > 22.0f * static_cast<float>(most) * scene.unit();
    size_ = roomy ? TextSize::kBody : TextSize::kCaption;
    caption_ = face_of(scene.theme, size_);
    number_ = face_of(scene.theme, size_, Weight::kNumber);
    place();
    place_numbers();
  }

  void draw() {
    for (int layer = 0; layer < spec_.layers(); ++layer) draw_lines(layer);
    for (int unit = 0; unit < units(spec_.layers() - 1); ++unit) {
      const Rect &from = card_of(spec_.layers(), unit), &to = card_of(spec_.layers() + 1, 0);
      draw_connector(scene_.theme, list_, {from.max.x, from.center().y}, {to.min.x, to.center().y}, scene_.theme.colors.outline);
    }
    for (const Rect& label : labels_) list_.AddRectFilled(label.min, label.max, with_alpha(scene_.theme.colors.page, 0.92f), 0.5f * scene_.unit());
    for (std::size_t column = 0; column < columns_.size(); ++column)
      for (std::size_t i = 0; i < columns_[column].cards.size(); ++i) draw_card(static_cast<int>(column), static_cast<int>(i));
    draw_numbers();
    const ImU32 muted = scene_.theme.colors.text_muted;
    if (has_strip_) put_text(list_, caption_, {{box_.min.x, strip_top()}, {box_.max.x, strip_top() + row_height()}}, {0, 0.5f}, muted, "Weights:");
    if (left_out_)
      put_text(list_, caption_, {{box_.min.x, box_.max.y - caption_.size}, box_.max}, {0, 0}, muted,
               spec_.biases ? "In each unit, from above: b, net, out, ∂E/∂out, slope, ∂E/∂net." : "In each unit, from above: net, out, ∂E/∂out, slope, ∂E/∂net.");
  }

 private:
  int units(int layer) const { return spec_.units[static_cast<std::size_t>(layer)]; }
  /// The element of a tensor [samples, width] that belongs to the sample that is shown.
  std::int64_t of_sample(int place, int width) const { return static_cast<std::int64_t>(scene_.sample) * width + place; }
  TensorId find(int layer, const char* part) const { return model_.program().find(spec_.layer_name(layer) + part); }
  float row_height() const { return number_.size + 0.5f * scene_.unit(); }
  float strip_top() const { return box_.max.y - (left_out_ ? caption_.size + 0.5f * scene_.unit() : 0.0f) - row_height(); }
  int targets() const { return spec_.loss == NetLoss::kCrossEntropy ? 1 : spec_.units.back(); }
  const Rect& card_of(int column, int unit) const { return columns_[static_cast<std::size_t>(column)].cards[static_cast<std::size_t>(unit)]; }

  // Room goes to the numbers first, then to the names in the units, then to the labels of weights.
  void place() {
    const float unit = scene_.unit(), pad = 1.8f * unit;
    const float number = text_width(number_, "−0.00000") + pad, name = text_width(caption_, "∂E/∂out") + 0.5f * unit;
    const float end_name = text_width(caption_, "target") + 0.5f * unit, layers = static_cast<float>(spec_.layers()), end_gap = 3.0f * unit;
    const std::string symbol = scene_.symbol(find(spec_.layers() - 1, ".w"), 0);
    float spare = box_.width() - (layers + 2.0f) * number - end_gap;
    const auto take = [&](float wanted, float count) {
      const float got = std::clamp(spare / count, 0.0f, wanted);
      spare -= got * count;
      return got;
    };
    const float bare = number + 0.5f * unit;  // a label without the weight's name
    float gap = take(bare, layers);
    cramped_ = gap < 0.95f * bare;
    const float more = cramped_ ? 0.0f : take(name, layers);
    left_out_ = more < 0.95f * name;
    const float end_more = take(end_name, 1.0f);
    gap += take(text_width(caption_, symbol) + unit, layers);
    gap += std::max(spare, 0.0f) / (layers + 0.5f);
    const float end_width = end_gap + (spare > 0.0f ? 0.5f * spare / (layers + 0.5f) : 0.0f);

    const float below = (left_out_ ? caption_.size + unit : 0.0f) + (cramped_ ? row_height() + unit : 0.0f);
    float x = box_.min.x;
    const auto column = [&](int count, float width, float height, float gap_after) {
      Column made;
      const float room = (box_.height() - below) / static_cast<float>(count);
      const float tall = std::min(height, room - 0.5f * unit);
      for (int i = 0; i < count; ++i) {
        const float y = box_.min.y + room * (static_cast<float>(i) + 0.5f) - tall / 2;
        made.cards.push_back({{x, y}, {x + width, y + tall}});
      }
      x += width + gap_after;
      columns_.push_back(std::move(made));
    };
    column(spec_.inputs, number, 2 * row_height() + unit, gap);
    const float rows = 6.0f + (spec_.loss == NetLoss::kCrossEntropy ? 1.0f : 0.0f) + (spec_.biases ? 1.0f : 0.0f);
    for (int layer = 0; layer < spec_.layers(); ++layer)
      column(units(layer), number + more, rows * row_height() + unit, layer + 1 < spec_.layers() ? gap : end_width);
    column(1, number + end_more, (2.0f + static_cast<float>(targets())) * row_height() + 2 * unit, 0.0f);
  }

  // ------------------------------------------------------------------------------------------------------------ numbers

  void add(TensorId tensor, std::int64_t index, const Rect& box, std::string prefix) {
    numbers_.push_back({{tensor, index}, box, std::move(prefix)});
  }

  /// Rows of numbers below the name of a card; as many as it has room for.
  void add_rows(const Rect& card, std::span<const UnitRow> rows, int unit, int width) {
    const float first = card.min.y + row_height() + 0.5f * scene_.unit();
    const int room = static_cast<int>((card.max.y + 1 - first) / row_height()), count = static_cast<int>(rows.size());
    // A small card shows what the tape is at: the last rows are those of the way back. If it has one row, that is the
    // unit's output; unless another number of it is lit.
    const bool back = scene_.present() != nullptr && scene_.present()->phase == Phase::kBackward;
    const auto index_of = [&](const UnitRow& row) {
      const bool of_samples = model_.program().info(row.tensor).kind != TensorKind::kParameter;
      return of_samples ? of_sample(unit, width) : static_cast<std::int64_t>(unit);
    };
    const auto output = std::ranges::find_if(rows, [](const UnitRow& row) { return std::string_view(row.label) == "out"; });
    int begin = room >= count ? 0 : back ? count - room : room == 1 && output != rows.end() ? static_cast<int>(output - rows.begin()) : 0;
    for (int i = 0; i < count && room > 0; ++i) {
      const UnitRow& row = rows[static_cast<std::size_t>(i)];
      if (scene_.is_present(row.tensor, index_of(row)) || scene_.is_lit(row.tensor, index_of(row))) begin = std::clamp(begin, i - room + 1, i);
    }
    float y = first;
    for (int i = begin; i < count && i - begin < room; ++i, y += row_height()) {
      const UnitRow& row = rows[static_cast<std::size_t>(i)];
      add(row.tensor, index_of(row), {{card.min.x + 0.5f * scene_.unit(), y}, {card.max.x - 0.5f * scene_.unit(), y + row_height()}}, left_out_ ? "" : row.label);
    }
  }

  std::vector<UnitRow> unit_rows(int layer) const {
    std::vector<UnitRow> rows = {{"b", find(layer, ".b")},
                                 {"net", find(layer, ".net")},
                                 {"out", find(layer, ".out")},
                                 {"p", layer + 1 == spec_.layers() ? model_.program().find("softmax.p") : kNoTensor},
                                 {"∂E/∂out", find(layer, ".out.grad")},
                                 {"slope", find(layer, ".slope")},
                                 {"∂E/∂net", find(layer, ".net.grad")}};
    std::erase_if(rows, [](const UnitRow& row) { return row.tensor == kNoTensor; });
    return rows;
  }

  void place_numbers() {
    for (int i = 0; i < spec_.inputs; ++i) add_rows(card_of(0, i), std::array{UnitRow{"", model_.x()}}, i, spec_.inputs);
    for (int layer = 0; layer < spec_.layers(); ++layer) {
      if (cramped_) place_strip(layer);
      else place_labels(layer);
      const std::vector<UnitRow> rows = unit_rows(layer);
      for (int unit = 0; unit < units(layer); ++unit) add_rows(card_of(layer + 1, unit), rows, unit, units(layer));
    }
    const Rect& card = card_of(spec_.layers() + 1, 0);
    const float unit = scene_.unit();
    float y = card.min.y + row_height() + 0.5f * unit;
    const auto row = [&](TensorId tensor, std::int64_t index, const std::string& label) {
      add(tensor, index, {{card.min.x + 0.5f * unit, y}, {card.max.x - 0.5f * unit, y + row_height()}}, label);
      y += row_height();
    };
    for (int t = 0; t < targets(); ++t) row(model_.target(), of_sample(t, targets()), targets() > 1 ? "t" + std::to_string(t + 1) : "target");
    row(model_.program().loss, 0, "E");
  }

  bool weight_is_lit(TensorId weights, std::int64_t index) const {
    const TensorId gradient = model_.program().gradient_of[static_cast<std::size_t>(weights)];
    const TensorId after = model_.program().info(weights).after;
    return scene_.is_lit(weights, index) || scene_.is_present(gradient, index) || scene_.is_present(after, index) || scene_.is_lit(gradient, index);
  }

  // Labels stand where lines to one unit are still apart; where there are many, only those that matter now.
  void place_labels(int layer) {
    const TensorId weights = find(layer, ".w");
    const TensorId gradient = model_.program().gradient_of[static_cast<std::size_t>(weights)];
    const int inputs = spec_.inputs_of(layer);
    const float row = row_height(), unit = scene_.unit();
    const bool crowded = static_cast<float>(inputs * units(layer)) * 2.2f * row > box_.height() * 1.6f;
    for (int to = 0; to < units(layer); ++to) {
      for (int from = 0; from < inputs; ++from) {
        const std::int64_t index = static_cast<std::int64_t>(to) * inputs + from;
        if (crowded && !weight_is_lit(weights, index)) continue;
        const Ends ends = ends_of(layer, to, from);
        const bool graded = scene_.shows(gradient, index);
        const float height = row * (graded ? 2.0f : 1.0f), reach = std::max(ends.to.x - ends.from.x, 1.0f);
        const std::string symbol = scene_.symbol(weights, index);
        const auto wide_as = [&](std::string_view prefix, TensorId tensor) {
          return text_width(caption_, prefix) + text_width(number_, tape_number(scene_.lesson.current(tensor, index), scene_.digits)) + 2.0f * unit;
        };
        const float width = std::min(std::max(wide_as(symbol, weights), graded ? wide_as("∂", gradient) : 0.0f), reach - 4.0f);
        // At the height of a place near their origin, where lines that cross further on are apart; but the cards stay free.
        const float near = inputs > 1 ? 0.3f : 0.5f, half = (width / 2 + 2.0f) / reach;
        const float t = std::clamp(near, std::min(half, 0.5f), std::max(1.0f - half, 0.5f));
        const ImVec2 at{ends.from.x + reach * t, ends.from.y + (ends.to.y - ends.from.y) * near};
        const Rect label{{at.x - width / 2, at.y - height / 2}, {at.x + width / 2, at.y + height / 2}};
        labels_.push_back(label);
        add(weights, index, {label.min, {label.max.x, label.min.y + row}}, symbol);
        if (graded) add(gradient, index, {{label.min.x, label.min.y + row}, label.max}, "∂");
      }
    }
  }

  // Where there is no room between the cards, the weights that matter now stand below the network.
  void place_strip(int layer) {
    const TensorId weights = find(layer, ".w");
    const TensorId gradient = model_.program().gradient_of[static_cast<std::size_t>(weights)];
    const float unit = scene_.unit();
    if (!has_strip_) strip_x_ = box_.min.x + text_width(caption_, "Weights:") + unit;
    for (std::int64_t index = 0; index < model_.program().info(weights).shape.size(); ++index) {
      if (!weight_is_lit(weights, index)) continue;
      for (const TensorId tensor : {weights, gradient}) {
        if (tensor == gradient && !scene_.shows(gradient, index)) continue;
        const std::string prefix = scene_.symbol(tensor, index);
        const float width = text_width(caption_, prefix) + text_width(number_, tape_number(scene_.lesson.current(tensor, index), scene_.digits)) + 2.0f * unit;
        if (strip_x_ + width > box_.max.x) return;
        add(tensor, index, {{strip_x_, strip_top()}, {strip_x_ + width, strip_top() + row_height()}}, prefix);
        has_strip_ = true;
        strip_x_ += width + unit;
      }
    }
  }

  // ------------------------------------------------------------------------------------------------------------ drawing

  struct Ends {
    ImVec2 from, to;
  };
  Ends ends_of(int layer, int to, int from) const {
    const Rect& source = card_of(layer, from);
    const Rect& target = card_of(layer + 1, to);
    return {{source.max.x, source.center().y}, {target.min.x, target.center().y}};
  }

  void draw_lines(int layer) {
    const TensorId weights = find(layer, ".w");
    const int inputs = spec_.inputs_of(layer);
    float largest = 1e-6f;
    for (const float w : model_.buffers()[weights]) largest = std::max(largest, std::abs(w));
    for (int to = 0; to < units(layer); ++to) {
      for (int from = 0; from < inputs; ++from) {
        const std::int64_t index = static_cast<std::int64_t>(to) * inputs + from;
        const float w = scene_.lesson.current(weights, index);
        const Ends ends = ends_of(layer, to, from);
        const bool lit = weight_is_lit(weights, index);
        const float width = 1.0f + 3.0f * std::min(std::abs(w) / largest, 1.0f);
        list_.AddLine(ends.from, ends.to, lit ? scene_.theme.colors.accent : with_alpha(diverging_color(scene_.theme, w, largest), 0.85f), lit ? width + 1.5f : width);
      }
    }
  }

  void draw_card(int column, int unit) {
    const Theme& theme = scene_.theme;
    const Rect& card = card_of(column, unit);
    bool lit = false, present = false;
    for (const PlacedNumber& placed : numbers_) {
      if (!card.contains(placed.box.center())) continue;
      lit |= scene_.is_lit(placed.number.tensor, placed.number.index);
      present |= scene_.is_present(placed.number.tensor, placed.number.index);
    }
    list_.AddRectFilled(card.min, card.max, theme.colors.surface, theme.unit);
    list_.AddRect(card.min, card.max, present ? theme.colors.accent : lit ? theme.colors.highlight : theme.colors.outline, theme.unit, 0,
                  present || lit ? 2.0f : 1.0f);
    const std::string name = column == 0 ? "x" + std::to_string(unit + 1) : column > spec_.layers() ? "error" : unit_name(spec_, column - 1, unit);
    put_text(list_, face_of(theme, TextSize::kBody, Weight::kStrong),
             {{card.min.x + scene_.unit(), card.min.y}, {card.max.x, card.min.y + row_height() + 0.5f * scene_.unit()}}, {0, 0.5f}, theme.colors.text, name);
  }

  void draw_numbers() {
    std::vector<Rect> spots;
    std::vector<int> placed_of;  // numbers that the tape has not reached cannot be asked for
    int present = 0;
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
      if (!scene_.is_known(numbers_[i].number)) continue;
      if (scene_.is_present(numbers_[i].number.tensor, numbers_[i].number.index)) present = static_cast<int>(spots.size());
      spots.push_back(numbers_[i].box);
      placed_of.push_back(static_cast<int>(i));
    }
    const auto at = [&](int spot) -> const PlacedNumber& { return numbers_[static_cast<std::size_t>(placed_of[static_cast<std::size_t>(spot)])]; };
    SpotWords words;
    words.name = "The network";
    words.place = [&](int spot) { return scene_.words_of(at(spot).number); };
    words.help = "Arrow keys: from number to number; Enter: where it comes from; Tab: type another one";
    const SpotInput input = spots_input(scene_.theme, "network", box_, spots, words, present);
    for (const PlacedNumber& placed : numbers_) draw_tape_number(scene_, placed.number, placed.box, placed.prefix, size_);
    if (input.pointed) show_pointed(at(*input.pointed), input);
    if (input.dragged) drag(at(*input.dragged).number);
    if (input.pressed) scene_.explain(at(*input.pressed).number.tensor, at(*input.pressed).number.index);
    if (input.cursor && scene_.is_settable(at(*input.cursor).number)) edit(at(*input.cursor));
  }

  void show_pointed(const PlacedNumber& placed, const SpotInput& input) {
    const Theme& theme = scene_.theme;
    const bool settable = scene_.is_settable(placed.number);
    list_.AddRect(placed.box.min, placed.box.max, theme.colors.accent, 0.5f * theme.unit);
    if (!input.by_keyboard) ImGui::SetMouseCursor(settable ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_Hand);
    const float value = scene_.lesson.current(placed.number.tensor, placed.number.index);
    value_tip(theme, scene_.symbol(placed.number.tensor, placed.number.index) + " = " + tape_number(value, TapeDigits::kFull),
              tape_kind(model_, placed.number.tensor) + (settable ? "\nDrag it sideways, or press it twice to type" : ""),
              input.by_keyboard ? std::optional<ImVec2>({placed.box.max.x, placed.box.max.y}) : std::nullopt);
  }

  void drag(const TapeNumber& number) {
    if (!scene_.is_settable(number) || is_class(number) || ImGui::GetIO().MouseDelta.x == 0.0f) return;
    const float value = scene_.lesson.current(number.tensor, number.index);
    set(number, std::round((value + 0.01f * ImGui::GetIO().MouseDelta.x) * 100.0f) / 100.0f);
  }

  void edit(const PlacedNumber& placed) {
    const TapeNumber& number = placed.number;
    NumberField field{-3.4e38, 3.4e38, false, "Another number, at once everywhere"};
    if (is_class(number)) field = {0.0, static_cast<double>(spec_.units.back() - 1), true, "The true class"};
    const std::string name = "Set " + scene_.symbol(number.tensor, number.index);
    const auto typed = number_spot(scene_.theme, name.c_str(), placed.box, shortest_text(scene_.lesson.current(number.tensor, number.index)), field);
    if (!typed) return;
    const Result<float> value = parse_float(*typed);
    if (value.ok() && std::isfinite(value.value())) set(number, value.value());
    else refuse("\"" + *typed + "\" is no number that fits: a number from −3.4e38 to 3.4e38 is. " + scene_.symbol(number.tensor, number.index) +
                " keeps " + shortest_text(scene_.lesson.current(number.tensor, number.index)) + ".");
  }

  bool is_class(const TapeNumber& number) const { return number.tensor == model_.target() && spec_.loss == NetLoss::kCrossEntropy; }
  void set(const TapeNumber& number, float value) {
    scene_.context.actions.push_back(Action::edit(model_.program().info(number.tensor).name, number.index, value));
  }

  const TapeScene& scene_;
  const NetModel& model_;
  const NetSpec& spec_;
  Rect box_;
  ImDrawList& list_;
  TextSize size_ = TextSize::kCaption;
  Face caption_, number_;
  std::vector<Column> columns_;  // the inputs, the layers, the error
  std::vector<PlacedNumber> numbers_;
  std::vector<Rect> labels_;         // below numbers that stand on lines
  bool has_strip_ = false;           // weights stand below the network
  float strip_x_ = 0.0f;             // where the next one would
  bool cramped_ = false;   // no room for labels between the cards
  bool left_out_ = false;  // names of numbers that the cards are too narrow for
};

}  // namespace

void draw_tape_network(const TapeScene& scene, const Rect& box) { NetworkDrawing(scene, box).draw(); }

bool TapeScene::is_settable(const TapeNumber& number) const { return std::ranges::count(model().settable(), number.tensor) > 0; }
bool TapeScene::is_known(const TapeNumber& number) const { return is_settable(number) || shows(number.tensor, number.index); }
std::string TapeScene::words_of(const TapeNumber& number) const {
  return symbol(number.tensor, number.index) + " " + tape_number(lesson.current(number.tensor, number.index), digits);
}

void draw_tape_number(const TapeScene& scene, const TapeNumber& number, const Rect& box, std::string_view prefix, TextSize size) {
  const Theme& theme = scene.theme;
  const bool known = scene.is_known(number);
  const bool lit = scene.is_lit(number.tensor, number.index), present = scene.is_present(number.tensor, number.index);
  const float value = scene.lesson.current(number.tensor, number.index);
  const Face figures = face_of(theme, size, Weight::kNumber), words = face_of(theme, size);
  const Rect inner = box.shrunk(0.4f * theme.unit, 0);
  std::string text = known ? tape_number(value, scene.digits) : "–";
  // A digit less for its name, and as few as must be for the number itself.
  const float words_width = text_width(words, prefix) + 0.5f * theme.unit;
  const std::string shorter = value_text(value, 3);
  if (known && text_width(figures, text) + words_width > inner.width() && text_width(figures, shorter) + words_width <= inner.width()) text = shorter;
  for (int digits = 4; digits >= 1 && text_width(figures, text) > inner.width(); --digits) text = value_text(value, digits);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (present) list.AddRectFilled(box.min, box.max, with_alpha(theme.colors.accent, 0.22f), 0.5f * theme.unit);
  if (lit && !present) list.AddRectFilled(box.min, box.max, with_alpha(theme.colors.highlight, 0.35f), 0.5f * theme.unit);
  if (text_width(figures, text) + words_width <= inner.width()) put_text(list, words, inner, {0, 0.5f}, theme.colors.text_muted, prefix);
  put_text(list, figures, inner, {1, 0.5f}, known ? tape_color(theme, scene.model(), number.tensor) : theme.colors.text_muted, text);
}

}  // namespace chainrule
