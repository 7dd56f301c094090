#include "web/lessons/inside/shifts.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace chainrule {
namespace {

constexpr int kBatch = 5;
constexpr int kOrder[kShifts] = {0, 1, -1, 2, -2, 3, -3, 4, -4};  // the middle first: the curve grows outwards

Program shift_program() {
  Graph graph;
  const TensorId x = graph.input("x", Shape{1, 1, 28, 28}), kernel = graph.input("kernel", Shape{1, 1, kShifts, kShifts});
  OpAttributes attributes;
  attributes.pad = kMostShift;
  graph.apply(OpKind::kConv2d, attributes, {x, kernel}, "y");
  return graph.program();
}

}  // namespace

ShiftProbe::ShiftProbe() : program_(shift_program()), backend_(std::make_unique<CpuBackend>(program_)) {}

void ShiftProbe::run(std::span<const float> pixels, int dx, int dy) {
  CHECK(std::abs(dx) <= kMostShift && std::abs(dy) <= kMostShift, "a shift by ", dx, ", ", dy);
  // A pixel comes from where the kernel's 1 lies: to the left of it for a shift to the right.
  std::vector<float> kernel(static_cast<std::size_t>(kShifts * kShifts));
  kernel[static_cast<std::size_t>((kMostShift - dy) * kShifts + kMostShift - dx)] = 1.0f;
  backend_->upload(program_.find("x"), pixels);
  backend_->upload(program_.find("kernel"), kernel);
  backend_->enqueue(0);
}

ImageSet shifted(const ImageSet& images, int dx, int dy) {
  ImageSet moved = images;
  const int height = images.height, width = images.width;
  for (int i = 0; i < images.count * images.channels; ++i) {
    const std::size_t at = static_cast<std::size_t>(i) * static_cast<std::size_t>(height * width);
    for (int row = 0; row < height; ++row)
      for (int column = 0; column < width; ++column) {
        const int from_row = row - dy, from_column = column - dx;
        const bool inside = from_row >= 0 && from_column >= 0 && from_row < height && from_column < width;
        moved.pixels[at + static_cast<std::size_t>(row * width + column)] =
            inside ? images.pixels[at + static_cast<std::size_t>(from_row * width + from_column)] : std::uint8_t{0};
      }
  }
  return moved;
}

ShiftCurve::ShiftCurve(std::span<const Network> networks, std::shared_ptr<const ImageSet> images, bool vertical)
    : vertical_(vertical), first_(first_images(*images, std::min(images->count, kMostDigits))), networks_(networks.begin(), networks.end()) {
  constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
  for (const Network& network : networks_) {
    DigitModelOptions model = network.model;
    model.batch = kBatch;
    const DigitClassifier built = build_digit_model(model);
    evaluators_.push_back(std::make_unique<Evaluator>(built.graph.program(), built.x, built.labels, built.head.probabilities));
    Curve& curve = curves_.emplace_back();
    for (auto* values : {&curve.accuracy, &curve.low, &curve.high}) values->fill(kNone);
  }
  begin();
}

void ShiftCurve::begin() {
  const std::size_t network = at_ % networks_.size();
  const int shift = kOrder[at_ / networks_.size()];
  if (network == 0) moved_ = shifted(first_, vertical_ ? 0 : shift, vertical_ ? shift : 0);
  Evaluator& evaluator = *evaluators_[network];
  evaluator.start(moved_, moved_.count);
  std::span<const float> parameters = networks_[network].parameters;
  for (const TensorId id : evaluator.program().of_kind(TensorKind::kParameter)) {
    const TensorInfo& info = evaluator.program().info(id);
    const auto size = static_cast<std::size_t>(info.shape.size());
    evaluator.set_parameter(info.name, parameters.first(size));
    parameters = parameters.subspan(size);
  }
}

bool ShiftCurve::advance(std::int64_t budget) {
  const std::size_t all = networks_.size() * kShifts;
  if (at_ == all) return true;
  const Evaluator& evaluator = *evaluators_[at_ % networks_.size()];
  if (!evaluators_[at_ % networks_.size()]->advance(budget)) return false;
  const ConfusionMatrix& confusion = evaluator.confusion();
  const Interval interval = wilson_interval(confusion.correct(), confusion.total());
  Curve& curve = curves_[at_ % networks_.size()];
  const auto place = static_cast<std::size_t>(kOrder[at_ / networks_.size()] + kMostShift);
  curve.accuracy[place] = static_cast<float>(*confusion.accuracy());
  curve.low[place] = static_cast<float>(interval.low);
  curve.high[place] = static_cast<float>(interval.high);
  ++at_;
  if (at_ < all) begin();
  return at_ == all;
}

float ShiftCurve::progress() const {
  const auto all = static_cast<float>(networks_.size() * kShifts);
  if (at_ == networks_.size() * kShifts) return 1.0f;
  const Evaluator& evaluator = *evaluators_[at_ % networks_.size()];
  return (static_cast<float>(at_) + static_cast<float>(evaluator.done()) / static_cast<float>(evaluator.count())) / all;
}

}  // namespace chainrule
