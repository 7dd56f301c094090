#include "web/lessons/inside/trained_network.h"

#include "engine/base/text.h"
#include "web/lesson_kit/player.h"
#include "web/lessons/lenet_mnist.h"

namespace chainrule {
namespace {

/// The state that a run file leads to.
Result<Snapshot> run_to_end(const RunFile& run, const std::string& name, const std::shared_ptr<DigitLibrary>& library) {
  if (run.slug != "lenet-mnist") return Error{name + " is a run of another lesson; networks come from \"LeNet learns to read\"."};
  Player player([library] { return std::make_unique<LenetMnist>(library); });
  if (const Status opened = player.open(run); !opened.ok()) return Error{opened.error_message()};
  if (const std::string wanted = player.lesson().wanted_asset(); !wanted.empty())
    return Error{name + " needs " + wanted + ", which is not here. Open it in \"LeNet learns to read\" and look inside from there."};
  constexpr std::int64_t kSlice = 1'000'000'000;
  while (player.working()) player.advance(kSlice);
  if (player.step() != run.step) return Error{name + " could not be run to its step " + grouped_text(run.step) + "."};
  return player.lesson().save();
}

}  // namespace

Result<std::shared_ptr<const TrainedNetwork>> read_network(const Blob& file, const std::shared_ptr<DigitLibrary>& library) {
  Snapshot state = *file.bytes;
  if (is_run_file(*file.bytes)) {
    const Result<RunFile> run = read_run(*file.bytes, file.name);
    if (!run.ok()) return run.error();
    Result<Snapshot> end = run_to_end(run.value(), file.name, library);
    if (!end.ok()) return end.error();
    state = std::move(end).value();
  }
  Result<TrainedNetwork> network = LenetMnist::network_of(state, file.name);
  if (!network.ok()) return network.error();
  TrainedNetwork made = std::move(network).value();
  made.file = file;
  return std::shared_ptr<const TrainedNetwork>(std::make_shared<TrainedNetwork>(std::move(made)));
}

}  // namespace chainrule
