// The drawing of the computing graph: the present op as an equation, the graph, and the tensor that was pressed.
#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/app/draw_context.h"
#include "web/lessons/computing_graph/computing_graph_lesson.h"
#include "web/lessons/computing_graph/graph_symbol.h"
#include "web/lessons/tape/tape_equation.h"
#include "web/widgets/controls.h"
#include "web/widgets/derivation_maths.h"
#include "web/widgets/matrix_grid.h"
#include "web/widgets/program_graph.h"
#include "web/widgets/value_text.h"

namespace chainrule {

/// What people look at.
struct ComputingGraphViewState {
  ProgramGraphState graph;
  const Program* program = nullptr;
  std::int64_t step = -1;
  TensorId selected = kNoTensor;  // a whole tensor whose numbers are shown
  std::int64_t element = 0;       // of it, in the equation
};

namespace {


std::string_view phase_words(Phase phase) {
  switch (phase) {
    case Phase::kForward: return "forward";
    case Phase::kLoss: return "error";
    case Phase::kBackward: return "backward";
    case Phase::kUpdate: return "update";
  }
  return "";
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

/// What kind of number the present op makes, in words.
std::string_view kind_of_step(const Program& program, TensorId tensor) {
  const TensorInfo& info = program.info(tensor);
  if (info.before != kNoTensor) return "update";
  if (info.name.find(".by.") != std::string::npos) return "local derivative";
  if (info.name.find(".grad.path") != std::string::npos) return "gradient along one path";
  if (info.name.find(".grad") != std::string::npos)
    return program.calls[static_cast<std::size_t>(info.producer)].kind == OpKind::kAdd ? "the paths' gradients add up" : "gradient: upstream times local derivative";
  return info.kind == TensorKind::kLoss ? "error" : "value";
}

class GraphView {
 public:
  GraphView(const ComputingGraph& lesson, DrawContext& context, ComputingGraphViewState& state)
      : lesson_(lesson), context_(context), theme_(context.theme), state_(state), program_(lesson.model().program()), buffers_(lesson.model().buffers()),
        digits_(static_cast<TapeDigits>(static_cast<int>(lesson.param("digits")))), all_(lesson.param("show") != 0) {
    widest_ = digits_ == TapeDigits::kFull ? "−0.123456789" : digits_ == TapeDigits::kFour ? "−0.0000" : "−0.00";
    follow();
    find_lit();
  }

  void draw() {
    const float unit = theme_.unit, gap = 1.25f * unit;
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    const ImVec2 size{std::min(context_.size.x, ImGui::GetContentRegionAvail().x), context_.size.y};
    if (size.x < 30 * unit || size.y < 10 * unit) return;
    const float right = origin.x + size.x, bottom = origin.y + size.y;
    float y = origin.y;
    y += draw_head({origin, {right, bottom}}) + 0.5f * gap;
    y += draw_card({{origin.x, y}, {right, bottom}}) + gap;
    const bool beside = size.x > 100 * unit && state_.selected != kNoTensor;
    const float panel = state_.selected == kNoTensor ? 0.0f : std::clamp(0.22f * size.x, 24 * unit, 36 * unit);
    const float least = (size.x < 62 * unit ? 56.0f : 28.0f) * unit;
    const float legend = draw_legend({origin.x, 0}, size.x, false);
    const float height = std::max(bottom - y - legend - 0.25f * gap - (beside || panel == 0 ? 0.0f : 24 * unit + gap), least);
    draw_graph({{origin.x, y}, {beside ? right - panel - gap : right, y + height}});
    if (beside) draw_tensor({{right - panel, y}, {right, y + height}});
    y += height + 0.25f * gap;
    y += draw_legend({origin.x, y}, size.x, true);
    if (!beside && panel > 0) {
      draw_tensor({{origin.x, y + 0.5f * gap}, {right, y + 0.5f * gap + 24 * unit}});
      y += 24 * unit + 0.5f * gap;
    }
    ImGui::SetCursorScreenPos({origin.x, y - 1});
    ImGui::Dummy({1, 1});
  }

 private:
  // A step shows its own tensor, until somebody presses another one.
  void follow() {
    if (state_.step == lesson_.step() && state_.program == &program_) return;
    if (state_.program != &program_) {
      state_.graph.folded.clear();
      // Of large models the layers first.
      if (lesson_.model().choice().example == GraphExample::kLenet || lesson_.model().choice().example == GraphExample::kMlp)
        for (const std::string& group : lesson_.model().made().groups)
          if (!group.empty()) state_.graph.folded.insert(group);
    }
    state_.step = lesson_.step();
    state_.program = &program_;
    const OpCall* present = lesson_.present();
    const bool tensor = present != nullptr && program_.info(present->outputs[0]).shape.size() > 1;
    state_.selected = tensor ? present->outputs[0] : kNoTensor;
    state_.element = 0;
  }

  void find_lit() {
    std::optional<Explanation> explained;
    const Explanation* open = context_.open_explanation;
    if (open == nullptr || open->element.step != lesson_.step()) open = nullptr;
    lit_is_open_ = open != nullptr;
    if (open != nullptr) {
      for (const ElementRef& ref : open->operands) light(ref.tensor);
      light(open->element.tensor);
    } else if (const OpCall* present = lesson_.present()) {
      lit_.assign(present->inputs.begin(), present->inputs.end());
    }
  }
  void light(const std::string& name) {
    if (const TensorId id = program_.find(name); id != kNoTensor) lit_.push_back(lesson_.current(id));
  }

  bool known(TensorId tensor) const { return all_ || lesson_.is_written(tensor); }

  /// As wide as numbers usually are, or shorter.
  std::string number(float value) const {
    std::string text = tape_number(value, digits_);
    for (int digits = 3; digits > 0 && characters(text) > characters(widest_); --digits) text = value_text(value, digits);
    return text;
  }

  float draw_head(const Rect& box) {
    const Face strong = face_of(theme_, TextSize::kHeading, Weight::kStrong), small = face_of(theme_, TextSize::kCaption);
    const float tools = draw_program_graph_tools(theme_, {box.max.x - tools_width(), box.min.y}, tools_width() + 1, state_.graph);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Rect words{box.min, {box.max.x - tools_width() - theme_.unit, box.max.y}};
    const OpCall* present = lesson_.present();
    const std::string where = "Update " + grouped_text(lesson_.update() + 1) + ", op " + grouped_text(lesson_.written()) + " of " + grouped_text(lesson_.length()) +
                              (present != nullptr ? ": " + std::string(phase_words(present->phase)) : "");
    put_text(list, strong, {words.min, {words.max.x, words.min.y + strong.size}}, {0, 0}, theme_.colors.text, title());
    put_text(list, small, {{words.min.x, words.min.y + strong.size}, {words.max.x, words.min.y + strong.size + small.size}}, {0, 0}, theme_.colors.text_muted, where);
    mirror_text("where", {words.min, {words.max.x, words.min.y + strong.size + small.size}}, where);
    return std::max(strong.size + small.size, tools);
  }
  float tools_width() const { return 3 * target_size(theme_) + text_button_width(theme_, "Fit") + 2.0f * theme_.unit; }

  std::string_view title() const {
    switch (lesson_.model().choice().example) {
      case GraphExample::kLogistic: return "y = σ(w·x + b)";
      case GraphExample::kProduct: return "z = x · y";
      case GraphExample::kReluLayer: return "H = max(0, X·W + b)";
      case GraphExample::kWeightDecay: return "J = ½(w·x − t)² + λ·Σw²";
      case GraphExample::kTwoPaths: return "e = (a + b) · (b + 1)";
      case GraphExample::kSharedWeight: return "One weight, two samples";
      case GraphExample::kNetwork: return "Network";
      case GraphExample::kMlp: return "Multilayer perceptron";
      case GraphExample::kLenet: return "LeNet";
    }
    return "";
  }

  MathsNumber maths_of(TensorId tensor, std::int64_t index, float value) const {
    return tape_maths(graph_symbol(program_, tensor, index), value, digits_, color_of(tensor));
  }
  ImU32 color_of(TensorId tensor) const {
    const TensorKind kind = program_.info(tensor).kind;
    const auto& series = theme_.colors.series;
    return kind == TensorKind::kGradient ? series[1] : kind == TensorKind::kParameter ? series[2] : kind == TensorKind::kLoss ? series[3] :
           kind == TensorKind::kActivation || kind == TensorKind::kInput ? series[0] : theme_.colors.text;
  }

  float draw_card(const Rect& box) {
    const float pad = 1.5f * theme_.unit, width = box.width() - 2 * pad;
    const Face body = face_of(theme_, TextSize::kBody);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const OpCall* present = lesson_.present();
    if (present == nullptr) {
      const std::string_view text = "Press Step: one operation at a time, forward to the error, then back along the same edges, then the update. Space plays.";
      const float height = put_wrapped(nullptr, body, {}, width, 0, text) + 2 * pad;
      card(theme_, {box.min, {box.max.x, box.min.y + height}});
      put_wrapped(&list, body, {box.min.x + pad, box.min.y + pad}, width, theme_.colors.text_muted, text);
      return height;
    }
    const TensorId tensor = present->outputs[0];
    const std::int64_t index = state_.selected == tensor ? state_.element : 0;
    const float value = buffers_[tensor][static_cast<std::size_t>(index)];
    const Derivation derivation = derive(program_, buffers_, tensor, index);
    std::vector<MathsNumber> operands;
    std::vector<ElementRef> references;
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(derivation.operands().size()); ++i) {
      const OperandRef& operand = derivation.operands()[static_cast<std::size_t>(i)];
      const TensorId from = present->inputs[static_cast<std::size_t>(operand.slot)];
      operands.push_back(maths_of(from, operand.index, derivation.operand_value(i)));
      // Operands are parameters before the update.
      references.push_back(program_.info(from).after != kNoTensor ? lesson_.reference_before(from, operand.index) : lesson_.reference(from, operand.index));
    }
    const std::vector<MathsItem> items =
        derivation_maths(derivation, maths_of(tensor, index, value), operands, {.most = program_.info(tensor).shape.size() > 1 ? 4u : 8u},
                         [&](float shown) { return tape_number(shown, digits_); });
    const TextSize size = box.width() > 60 * theme_.unit ? TextSize::kHeading : TextSize::kBody;
    const float tall = maths_height(theme_, items, width, size);
    const float height = tall + body.size + 2 * pad + 0.5f * theme_.unit;
    card(theme_, {box.min, {box.max.x, box.min.y + height}});
    put_text(list, face_of(theme_, TextSize::kBody, Weight::kStrong), {{box.min.x + pad, box.min.y + 0.75f * pad}, {box.max.x - pad, box.min.y + pad + body.size}}, {0, 0},
             theme_.colors.text_muted, kind_of_step(program_, tensor));
    const Shape& shape = program_.info(tensor).shape;
    if (shape.size() > 1 && box.width() > 60 * theme_.unit)
      put_text(list, face_of(theme_, TextSize::kCaption), {{box.min.x + 0.5f * box.width(), box.min.y + 0.75f * pad}, {box.max.x - pad, box.min.y + pad + body.size}}, {1, 0},
               theme_.colors.text_muted, "one element of " + shape.text());
    ImGui::SetCursorScreenPos({box.min.x + pad, box.min.y + pad + body.size + 0.25f * theme_.unit});
    const MathsHit hit = draw_maths(theme_, "equation", items, width, size);
    if (hit.clicked) context_.explain_request = references[static_cast<std::size_t>(*hit.clicked)];
    return height;
  }

  void draw_graph(const Rect& box) {
    const OpCall* present = lesson_.present();
    const ProgramGraphData data{
        .program = program_,
        .buffers = buffers_,
        .paths = lesson_.model().made().paths,
        .groups = lesson_.model().made().groups,
        .whole = lesson_.param("gradients") != 0,
        .version = lesson_.state_version(),
        .present = present == nullptr ? -1 : static_cast<int>(present - program_.calls.data()),
        .lit = lit_,
        .lit_is_present = !lit_is_open_,
        .known = [this](TensorId tensor) { return known(tensor); },
        .current = [this](TensorId tensor) { return lesson_.param("gradients") != 0 ? tensor : lesson_.current(tensor); },
        .settable = [this](TensorId tensor) { return lesson_.model().is_settable(settable_of(tensor)); },
        .symbol = [this](TensorId tensor) { return graph_symbol(program_, tensor).text(); },
        .formula = [this](TensorId tensor) { return graph_formula(program_, tensor); },
        .number = [this](float value) { return number(value); },
        .widest = widest_,
    };
    const ProgramGraphHit hit = draw_program_graph(theme_, context_.textures, "graph", box, data, state_.graph);
    if (hit.selected) {
      const TensorId tensor = *hit.selected;
      const bool whole = program_.info(tensor).shape.size() > 1;
      state_.selected = whole ? tensor : kNoTensor;
      state_.element = 0;
    }
    if (hit.asked) {
      const bool before = program_.info(*hit.asked).after != kNoTensor && lesson_.is_written(program_.info(*hit.asked).after);
      context_.explain_request = before ? lesson_.reference_before(*hit.asked, 0) : lesson_.reference(*hit.asked, 0);
    }
    if (hit.set) context_.actions.push_back(Action::edit(program_.info(hit.set->first).name, 0, hit.set->second));
  }
  /// An updated parameter is set by the name that it shares with the one before.
  TensorId settable_of(TensorId tensor) const {
    const TensorId before = program_.info(tensor).before;
    return before != kNoTensor && lesson_.written() == lesson_.length() ? before : tensor;
  }

  float draw_legend(ImVec2 at, float width, bool visible) {
    const bool rules = std::ranges::any_of(lesson_.model().made().paths, [](const GradientPath& path) { return path.local == kNoTensor; });
    const std::string_view text = lesson_.param("gradients") != 0
                                      ? "Each gradient is an operation, too. Square corners: set from outside. A stack is a folded part: click it."
                                  : rules
                                      ? "On an edge: the local derivative, or what is done with δ, the gradient at its end; then what came back. At a node: its numbers, then their gradient."
                                      : "On an edge: · local derivative, then the gradient that came back. At a node: its number, ∂ its gradient, Σ∂ the sum of several paths.";
    const Face small = face_of(theme_, TextSize::kCaption);
    return put_wrapped(visible ? ImGui::GetWindowDrawList() : nullptr, small, at, width, theme_.colors.text_muted, text);
  }

  void draw_tensor(const Rect& box) {
    const TensorId tensor = state_.selected;
    const TensorInfo& info = program_.info(tensor);
    const Shape& shape = info.shape;
    const int rank = shape.rank(), rows = rank >= 2 ? shape[rank - 2] : 1, columns = shape[rank - 1];
    const int maps = static_cast<int>(shape.size() / (static_cast<std::int64_t>(rows) * columns));
    const bool matrix = rank <= 2 && (rows > 1 || columns <= 16);
    const float pad = 1.25f * theme_.unit, head = face_of(theme_, TextSize::kBody).size + 1.25f * theme_.unit;
    const Rect room{{box.min.x + pad, box.min.y + pad + head}, {box.max.x - pad, box.max.y - pad}};
    const float side = std::min({room.width() / static_cast<float>(columns), room.height() / static_cast<float>(rows), 9.0f * theme_.unit});
    card(theme_, {box.min, {box.max.x, matrix ? room.min.y + side * static_cast<float>(rows) + pad : box.max.y}});
    section_title(theme_, {box.min.x + pad, box.min.y + pad}, box.width() - 2 * pad, graph_symbol(program_, tensor).text(), shape.text());
    if (!known(tensor) || room.height() < 3 * theme_.unit) return;
    const std::span<const float> values = buffers_[tensor];
    const std::vector<std::int64_t> lit = lit_elements(tensor);
    const std::string key = "graph-tensor/" + info.name;
    ImGui::SetCursorScreenPos(room.min);
    std::optional<std::int64_t> clicked;
    if (matrix) {
      MatrixData data;
      data.key = key, data.version = lesson_.state_version(), data.values = values, data.rows = rows, data.columns = columns;
      data.scale = diverging_scale(values), data.name = info.name, data.shape = shape, data.lit = lit;
      data.decimals = digits_ == TapeDigits::kFour || digits_ == TapeDigits::kFull ? 3 : 2;
      clicked = draw_matrix(theme_, context_.textures, key.c_str(), {side * static_cast<float>(columns), side * static_cast<float>(rows)}, data).clicked;
    } else {
      MosaicData data;
      const bool row = rank <= 2;
      data.key = key, data.version = lesson_.state_version(), data.values = values;
      data.count = row ? columns : maps, data.height = row ? 1 : rows, data.width = row ? 1 : columns;
      data.scale = diverging_scale(values), data.name = info.name, data.shape = shape, data.one = row ? "unit" : "map", data.lit = lit;
      const float gap = row ? 1.0f : 3.0f;
      clicked = draw_mosaic(theme_, context_.textures, key.c_str(), data, layout_mosaic(data.count, data.height, data.width, {room.width(), room.height()}, gap, 24.0f), gap).clicked;
    }
    if (!clicked) return;
    state_.element = *clicked;
    const bool before = info.after != kNoTensor && lesson_.is_written(info.after);
    context_.explain_request = before ? lesson_.reference_before(tensor, *clicked) : lesson_.reference(tensor, *clicked);
  }

  std::vector<std::int64_t> lit_elements(TensorId tensor) const {
    std::vector<std::int64_t> lit;
    if (context_.open_explanation == nullptr || context_.open_explanation->element.step != lesson_.step()) return lit;
    const std::string& name = program_.info(tensor).name;
    for (const ElementRef& ref : context_.open_explanation->operands)
      if (ref.tensor == name) lit.push_back(ref.index);
    if (context_.open_explanation->element.tensor == name) lit.push_back(context_.open_explanation->element.index);
    return lit;
  }

  const ComputingGraph& lesson_;
  DrawContext& context_;
  const Theme& theme_;
  ComputingGraphViewState& state_;
  const Program& program_;
  const Buffers<float>& buffers_;
  TapeDigits digits_;
  bool all_;
  std::string widest_;
  std::vector<TensorId> lit_;
  bool lit_is_open_ = false;
};

}  // namespace

void ComputingGraph::draw(DrawContext& context) const {
  if (view_ == nullptr) view_ = std::make_shared<ComputingGraphViewState>();
  GraphView(*this, context, *view_).draw();
}

}  // namespace chainrule
