// The rate and one weight's update as equations, each from its derivation.
#include <array>

#include "engine/optim/schedule.h"
#include "web/lessons/schedules/schedules_view.h"
#include "web/widgets/derivation_maths.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr std::string_view kWeight = "o.w";

struct NamedLetter {
  std::string_view name;
  const char *base, *sub, *sup;
};

constexpr NamedLetter kLetters[] = {
    {"lr", "η", "", ""},           {"lr.base", "η", "0", ""},         {"lr.warm", "η", "w", ""},
    {"lr.warmup", "w", "", ""},    {"lr.decay", "d", "", ""},         {"schedule.t", "t", "", ""},
    {"schedule.after", "t", "d", ""}, {"decay.factor", "γ", "", ""},  {"decay.floor", "f", "", ""},
    {"warmup.steps", "W", "", ""}, {"warmup.start", "a", "", ""},     {"plateau.best", "L", "", "*"},
    {"plateau.wait", "n", "", ""}, {"plateau.patience", "p", "", ""}, {"plateau.threshold", "h", "", ""},
    {"all.loss", "L", "", ""},     {"momentum", "β", "", ""},         {"rho", "ρ", "", ""},
    {"epsilon", "ε", "", ""},      {"beta1", "β", "1", ""},           {"beta2", "β", "2", ""},
    {"beta1.power", "β", "1", "t"}, {"beta2.power", "β", "2", "t"}};

/// What optimizers keep beside a parameter, by the end of the name.
constexpr NamedLetter kParts[] = {{".velocity", "δ", "", ""}, {".m", "m", "", ""},      {".v", "v", "", ""},       {".direction", "s", "", ""},
                                  {".mean", "u", "", ""},     {".variance", "c", "", ""}};

struct Letters {
  MathsLetter letter, under;
};

Letters letters_of(const SchedulesScene& scene, TensorId tensor) {
  const TensorInfo& info = scene.program().info(tensor);
  const bool cosine = static_cast<ScheduleKind>(static_cast<int>(scene.lesson.param("schedule"))) == ScheduleKind::kCosine;
  Letters letters{{"θ", "", ""}, {}};
  if (info.kind != TensorKind::kParameter) letters.letter.base = info.name;
  if (info.name == "decay.steps") letters.letter.base = cosine ? "T" : "s";
  for (const NamedLetter& known : kLetters)
    if (info.name == known.name) letters.letter = {known.base, known.sub, known.sup};
  for (const NamedLetter& part : kParts)
    if (info.name.starts_with(kWeight) && info.name.ends_with(part.name)) letters.letter = {part.base, part.sub, part.sup};
  if (info.name.ends_with(".grad")) letters = {{"L", "", ""}, {"θ", "", ""}};
  if (info.before != kNoTensor) letters.letter.sup += "′";
  return letters;
}

MathsNumber number_of(const SchedulesScene& scene, TensorId tensor, std::int64_t index) {
  const Letters letters = letters_of(scene, tensor);
  const MathsLetter &letter = letters.letter, &under = letters.under;
  MathsNumber number{.letter = letter, .under = under};
  number.name = (under.base.empty() ? "" : "∂") + letter.base + letter.sub + letter.sup + (under.base.empty() ? "" : "/∂" + under.base);
  number.text = value_text(scene.value(tensor, index), 4);
  number.shown = static_cast<float>(read_value_text(number.text));
  return number;
}

}  // namespace

std::string shown_weight() { return std::string(kWeight) + "[0,0]"; }

ScheduleEquation schedule_equation(const SchedulesScene& scene, TensorId tensor, std::int64_t index) {
  const Program& program = scene.program();
  const Derivation derivation = derive(program, scene.lesson.run().buffers(), tensor, index);
  const OpCall& call = program.calls[static_cast<std::size_t>(program.info(tensor).producer)];
  ScheduleEquation equation;
  equation.id = program.info(tensor).name + (program.info(tensor).before != kNoTensor ? "′" : "");
  std::vector<MathsNumber> numbers;
  for (std::int32_t operand = 0; operand < derivation.first_deciding(); ++operand) {
    const OperandRef& ref = derivation.operands()[static_cast<std::size_t>(operand)];
    const TensorId read = operand_tensor(call, ref.slot);
    numbers.push_back(number_of(scene, read, ref.index));
    const bool later = program.info(read).before != kNoTensor;
    equation.elements.push_back(later ? ElementRef{} : ElementRef{program.info(read).name, ref.index, scene.lesson.step()});
  }
  // Numbers that decided a case are no part of the equation.
  std::vector<MathsNumber> all = numbers;
  for (std::size_t rest = numbers.size(); rest < derivation.operands().size(); ++rest) {
    const OperandRef& ref = derivation.operands()[rest];
    all.push_back(number_of(scene, operand_tensor(call, ref.slot), ref.index));
  }
  equation.items = derivation_maths(derivation, number_of(scene, tensor, index), all, {}, [](float value) { return value_text(value, 4); });
  for (MathsItem& item : equation.items)
    if (item.id >= 0 && equation.elements[static_cast<std::size_t>(item.id)].tensor.empty()) item.id = -1;
  // The number of this step that the equation ends in can be clicked as well.
  if (program.info(tensor).before == kNoTensor) {
    equation.items.back().id = static_cast<std::int32_t>(equation.elements.size());
    equation.items.back().name = number_of(scene, tensor, index).name;
    equation.elements.push_back({program.info(tensor).name, index, scene.lesson.step()});
  }
  return equation;
}

std::vector<ScheduleEquation> rate_equations(const SchedulesScene& scene) {
  std::vector<ScheduleEquation> equations;
  for (const char* name : {"lr", "lr.decay", "schedule.after", "lr.warm", "lr.warmup"}) {
    const TensorId id = scene.program().find(name);
    if (id == kNoTensor || scene.program().info(id).producer < 0) continue;
    ScheduleEquation equation = schedule_equation(scene, id, 0);
    // After the warm-up w = 1 has nothing to say; of its elements, the result alone is there.
    if (equation.elements.size() > 1) equations.push_back(std::move(equation));
  }
  return equations;
}

std::vector<ScheduleEquation> weight_equations(const SchedulesScene& scene) {
  const Program& program = scene.program();
  std::vector<ScheduleEquation> equations;
  for (const OpCall& call : program.calls) {
    const TensorId made = call.outputs[0];
    const std::string& name = program.info(made).name;
    if (call.phase == Phase::kUpdate && (name == kWeight || name.starts_with(std::string(kWeight) + ".")))
      equations.push_back(schedule_equation(scene, made, 0));
  }
  return equations;
}

}  // namespace chainrule
