// Fills the view of "LeNet learns to read" from what the engine holds. Layers come from the program, not from a list.
#include <algorithm>
#include <deque>

#include "engine/base/text.h"
#include "web/app/draw_context.h"
#include "web/lessons/digit_stages.h"
#include "web/lessons/field_view.h"
#include "web/lessons/lenet_mnist.h"

namespace chainrule {
/// Texts that the view points to, and pictures of one step. Made again when what they show changed.
struct LenetMnist::ViewCache {
  std::deque<std::string> texts;  // views point into it: growing must not move them
  std::vector<StageView> stages;
  std::vector<LayerView> layers;
  std::vector<MistakeView> mistakes;
  std::vector<float> fixed_x, fixed_y, fixed_low, fixed_high, full_x, full_y, full_low, full_high;
  std::string data_status, divergence;
  std::vector<float> drawing_input;
  std::string field_title;
  std::optional<FieldView> field;  // of the unit whose derivation is open
  std::uint64_t drawing_version = ~std::uint64_t{0};
};

namespace {

/// A tensor under the name that a click asks for; texts own the names.
NamedTensor named(std::deque<std::string>& texts, std::string name, const Shape& shape, std::span<const float> data) {
  texts.push_back(std::move(name));
  return {texts.back(), shape, data};
}

void append_points(const std::vector<ScorePoint>& points, std::int64_t step, std::vector<float>& x, std::vector<float>& y,
                   std::vector<float>& low, std::vector<float>& high) {
  for (std::vector<float>* values : {&x, &y, &low, &high}) values->clear();
  for (const ScorePoint& point : points) {
    if (point.step > step) break;
    x.push_back(point.images_seen), y.push_back(point.accuracy), low.push_back(point.low), high.push_back(point.high);
  }
}

}  // namespace

void LenetMnist::fill_layers(ViewCache& cache) const {
  const Program& program = trainer_->program();
  const Trainer& trainer = trainer_->trainer();
  const auto after_step = [&](const std::string& name) {
    const TensorId id = program.find(name);
    const std::span<const float> data = trainer.step_shown() ? trainer.buffers()[id] : std::span<const float>();
    return named(cache.texts, name, program.info(id).shape, data);
  };
  for (const TensorId id : program.of_kind(TensorKind::kParameter)) {
    const std::string& name = program.info(id).name;
    if (!name.ends_with(".w")) continue;
    LayerView layer;
    layer.title = layer_of(name);
    layer.value = named(cache.texts, name, program.info(id).shape, trainer.current(id));
    layer.gradient = after_step(name + ".grad");
    layer.update = after_step(name + ".change");
    cache.layers.push_back(layer);
  }
}

void LenetMnist::fill_history(LenetMnistView& view, ViewCache& cache) const {
  const std::int64_t now = step();
  const std::span<const float> x = scores_->images_seen(now);
  view.train_loss = {x, scores_->losses(now), {}, {}};
  view.train_loss_smooth = {x, scores_->smooth_losses(now), {}, {}};
  view.train_accuracy = {x, scores_->accuracies(now), {}, {}};
  append_points(scores_->fixed_points(), now, cache.fixed_x, cache.fixed_y, cache.fixed_low, cache.fixed_high);
  append_points(scores_->full_points(), now, cache.full_x, cache.full_y, cache.full_low, cache.full_high);
  view.test_accuracy = {cache.fixed_x, cache.fixed_y, cache.fixed_low, cache.fixed_high};
  view.full_test_accuracy = {cache.full_x, cache.full_y, cache.full_low, cache.full_high};
  view.fixed_test_count = std::min(DigitScores::kFixedDigits, view.test_count);
  view.confusion = scores_->fixed_confusion();
  view.confusion_full = scores_->full_confusion();
  view.confusion_step = scores_->fixed_step();
  view.confusion_full_step = scores_->full_step();
  view.full_test_progress = scores_->full_progress();
  for (const DigitScores::Mistake& mistake : scores_->mistakes())
    cache.mistakes.push_back({mistake.index, image_view(trainer_->digits().test, mistake.index), mistake.truth,
                              mistake.predicted, mistake.confidence, mistake.truth_probability});
  view.mistakes = cache.mistakes;
  view.mistakes_version = scores_->version();
}

void LenetMnist::fill_digit(LenetMnistView& view, ViewCache& cache) const {
  const DigitProbe& p = probe();
  cache.stages = stages_of({p.program(), p.buffers(), p.x(), p.logits(), p.probabilities(), "digit/", ""}, cache.texts);
  view.stages = cache.stages;
  view.digit_version = probe_version_;
  view.source = static_cast<DigitSource>(static_cast<int>(param("show")));
  view.digit_index = static_cast<int>(param("digit"));
  view.digit_label = shown_.label;
  const Program& program = probe().program();
  if (view.digit_label >= 0)
    view.digit_loss = named(cache.texts, "digit/loss", Shape{1}, probe().buffers()[program.loss]);
  if (trainer_->trainer().step_shown()) {
    const Program& training = trainer_->program();
    const Buffers<float>& buffers = trainer_->trainer().buffers();
    view.batch_images = {"x", training.info(trainer_->x()).shape, buffers[trainer_->x()]};
    view.batch_labels = buffers[trainer_->labels()];
    view.batch_loss = {"loss", Shape{1}, buffers[training.loss]};
  }
  if (cache.drawing_version != canvas_version_) {
    const MnistImage image = mnist_preprocess(canvas_.coverage());
    cache.drawing_input.assign(image.begin(), image.end());
    for (float& pixel : cache.drawing_input) pixel /= 255.0f;
    cache.drawing_version = canvas_version_;
  }
  view.drawing = canvas_.coverage();
  view.drawing_side = StrokeCanvas::kSide;
  view.drawing_version = canvas_version_;
  view.drawing_input = cache.drawing_input;
  view.drawing_empty = canvas_.empty();
}

/// The unit whose derivation is open, where its close-up can be seen.
void LenetMnist::fill_field(LenetMnistView& view, ViewCache& cache, const DrawContext& context) const {
  const Program& program = probe().program();
  const DigitModel model = trainer_->setup().model.model;
  view.sight = [&program, model](std::string_view tensor, std::int64_t index) { return sight_in(model, program, tensor.substr(tensor.find('/') + 1), index); };
  view.network = [this] {
    const std::string name = std::string(kDigitModelNames[static_cast<std::size_t>(trainer_->setup().model.model)]) + ", step " + grouped_text(step());
    return Blob{name, std::make_shared<const std::vector<std::uint8_t>>(save())};
  };
  cache.field.reset();
  const Explanation* open = context.open_explanation;
  if (view_state_.panel != LenetMnistViewState::Panel::kStage || open == nullptr || open->element.step != step() || !open->element.tensor.starts_with("digit/")) return;
  const std::string tensor = open->element.tensor.substr(6);
  const std::optional<UnitPlace> place = unit_place(model, tensor, open->shape, open->element.index);
  if (!place) return;
  const UnitLayer& layer = unit_layers(model)[static_cast<std::size_t>(place->layer)];
  const bool choice = layer.values != layer.net && program.find(layer.values) != kNoTensor;
  const std::string shown(choice && !field_before_ ? layer.values : layer.net);
  const UnitProbe& unit = field(shown, open->element.index);
  cache.field_title = place->text;
  cache.field.emplace(FieldView{.probe = unit, .prefix = "field/" + shown + "/" + std::to_string(open->element.index) + "/", .picture = shown_.name,
                                .sight = *view.sight(open->element.tensor, open->element.index), .step = step(), .before = field_before_,
                                .other = choice ? std::optional(Action::command(digit_command::kFieldBefore, field_before_ ? 0.0 : 1.0)) : std::nullopt});
  view.field = &*cache.field;
  view.field_title = cache.field_title;
}

void LenetMnist::draw(DrawContext& context) const {
  if (view_cache_ == nullptr) view_cache_ = std::make_shared<ViewCache>();
  ViewCache& cache = *view_cache_;
  cache.texts.clear();
  cache.layers.clear();
  cache.mistakes.clear();
  LenetMnistView view;
  view.state = &view_state_;
  view.data_error = data_error_;
  cache.data_status = waits() ? "Loading digits …" : trainer_->digits().name + " digits";
  view.data_status = cache.data_status;
  if (trainer_ != nullptr) {
    const auto now = static_cast<std::uint64_t>(step());
    view.step = step();
    view.batch_size = trainer_->batch();
    view.approximate = trainer_->approximate();
    view.images_seen = step() * trainer_->batch();
    view.train_count = trainer_->digits().train.count;
    view.test_count = trainer_->digits().test.count;
    view.epoch = static_cast<double>(step()) / static_cast<double>(trainer_->steps_per_epoch());
    constexpr std::string_view kNames[] = {"LeNet of deck 002", "MLP with 128 hidden units", "No hidden layer"};
    view.network_name = kNames[static_cast<std::size_t>(trainer_->setup().model.model)];
    view.parameter_count = trainer_->parameter_count();
    cache.divergence = divergence();
    view.divergence = cache.divergence;
    view.full_mnist = library_->digits(DigitData::kFull) != nullptr;
    view.trained_weights = param("start") == 1;
    view.data_name = trainer_->digits().name;
    view.weights_version = view.batch_version = now * 2 + (trainer_->trainer().step_shown() ? 1 : 0) + probe_version_ * 65536;
    fill_digit(view, cache);
    fill_field(view, cache, context);
    fill_layers(cache);
    view.layers = cache.layers;
    fill_history(view, cache);
  }
  draw_lenet_mnist(view, context);
}

}  // namespace chainrule
