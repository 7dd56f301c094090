// "Inside a trained LeNet": shifts, top nine, ascent and fields against plain loops and measured slopes; networks handed over.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "engine/graph/central_difference.h"
#include "engine/math/rng.h"
#include "tests/web/support/lesson_players.h"
#include "web/lesson_kit/run_file.h"
#include "web/lessons/field_view.h"
#include "web/lessons/inside/inside_lenet.h"
#include "web/lessons/lenet_mnist.h"

namespace chainrule {
namespace {

using Numbers = std::vector<float>;

Numbers pixels_of(const ImageSet& images, int digit) {
  Numbers pixels;
  for (const std::uint8_t byte : image_view(images, digit)) pixels.push_back(static_cast<float>(byte) / 255.0f);
  return pixels;
}

std::shared_ptr<const ImageSet> digits(int count) { return std::make_shared<ImageSet>(test::synthetic_digits(count, 7)); }

TEST(Shifts, TheConvolutionMovesBytesAsALoopDoes) {
  const auto images = digits(2);
  const Numbers x = pixels_of(*images, 1);
  ShiftProbe probe;
  for (int dy = -kMostShift; dy <= kMostShift; ++dy)
    for (int dx = -kMostShift; dx <= kMostShift; ++dx) {
      probe.run(x, dx, dy);
      const Numbers moved(probe.moved().begin(), probe.moved().end());
      ASSERT_EQ(moved, pixels_of(shifted(*images, dx, dy), 1)) << dx << ", " << dy;
      for (int row = 0; row < 28; ++row)
        for (int column = 0; column < 28; ++column) {
          const bool inside = row - dy >= 0 && row - dy < 28 && column - dx >= 0 && column - dx < 28;
          ASSERT_EQ(moved[static_cast<std::size_t>(row * 28 + column)], inside ? x[static_cast<std::size_t>((row - dy) * 28 + column - dx)] : 0.0f);
        }
    }
}

TEST(Shifts, TheCurveCountsWhatOneDigitAfterTheOtherGives) {
  const auto images = digits(31);  // no whole number of batches
  const DigitModelOptions mlp{.model = DigitModel::kMlp};
  const ShiftCurve::Network network{mlp, initial_parameters(mlp, 4)};
  ShiftCurve curve(std::span(&network, 1), images, true);
  EXPECT_TRUE(std::isnan(curve.curve(0).accuracy[0]));
  while (!curve.advance(1)) EXPECT_LT(curve.progress(), 1.0f);
  UnitProbe probe(mlp, "", network.parameters);
  for (int dy = -kMostShift; dy <= kMostShift; ++dy) {
    int right = 0;
    const ImageSet moved = shifted(*images, 0, dy);
    for (int digit = 0; digit < moved.count; ++digit) {
      probe.run(pixels_of(moved, digit));
      const auto p = probe.buffers()[probe.probabilities()];
      right += std::ranges::max_element(p) - p.begin() == moved.labels[static_cast<std::size_t>(digit)];
    }
    EXPECT_EQ(curve.curve(0).accuracy[static_cast<std::size_t>(dy + kMostShift)], static_cast<float>(right) / 31.0f) << dy;
  }
}

TEST(TopDigits, AreThoseOfSortingAll) {
  const auto images = digits(12);
  const Numbers parameters = initial_parameters({}, 3);
  TopDigits top({}, parameters, images);
  EXPECT_TRUE(top.of(0, 0).empty());
  while (!top.advance(1)) continue;
  for (int layer = 0; layer < static_cast<int>(TopDigits::kLayers.size()); ++layer) {
    UnitProbe probe({}, std::string(TopDigits::kLayers[static_cast<std::size_t>(layer)]) + ".net", parameters);
    const Shape shape = probe.program().info(probe.values()).shape;
    const std::int64_t places = shape.size() / shape[1];
    for (const int unit : {0, 3, top.units(layer) - 1}) {
      std::vector<TopDigits::Entry> all;
      for (int digit = 0; digit < images->count; ++digit) {
        probe.run(pixels_of(*images, digit));
        TopDigits::Entry best{digit, -1e30f, 0};
        for (std::int64_t place = 0; place < places; ++place)
          if (const float value = probe.buffers()[probe.values()][static_cast<std::size_t>(unit * places + place)]; value > best.value) best = {digit, value, place};
        all.push_back(best);
      }
      std::ranges::stable_sort(all, std::ranges::greater{}, &TopDigits::Entry::value);
      all.resize(TopDigits::kMost);
      EXPECT_TRUE(std::ranges::equal(top.of(layer, unit), all)) << layer << ", " << unit;
    }
  }
}

TEST(Ascent, AStepIsThePlainFormulaAndTheGradientIsTheMeasuredSlope) {
  const Numbers parameters = initial_parameters({}, 5);
  Ascent ascent({}, parameters, "conv2", 7);
  ascent.set_rates(0.5f, 3.0f);
  ascent.start(AscentStart::kNoise, 9);
  ascent.advance();
  const UnitProbe& probe = ascent.probe();
  // The unit is in the middle of its map: (4, 4), which sees rows and columns 8 to 21.
  EXPECT_EQ(probe.unit(), (7 * 8 + 4) * 8 + 4);
  const Numbers x(ascent.picture().begin(), ascent.picture().end());
  const auto gradient = probe.buffers()[probe.gradient()];
  double worst = 0.0, largest = 0.0;
  for (const std::int64_t pixel : {8 * 28 + 8, 14 * 28 + 14, 13 * 28 + 11, 21 * 28 + 21, 7 * 28 + 14, 22 * 28 + 14}) {
    const double slope = measure_slope(probe.program(), probe.buffers(), probe.program().find("unit"), probe.x(), pixel, 1e-5).slope();
    worst = std::max(worst, std::abs(slope - static_cast<double>(gradient[static_cast<std::size_t>(pixel)])));
    largest = std::max(largest, std::abs(slope));
  }
  EXPECT_GT(largest, 1e-3);
  EXPECT_LT(worst, 0.01 * largest);
  EXPECT_EQ(gradient[7 * 28 + 14], 0.0f) << "outside of what the unit sees";
  std::vector<double> next;
  for (std::size_t i = 0; i < x.size(); ++i) next.push_back(static_cast<double>(x[i]) + 0.5 * static_cast<double>(gradient[i]));
  const double norm = std::sqrt(std::inner_product(next.begin(), next.end(), next.begin(), 0.0));
  ascent.advance();
  for (std::size_t i = 0; i < x.size(); ++i)
    ASSERT_NEAR(static_cast<double>(ascent.picture()[i]), next[i] * std::min(1.0, 3.0 / norm), 1e-5);
}

TEST(Ascent, DrivesUnitsOfEveryLayerUpAndStaysWithinTheNorm) {
  const Numbers parameters = initial_parameters({}, 5);
  for (const std::string_view layer : TopDigits::kLayers)
    for (const int unit : {0, 4}) {
      Ascent ascent({}, parameters, layer, unit);
      ascent.set_rates(0.3f, 5.0f);
      ascent.start(AscentStart::kNoise, 2);
      const float begin = ascent.probe().unit_value();
      for (int step = 0; step < 12; ++step) ascent.advance();
      EXPECT_GT(ascent.probe().unit_value(), begin + 0.3f) << layer << " " << unit;
      const double square = std::inner_product(ascent.picture().begin(), ascent.picture().end(), ascent.picture().begin(), 0.0);
      EXPECT_LT(std::sqrt(square), 5.0 + 1e-4);
    }
}

TEST(Fields, ExactRectanglesOfKnownUnits) {
  const ArchitectureSpec lenet = architecture_of(DigitModel::kLenet);
  EXPECT_EQ(sight_of(lenet, 0, 2, 5), (Sight{2, 5, 5, 5}));
  EXPECT_EQ(sight_of(lenet, 2, 3, 4), (Sight{6, 8, 14, 14}));  // E10: 14×14, not 5 · 7/3
  EXPECT_EQ(sight_of(lenet, 4, 0, 0), (Sight{0, 0, 28, 28}));
  for (const DigitModel model : {DigitModel::kMlp, DigitModel::kLinear})
    for (int layer = 0; layer < static_cast<int>(unit_layers(model).size()); ++layer) EXPECT_EQ(sight_of(architecture_of(model), layer, 0, 0), (Sight{0, 0, 28, 28}));
}

// What a unit depends on lies within what it can see, and a ReLU that is off hides it.
TEST(Fields, GradientsLieWithinTheRectangleAndReluHidesThem) {
  const Numbers parameters = initial_parameters({}, 6), x = pixels_of(*digits(1), 0);
  UnitProbe after({}, "conv2.out", parameters), before({}, "conv2.net", parameters);
  bool saw_off = false;
  for (int map = 0; map < 50 && !saw_off; ++map) {
    const std::int64_t unit = unit_index(Shape{1, 50, 8, 8}, map, 1, 2);
    after.run(x, unit);
    before.run(x, unit);
    const bool off = before.unit_value() <= 0.0f;
    saw_off = saw_off || off;
    EXPECT_EQ(after.is_blind(), off) << map;
    EXPECT_FALSE(before.is_blind());
    const Sight sight = sight_of(architecture_of(DigitModel::kLenet), 2, 1, 2);
    for (int row = 0; row < 28; ++row)
      for (int column = 0; column < 28; ++column) {
        const bool seen = row >= sight.row && row < sight.row + sight.rows && column >= sight.column && column < sight.column + sight.columns;
        if (!seen) {
          ASSERT_EQ(before.buffers()[before.gradient()][static_cast<std::size_t>(row * 28 + column)], 0.0f);
        }
      }
  }
  EXPECT_TRUE(saw_off);
}

// The unit of each question answers to its own picture, and to none of the others'.
TEST(UnitQuiz, EachUnitDetectsItsAnswer) {
  for (int unit = 0; unit < static_cast<int>(quiz_units().size()); ++unit)
    for (int picture = 0; picture < static_cast<int>(quiz_units().size()); ++picture) {
      const Numbers w = UnitQuiz::weights_of(unit), x = UnitQuiz::best_input(picture);
      const float z = std::inner_product(w.begin(), w.end(), x.begin(), quiz_units()[static_cast<std::size_t>(unit)].bias);
      EXPECT_EQ(z > 0, unit == picture) << quiz_units()[static_cast<std::size_t>(unit)].name << " for " << quiz_units()[static_cast<std::size_t>(picture)].name << ": " << z;
    }
}

TEST(UnitQuiz, IsALessonOfItsOwnWithinTheLesson) {
  const auto entry = find_lesson(lessons(), kInsideSlug);
  const auto player = quick_player(*entry.value());
  ASSERT_TRUE(player->apply(Action::set("part", static_cast<double>(InsidePart::kQuiz))).ok());
  ASSERT_TRUE(player->apply(Action::set("unit", 1)).ok());
  ASSERT_TRUE(player->apply(SheetLesson::paint("x", {0, 1, 1, 1, 5, 1, 6, 1})).ok());
  EXPECT_EQ(player->lesson().tensor("s").value().data[0], 8.0f);
  EXPECT_EQ(player->lesson().tensor("z").value().data[0], 3.0f);
  player->step_by(7);
  work_off(*player);
  EXPECT_EQ(player->step(), 7);
  player->undo();
  work_off(*player);
  EXPECT_EQ(player->lesson().tensor("s").value().data[0], 0.0f);
}

// ------------------------------------------------------------------------------------------------- networks handed over

std::unique_ptr<Player> trained_lenet(double network) {
  auto fresh = quick_player(*find_lesson(lessons(), "lenet-mnist").value(), 5);
  EXPECT_TRUE(fresh->apply(Action::set("network", network)).ok());
  fresh->step_by(3);
  work_off(*fresh);
  return fresh;
}

TEST(TrainedNetworks, AreReadBitForBitFromStatesAndRunFiles) {
  for (const double network : {0.0, 1.0, 2.0}) {
    const auto trained = trained_lenet(network);
    const Snapshot state = trained->lesson().save();
    const auto inside = quick_player(*find_lesson(lessons(), kInsideSlug).value());
    ASSERT_TRUE(inside->receive(kNetworkFile, {blob("my.state", state)}).ok());
    const auto& lesson = dynamic_cast<const InsideLenet&>(inside->lesson());
    EXPECT_EQ(lesson.param("weights"), InsideLenet::kOwn);
    EXPECT_EQ(lesson.part(), network == 0 ? InsidePart::kMaps : InsidePart::kWeights);
    const auto model = static_cast<DigitModel>(static_cast<int>(network));
    const Numbers handed_over = lesson.network(model).parameters;
    std::size_t at = 0;
    for (const TensorSummary& tensor : trained->lesson().tensors()) {
      if (tensor.kind != "parameter") continue;
      const TensorValues values = trained->lesson().tensor(tensor.name).value();
      for (const float value : values.data) ASSERT_EQ(value, handed_over[at++]) << tensor.name;
    }
    EXPECT_EQ(at, handed_over.size());
    EXPECT_EQ(inside->lesson().received_files().size(), 1u);

    // A run file begins one step earlier, and is run to its step.
    const auto by_file = quick_player(*find_lesson(lessons(), kInsideSlug).value());
    const Status opened = by_file->receive(kNetworkFile, {blob("my.run", write_run(trained->run_file()))});
    ASSERT_TRUE(opened.ok()) << opened.error_message();
    EXPECT_EQ(dynamic_cast<const InsideLenet&>(by_file->lesson()).network(model).parameters, handed_over);
  }
}

TEST(TrainedNetworks, WhatIsNoneIsRefusedAndNothingChanges) {
  const auto inside = quick_player(*find_lesson(lessons(), kInsideSlug).value());
  const std::uint64_t before = inside->state_hash();
  EXPECT_FALSE(inside->apply(Action::set("weights", InsideLenet::kOwn)).ok());
  const auto other = quick_player(*find_lesson(lessons(), "sliding-kernel").value());
  for (const Blob& file : {blob("text.txt", {'h', 'e', 'l', 'l', 'o'}), blob("other.run", write_run(other->run_file())), blob("nothing", {})}) {
    const Status status = inside->receive(kNetworkFile, {file});
    ASSERT_FALSE(status.ok());
    EXPECT_TRUE(status.error_message().ends_with('.')) << status.error_message();
    EXPECT_EQ(inside->state_hash(), before);
  }
}

// The microscope of the lesson that trains: the gradient of any unit, with the weights of the step.
TEST(TrainedNetworks, TheLessonThatTrainsExplainsEachUnitsGradient) {
  const auto player = quick_player(*find_lesson(lessons(), "lenet-mnist").value());
  player->step_by(2);
  work_off(*player);
  const std::string prefix = "field/conv2.net/100/";
  const TensorValues gradient = player->lesson().tensor(prefix + "x.grad").value();
  const Numbers slopes(gradient.data.begin(), gradient.data.end());
  const auto steepest = std::ranges::max_element(slopes, {}, [](float slope) { return std::abs(slope); }) - slopes.begin();
  // conv2's unit 100 is in map 1, row 4, column 4: it sees rows and columns 8 to 21.
  EXPECT_GE(steepest / 28, 8);
  EXPECT_LE(steepest / 28, 21);
  ElementRef element{prefix + "x.grad", steepest, 2};
  for (int depth = 0; depth < 3; ++depth) {
    const Result<Explanation> explained = player->explain(element);
    ASSERT_TRUE(explained.ok()) << element.tensor << ": " << explained.error_message();
    if (explained.value().derivation.empty()) break;
    EXPECT_EQ(explained.value().derivation.evaluate(), explained.value().value);
    for (std::size_t i = 0; i < std::min<std::size_t>(explained.value().operands.size(), 4); ++i) {
      const Result<Explanation> below = player->explain(explained.value().operands[i]);
      ASSERT_TRUE(below.ok()) << explained.value().operands[i].tensor << ": " << below.error_message();
      EXPECT_EQ(below.value().value, explained.value().derivation.operand_value(static_cast<std::int32_t>(i))) << explained.value().operands[i].tensor;
    }
    element = explained.value().operands[0];
  }
  for (const char* wrong : {"field/", "field/conv2.net/", "field/conv2.net/99999/x", "field/conv9.net/0/x", "field/conv2.w/0/x", "field/conv2.net/x/x", "field/conv2.net/0/none"})
    EXPECT_FALSE(player->lesson().tensor(wrong).ok()) << wrong;
}

// Each part explains all its numbers, also after going back.
TEST(InsideLenet, EveryPartExplainsItsNumbers) {
  for (int part = 0; part < static_cast<int>(kInsidePartNames.size()); ++part) {
    SCOPED_TRACE(kInsidePartNames[static_cast<std::size_t>(part)]);
    const auto player = quick_player(*find_lesson(lessons(), kInsideSlug).value());
    ASSERT_TRUE(player->apply(Action::set("part", part)).ok());
    give_assets(*player);
    player->step_by(3);
    work_off(*player);
    player->seek(2);
    work_off(*player);
    Rng rng(5, "data");
    int computed = 0;
    for (const TensorSummary& summary : player->lesson().tensors()) {
      SCOPED_TRACE(summary.name);
      const TensorValues values = player->lesson().tensor(summary.name).value();
      const auto index = static_cast<std::int64_t>(rng.below(static_cast<std::uint32_t>(summary.shape.size())));
      const Result<Explanation> explained = player->explain({summary.name, index, values.step});
      ASSERT_TRUE(explained.ok()) << explained.error_message();
      EXPECT_EQ(explained.value().value, values.data[static_cast<std::size_t>(index)]);
      EXPECT_FALSE(explained.value().formula.empty());
      for (std::size_t i = 0; i < std::min<std::size_t>(explained.value().operands.size(), 3); ++i) {
        ++computed;
        const ElementRef& operand = explained.value().operands[i];
        const Result<Explanation> below = player->explain(operand);
        ASSERT_TRUE(below.ok()) << operand.tensor << ": " << below.error_message();
        EXPECT_EQ(std::bit_cast<std::uint32_t>(below.value().value), std::bit_cast<std::uint32_t>(explained.value().derivation.operand_value(static_cast<std::int32_t>(i))))
            << operand.tensor << " of step " << operand.step;
      }
    }
    EXPECT_GT(computed, 5);
  }
}

}  // namespace
}  // namespace chainrule
