// Every program that a lesson of the catalogue runs has a kernel for each of its calls: a training step of every network in
// the app stays on the GPU.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "engine/backend/webgpu/webgpu_program.h"
#include "tests/engine/backend/mock_device.h"
#include "tests/web/support/lesson_players.h"
#include "web/lessons/architectures/architectures.h"
#include "web/lessons/computing_graph/computing_graph_lesson.h"
#include "web/lessons/digit_trainer.h"
#include "web/lessons/filters/filters.h"
#include "web/lessons/fit/fit_lesson.h"
#include "web/lessons/inside/inside_lenet.h"
#include "web/lessons/kernel/sheet_lesson.h"
#include "web/lessons/learn/learn_a_kernel.h"
#include "web/lessons/lenet_mnist.h"
#include "web/lessons/net/net_lesson.h"
#include "web/lessons/plane/loss_plane_lesson.h"
#include "web/lessons/race/race_lesson.h"
#include "web/lessons/schedules/schedules.h"
#include "web/lessons/tape/tape_lesson.h"

namespace chainrule {
namespace {

/// lenet-mnist shows its trainer to nobody: one of the same params.
Program digits_program(const Lesson& lesson) {
  auto digits = std::make_shared<DigitSet>();
  digits->train = test::synthetic_digits(60, 1);
  DigitSetup setup;
  setup.model.model = static_cast<DigitModel>(static_cast<int>(lesson.param("network")));
  setup.optimizer = static_cast<OptimizerKind>(static_cast<int>(lesson.param("optimizer")));
  setup.model.batch = 2;
  return DigitTrainer(setup, digits).program();
}

/// Those that a lesson has now. Empty: it is of a kind that is not known here.
std::vector<Program> programs_of(const Lesson& lesson) {
  std::vector<Program> all;
  if (const auto* net = dynamic_cast<const NetLesson*>(&lesson))
    for (std::size_t i = 0; i < net->networks(); ++i) all.push_back(net->model(i).program());
  if (const auto* race = dynamic_cast<const RaceLesson*>(&lesson)) {
    for (const Racer& racer : race->racers()) all.push_back(racer.program());
    if (race->facts()) all.push_back(race->facts()->program());
  }
  if (const auto* fit = dynamic_cast<const FitLesson*>(&lesson)) all.push_back(fit->program());
  if (const auto* sheet = dynamic_cast<const SheetLesson*>(&lesson)) all.push_back(sheet->sheet().program());
  if (const auto* graph = dynamic_cast<const ComputingGraph*>(&lesson)) all.push_back(graph->model().program());
  if (const auto* filters = dynamic_cast<const Filters*>(&lesson)) all.push_back(filters->program());
  if (const auto* sizes = dynamic_cast<const Architectures*>(&lesson)) all.push_back(sizes->architecture().program());
  if (const auto* learn = dynamic_cast<const LearnAKernel*>(&lesson)) all.push_back(learn->program());
  if (const auto* tape = dynamic_cast<const TapeLesson*>(&lesson)) all.push_back(tape->model().program());
  if (const auto* schedules = dynamic_cast<const SchedulesLesson*>(&lesson)) all.push_back(schedules->run().program());
  if (const auto* plane = dynamic_cast<const LossPlaneLesson*>(&lesson)) all.push_back(plane->training()->trainer().program());
  if (dynamic_cast<const LenetMnist*>(&lesson) != nullptr) all.push_back(digits_program(lesson));
  if (const auto* inside = dynamic_cast<const InsideLenet*>(&lesson)) {
    all.insert(all.end(), {inside->digit_probe().program(), inside->weights_probe().program(), inside->shift().program()});
    if (inside->part() == InsidePart::kDetects) all.push_back(inside->ascent().update());
  }
  return all;
}

/// The program is taken whole, with all its results; nothing is computed.
void expect_taken(const Program& program) {
  std::vector<TensorId> results;
  for (const OpCall& call : program.calls) results.insert(results.end(), call.outputs.begin(), call.outputs.end());
  test::MockDevice device;
  gpu::Pipelines pipelines(device);
  const auto made = gpu::WebGpuProgram::create(pipelines, program, {.keep = results});
  EXPECT_TRUE(made.ok()) << made.error_message();
}

/// The lesson with each choice of each of its params.
TEST(GpuPrograms, EveryLessonOfTheCatalogueIsSupported) {
  for (const LessonEntry& entry : lessons()) {
    SCOPED_TRACE(entry.info.slug);
    const auto player = quick_player(entry);
    const auto look = [&] {
      const std::vector<Program> programs = programs_of(player->lesson());
      EXPECT_FALSE(programs.empty()) << "programs_of knows no such lesson";
      for (const Program& program : programs)
        for (const OpCall& call : program.calls) EXPECT_TRUE(gpu::supports(call)) << op_info(call.kind).name;
    };
    look();
    for (const Program& program : programs_of(player->lesson())) expect_taken(program);
    for (const ParamSpec& spec : player->lesson().params()) {
      if (spec.type != ParamType::kChoice || !spec.changes_model) continue;
      const double before = player->lesson().param(spec.name);
      for (double value = 0; value <= spec.maximum; ++value) {
        SCOPED_TRACE(spec.name + " " + std::to_string(static_cast<int>(value)));
        if (!player->apply(Action::set(spec.name, value)).ok()) continue;
        give_assets(*player);
        look();
      }
      EXPECT_TRUE(player->apply(Action::set(spec.name, before)).ok());
      give_assets(*player);
    }
  }
}

}  // namespace
}  // namespace chainrule
