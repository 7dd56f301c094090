// "Mistakes in backpropagation": the descent still seems to work, the gradient check shows that it does not.
#include <algorithm>
#include <array>
#include <cmath>

#include "web/lessons/net/wrong_lesson.h"
#include "web/lessons/tape/net_mistakes.h"

namespace chainrule {
namespace {

LessonInfo lesson_info() {
  return {.slug = "wrong-gradients",
          .title = "Mistakes in backpropagation",
          .summary = "Six mistakes that students make: the error often falls all the same, and the gradient check finds them.",
          .topic = "Backpropagation",
          .decks = "000, 001, 003"};
}

constexpr std::array<std::string_view, 3> kTasks = {"and", "or", "xor"};

std::vector<ParamSpec> lesson_params() {
  ParamTable table;
  for (int m = 0; m < kNetMistakes; ++m) {
    const NetMistakeText& text = mistake_text(static_cast<NetMistake>(m));
    table.toggle(std::string(text.param), std::string(text.name), std::string(text.why), m == 0);
  }
  table.choice("task", "Task", "What the network learns from its four samples. Starts over.", kTasks, 0);
  table.all_restart();
  table.number("lr", "Learning rate η", "How far one update goes against the gradient.", ParamType::kReal, 1e-4, 1000, 0.3).logarithmic = true;
  return table.take();
}

}  // namespace

WrongLesson::WrongLesson() : NetLesson(lesson_info(), lesson_params()) {}

std::vector<NetLesson::Network> WrongLesson::networks_of(const ParamValues& params) const {
  const NetExample& task = net_examples()[static_cast<std::size_t>(net_example(kTasks[static_cast<std::size_t>(params.whole("task"))]))];
  Network right;
  right.spec.inputs = 2;
  right.spec.units = {3, 3, 1};  // two layers of the same width, so that a forgotten transpose fits
  right.spec.hidden = Activation::kTanh;
  right.spec.samples = task.spec.samples;
  right.example.x = task.x;
  right.example.target = task.target;
  Network wrong = right;
  right.prefix = "right.";
  for (int m = 0; m < kNetMistakes; ++m)
    if (params.on(mistake_text(static_cast<NetMistake>(m)).param)) wrong.spec.mistakes |= 1U << m;
  return {wrong, right};
}

std::vector<CheckedGradient> check_gradients(const NetModel& model) {
  const Program& program = model.program();
  std::vector<CheckedGradient> checks;
  for (int layer = model.spec().layers() - 1; layer >= 0; --layer) {
    for (const char* part : {".w", ".b"}) {
      const TensorId weight = program.find(model.spec().layer_name(layer) + part);
      if (weight == kNoTensor) continue;
      const TensorId gradient = program.gradient_of[static_cast<std::size_t>(weight)];
      const std::size_t first = checks.size();
      double largest = 0.0;
      for (std::int64_t i = 0; i < program.info(weight).shape.size(); ++i) {
        CheckedGradient check{.weight = weight, .gradient = gradient, .index = i, .layer = layer};
        check.computed = static_cast<double>(model.buffers()[gradient][static_cast<std::size_t>(i)]);
        check.measured = model.central_difference(weight, i);
        largest = std::max(largest, std::abs(check.measured));
        checks.push_back(check);
      }
      for (std::size_t i = first; i < checks.size(); ++i) {
        CheckedGradient& check = checks[i];
        const double off = std::abs(check.computed - check.measured), larger = std::max(std::abs(check.computed), std::abs(check.measured));
        check.relative = larger > 0.0 ? off / larger : 0.0;
        check.right = off <= 1e-4 * largest + 1e-9;
      }
    }
  }
  return checks;
}

std::unique_ptr<Lesson> make_wrong_gradients() { return std::make_unique<WrongLesson>(); }

}  // namespace chainrule
