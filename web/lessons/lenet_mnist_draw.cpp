// Fills the view of "LeNet learns to read" from what the engine holds. Layers come from the program, not from a list.
#include <algorithm>
#include <deque>

#include "engine/base/text.h"
#include "web/app/draw_context.h"
#include "web/lessons/lenet_mnist.h"

namespace chainrule {
namespace {

std::string_view layer_of(std::string_view tensor) { return tensor.substr(0, tensor.find('.')); }

std::string caption_of(const Program& program, std::string_view layer) {
  std::string caption;
  for (const OpCall& call : program.calls) {
    if (call.phase > Phase::kLoss || layer_of(program.info(call.outputs[0]).name) != layer) continue;
    const Shape& first = call.in_shapes[0];
    switch (call.kind) {
      case OpKind::kConv2d: {
        const Shape& w = call.in_shapes[1];
        caption = "convolution " + std::to_string(w[2]) + "×" + std::to_string(w[3]) + ", " + std::to_string(w[0]) + " kernels";
        break;
      }
      case OpKind::kMatMul:
        caption = "dense, " + std::to_string(first[1]) + " → " + std::to_string(call.out_shapes[0][1]);
        break;
      case OpKind::kMaxPool: caption = "max pool " + std::to_string(call.attributes.window) + "×" + std::to_string(call.attributes.window); break;
      case OpKind::kActivate:
        caption += ", " + std::string(kActivationNames[static_cast<std::size_t>(call.attributes.activation)]);
        break;
      default: break;
    }
  }
  return caption;
}

}  // namespace

/// Texts that the view points to, and pictures of one step. Made again when what they show changed.
struct LenetMnist::ViewCache {
  std::deque<std::string> texts;  // views point into it: growing must not move them
  std::vector<StageView> stages;
  std::vector<LayerView> layers;
  std::vector<MistakeView> mistakes;
  std::vector<float> fixed_x, fixed_y, fixed_low, fixed_high, full_x, full_y, full_low, full_high;
  std::string data_status, divergence;
  std::vector<float> drawing_input;
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

void LenetMnist::fill_stages(ViewCache& cache) const {
  const Program& program = probe().program();
  const Buffers<float>& buffers = probe().buffers();
  std::deque<std::string>& texts = cache.texts;
  const auto tensor = [&](TensorId id, const char* prefix) {
    return id == kNoTensor ? NamedTensor{} : named(texts, prefix + program.info(id).name, program.info(id).shape, buffers[id]);
  };
  const auto text = [&](std::string value) -> std::string_view { return texts.emplace_back(std::move(value)); };
  StageView input;
  input.kind = StageView::Kind::kImage;
  input.title = "input";
  input.caption = "28×28 pixels, 0 to 1";
  input.values = tensor(probe().x(), "digit/");
  cache.stages.push_back(input);
  for (std::size_t call = 0; call < program.calls.size(); ++call) {
    const OpCall& op = program.calls[call];
    if (op.phase != Phase::kForward) break;
    const TensorId out = op.outputs[0];
    const std::string_view layer = layer_of(program.info(out).name);
    const bool last = call + 1 == program.calls.size() || program.calls[call + 1].phase != Phase::kForward ||
                      layer_of(program.info(program.calls[call + 1].outputs[0]).name) != layer;
    if (!last) continue;
    StageView stage;
    stage.kind = out == probe().logits()       ? StageView::Kind::kScores
                 : program.info(out).shape.rank() == 4 ? StageView::Kind::kMaps
                                                       : StageView::Kind::kUnits;
    stage.title = text(std::string(layer));
    stage.caption = text(caption_of(program, layer));
    stage.values = tensor(out, "digit/");
    stage.weights = tensor(program.find(std::string(layer) + ".w"), "");
    stage.bias = tensor(program.find(std::string(layer) + ".b"), "");
    stage.parameters = static_cast<std::int64_t>(stage.weights.data.size() + stage.bias.data.size());
    cache.stages.push_back(stage);
  }
  StageView probabilities;
  probabilities.kind = StageView::Kind::kProbabilities;
  probabilities.title = "softmax";
  probabilities.caption = "10 probabilities";
  probabilities.values = tensor(probe().probabilities(), "digit/");
  cache.stages.push_back(probabilities);
}

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
  fill_stages(cache);
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

void LenetMnist::draw(DrawContext& context) const {
  if (view_cache_ == nullptr) view_cache_ = std::make_shared<ViewCache>();
  ViewCache& cache = *view_cache_;
  cache.texts.clear();
  cache.stages.clear();
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
    fill_layers(cache);
    view.layers = cache.layers;
    fill_history(view, cache);
  }
  draw_lenet_mnist(view, context);
}

}  // namespace chainrule
