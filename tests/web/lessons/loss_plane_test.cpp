// The plane shows losses of the very network, the path has its true losses, and both agree with an evaluation of their own.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/web/support/lesson_players.h"
#include "web/lessons/plane/loss_plane_lesson.h"

namespace chainrule {
namespace {

struct PlaneRun {
  explicit PlaneRun(std::vector<Action> actions = {}) {
    lesson.reset(3);
    for (const Action& action : actions) EXPECT_TRUE(lesson.apply(action).ok()) << action.name;
  }
  void steps(int count) {
    for (const std::int64_t goal = lesson.step() + count; lesson.step() < goal;) lesson.advance(kBudget);
  }
  void measure_all() {
    for (int slice = 0; lesson.idle_work(kBudget); ++slice) ASSERT_LT(slice, 100'000) << "measuring has no end";
  }
  LossPlaneLesson lesson;
};

const Action kCoarse = Action::set("points", 0);

TEST(LossPlaneLesson, PointsOfThePlaneAreLossesOfTheNetworkWithThoseTwoWeights) {
  PlaneRun run({kCoarse, Action::set("first-weight", 5), Action::set("second-weight", 20)});
  run.steps(7);
  run.measure_all();
  const PlaneMeasure& measure = run.lesson.measure();
  const ContourGrid& grid = measure.grid();
  ASSERT_EQ(grid.nx, 33);
  EXPECT_EQ(measure.plane_step(), 7);
  const auto set = run.lesson.training()->evaluation_set();
  for (const auto [i, j] : {std::pair{0, 0}, {4, 17}, {32, 31}}) {
    std::vector<float> theta = measure.theta();
    const PlanePoint place = grid.place(i, j);
    theta[5] = static_cast<float>(place.x);
    theta[20] = static_cast<float>(place.y);
    EXPECT_EQ(grid.at(i, j), set->loss_at(theta)) << i << ", " << j;
  }
}

TEST(LossPlaneLesson, ThePathHasTheTrueLossesAndItsDistanceFromThePlane) {
  PlaneRun run({kCoarse, Action::set("plane", static_cast<double>(PlaneDirections::kRandom))});
  const std::vector<float> first = run.lesson.measure().theta();
  run.steps(5);
  run.measure_all();
  const std::vector<PathOnPlane>& path = run.lesson.measure().path();
  ASSERT_EQ(path.size(), 7u);  // steps 0 to 5, and where the weights are now
  const auto set = run.lesson.training()->evaluation_set();
  EXPECT_EQ(path[0].loss, set->loss_at(first));
  EXPECT_GT(path[0].distance, 0.0f);
  // The plane goes through the present weights.
  EXPECT_NEAR(path[5].a, 0.0, 1e-6);
  EXPECT_NEAR(path[5].distance, 0.0, 1e-6);
  EXPECT_EQ(path[5].loss, set->loss_at(run.lesson.measure().theta()));
  EXPECT_EQ(path[6].step, 5);
}

TEST(LossPlaneLesson, ComponentsHoldMostOfThePathAndItBeginsAtZero) {
  PlaneRun run({kCoarse, Action::set("plane", static_cast<double>(PlaneDirections::kComponents))});
  run.steps(60);
  run.measure_all();
  PlaneMeasure& measure = run.lesson.measure();
  const PrincipalComponents& found = measure.components();
  EXPECT_GT(found.first_share, found.second_share);
  EXPECT_GT(found.first_share + found.second_share, 0.7);
  EXPECT_LE(found.first_share + found.second_share, 1.0 + 1e-9);
  EXPECT_NEAR(measure.path()[0].a, 0.0, 1e-4);
  EXPECT_NEAR(measure.path()[0].b, 0.0, 1e-4);
  EXPECT_NEAR(measure.path().back().distance, 0.0, 1e-4);
}

TEST(LossPlaneLesson, APlaneThatDoesNotFollowStaysWhileTrainingGoesOn) {
  PlaneRun run({kCoarse, Action::set("follow", 0)});
  run.measure_all();
  run.steps(20);
  run.measure_all();
  EXPECT_EQ(run.lesson.measure().plane_step(), 0);
  EXPECT_GT(run.lesson.measure().path().back().distance, 0.0f);
  ASSERT_TRUE(run.lesson.apply(Action::set("follow", 1)).ok());
  run.measure_all();
  EXPECT_EQ(run.lesson.measure().plane_step(), 20);
}

TEST(LossPlaneLesson, TheLossIsExplainedDownToASample) {
  PlaneRun run;
  run.steps(2);
  const Result<Explanation> loss = run.lesson.explain({"evaluation/loss", 0, 2});
  ASSERT_TRUE(loss.ok()) << loss.error_message();
  EXPECT_EQ(loss.value().value, run.lesson.measure().present().loss());
  ASSERT_EQ(loss.value().operands.size(), 500u);
  const ElementRef each = loss.value().operands[123];
  EXPECT_EQ(each, (ElementRef{"evaluation/each", 123, 2}));
  const Result<Explanation> of_sample = run.lesson.explain(each);
  ASSERT_TRUE(of_sample.ok()) << of_sample.error_message();
  EXPECT_EQ(of_sample.value().operands[0], (ElementRef{"evaluation.0/o.out", 123, 2}));
  const Result<Explanation> output = run.lesson.explain(of_sample.value().operands[0]);
  ASSERT_TRUE(output.ok()) << output.error_message();
  EXPECT_EQ(output.value().derivation.value(), output.value().value);
  const Result<Explanation> input = run.lesson.explain({"evaluation.0/x", 247, 2});
  ASSERT_TRUE(input.ok());
  EXPECT_EQ(input.value().formula, "input of training point 123");
}

TEST(LossPlaneLesson, APointOfThePlaneIsExplainedDownToItsWeights) {
  PlaneRun run({kCoarse, Action::set("first-weight", 5), Action::set("second-weight", 20)});
  run.steps(2);
  run.measure_all();
  PlaneMeasure& measure = run.lesson.measure();
  EXPECT_EQ(measure.pinned(), nullptr);
  const PlanePoint at = measure.grid().place(4, 17);
  measure.pin({at.x + 1e-3, at.y - 1e-3});
  const ElementRef asked = run.lesson.pinned_loss();
  EXPECT_EQ(asked.tensor, "plane@4,17/loss");
  const Result<Explanation> loss = run.lesson.explain(asked);
  ASSERT_TRUE(loss.ok()) << loss.error_message();
  EXPECT_EQ(loss.value().value, measure.grid().at(4, 17)) << "the CPU's plane has the very bits";
  EXPECT_EQ(measure.pinned()->measured, loss.value().value);
  EXPECT_EQ(loss.value().derivation.value(), loss.value().value);
  const Result<Explanation> each = run.lesson.explain(loss.value().operands[123]);
  ASSERT_TRUE(each.ok()) << each.error_message();
  EXPECT_EQ(each.value().operands[0], (ElementRef{"plane@4,17.0/o.out", 123, 2}));
  const Result<Explanation> weight = run.lesson.explain({"plane@4,17.0/h1.w", 5, 2});
  ASSERT_TRUE(weight.ok()) << weight.error_message();
  EXPECT_EQ(weight.value().value, static_cast<float>(at.x));
  EXPECT_EQ(weight.value().formula, "weight at this point of the plane: centre + (a · u + b · v)");
  EXPECT_FALSE(run.lesson.explain({"plane@4,18/loss", 0, 2}).ok());
  run.steps(1);
  EXPECT_EQ(measure.pinned(), nullptr) << "the plane of another step";
  EXPECT_FALSE(run.lesson.explain(asked).ok());
}

TEST(LossPlaneLesson, AWeightThatIsSetMovesThePresentPoint) {
  PlaneRun run({kCoarse});
  ASSERT_TRUE(run.lesson.apply(Action::edit("h1.w", 0, 1.5f)).ok());
  ASSERT_TRUE(run.lesson.apply(Action::edit("h1.w", 1, -0.5f)).ok());
  run.measure_all();
  EXPECT_EQ(run.lesson.measure().path().back().a, 1.5f);
  EXPECT_EQ(run.lesson.measure().path().back().b, -0.5f);
  EXPECT_EQ(run.lesson.explain({"h1.w", 0, 0}).value().formula, "set by hand at step 0");
  const Status refused = run.lesson.apply(Action::edit("h1.out", 0, 1.0f));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error_message().find("h1.out"), std::string::npos);
}

TEST(LossPlaneLesson, ASnapshotKeepsThePath) {
  PlaneRun run({kCoarse});
  run.steps(9);
  run.measure_all();
  const Snapshot snapshot = run.lesson.save();
  ASSERT_TRUE(run.lesson.check(snapshot).ok());
  PlaneRun other;
  other.lesson.restore(snapshot);
  EXPECT_EQ(other.lesson.state_hash(), run.lesson.state_hash());
  other.measure_all();
  ASSERT_EQ(other.lesson.measure().path().size(), run.lesson.measure().path().size());
  EXPECT_EQ(other.lesson.measure().path()[4].loss, run.lesson.measure().path()[4].loss);
  Snapshot cut = snapshot;
  cut.resize(cut.size() - 3);
  EXPECT_FALSE(run.lesson.check(cut).ok());
}

TEST(LossPlaneLesson, LenetsFirstGridBecomesWholeWhileItTrains) {
  const auto player = quick_player(*find_lesson(lessons(), "loss-plane").value());
  for (const Action& action : {Action::set("network", 1), Action::set("plane", static_cast<double>(PlaneDirections::kRandom))})
    ASSERT_TRUE(player->apply(action).ok());
  give_assets(*player);
  auto& lesson = const_cast<Lesson&>(player->lesson());
  const auto& measure = dynamic_cast<const LossPlaneLesson&>(lesson).measure();
  // A grid of one is 81 losses on 30 digits; a step is on 2.
  for (int slice = 0; measure.begins(); ++slice) {
    ASSERT_LT(slice, 200);
    lesson.advance(kBudget);
    lesson.idle_work(kBudget);
  }
  EXPECT_GT(lesson.step(), 0);
}

TEST(LossPlaneLesson, LenetIsMeasuredPointByPoint) {
  const LessonEntry& entry = *find_lesson(lessons(), "loss-plane").value();
  const auto player = quick_player(entry);
  ASSERT_TRUE(player->apply(Action::set("network", 1)).ok());
  give_assets(*player);
  ASSERT_TRUE(player->apply(Action::set("plane", static_cast<double>(PlaneDirections::kRandom))).ok());
  const auto& lesson = dynamic_cast<const LossPlaneLesson&>(player->lesson());
  auto& measure = lesson.measure();
  for (int slice = 0; measure.begins(); ++slice) {
    ASSERT_LT(slice, 100'000);
    measure.work(lesson.choice(), kBudget);
  }
  EXPECT_EQ(measure.grid().nx, 9);
  // The middle of the plane is the network itself.
  EXPECT_EQ(measure.grid().at(4, 4), measure.present().loss());
}

}  // namespace
}  // namespace chainrule
