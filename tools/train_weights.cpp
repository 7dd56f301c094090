// Trains a digit classifier with the app's default settings on all of MNIST and writes its weights as float16.
//
//   train_weights MODEL EPOCHS FOLDER_OF_IDX_FILES OUTPUT_FILE
//
// Prints test accuracy after every epoch, then one line of JSON: accuracy of the float16 weights and the hash of the run.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "engine/base/half.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/train/weights_file.h"
#include "web/lessons/digit_scores.h"

namespace chainrule {
namespace {

Blob read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  CHECK(in.good(), "cannot read ", path);
  return {path, std::make_shared<const std::vector<std::uint8_t>>(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>())};
}

double test_accuracy(const DigitTrainer& trainer, Evaluator& evaluator) {
  evaluator.start(trainer.digits().test, trainer.digits().test.count);
  for (const TensorId id : trainer.program().of_kind(TensorKind::kParameter))
    evaluator.set_parameter(trainer.program().info(id).name, trainer.trainer().current(id));
  while (!evaluator.advance(1'000'000'000)) {
  }
  return *evaluator.confusion().accuracy();
}

int run(const std::string& model_name, int epochs, const std::string& folder, const std::string& output) {
  DigitSetup setup;
  const auto found = std::ranges::find(kDigitModelNames, model_name);
  CHECK(found != kDigitModelNames.end(), "no model is named ", model_name);
  setup.model.model = static_cast<DigitModel>(found - kDigitModelNames.begin());
  DigitLibrary library;
  std::vector<Blob> files;
  for (const char* name : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"})
    files.push_back(read_file(folder + "/" + name));
  const Status received = library.receive_digits(DigitData::kFull, files);
  CHECK(received.ok(), received.error_message());
  DigitTrainer trainer(setup, library.digits(DigitData::kFull));
  DigitModelOptions batch_model = setup.model;
  batch_model.batch = 50;
  const DigitClassifier built = build_digit_model(batch_model);
  Evaluator evaluator(built.graph.program(), built.x, built.labels, built.head.probabilities);
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    const auto begin = std::chrono::steady_clock::now();
    for (std::int64_t step = 0; step < trainer.steps_per_epoch(); ++step)
      while (!trainer.advance(1'000'000'000)) {
      }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::printf("%s epoch %d: test accuracy %.2f %%, %.0f images/s\n", model_name.c_str(), epoch,
                100 * test_accuracy(trainer, evaluator), trainer.digits().train.count / seconds);
    std::fflush(stdout);
  }
  std::vector<float> values = trainer.parameters();
  const std::vector<std::uint8_t> bytes = write_weights(trainer.program(), values);
  for (float& value : values) value = float_from_half(half_from_float(value));
  const std::uint64_t run_hash = trainer.trainer().state_hash();
  trainer.set_parameters(values);
  Hasher hasher;
  hasher.add(std::span<const float>(values));
  std::ofstream(output, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  std::printf("{\"model\": %s, \"epochs\": %d, \"seed\": %llu, \"test_accuracy\": %s, \"weights_hash\": \"%s\", \"run_hash\": \"%s\"}\n",
              json_quoted(model_name).c_str(), epochs, static_cast<unsigned long long>(setup.seed),
              shortest_text(test_accuracy(trainer, evaluator)).c_str(), hash_text(hasher.value()).c_str(), hash_text(run_hash).c_str());
  return 0;
}

}  // namespace
}  // namespace chainrule

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: train_weights lenet|mlp|linear EPOCHS FOLDER_OF_IDX_FILES OUTPUT_FILE\n");
    return 2;
  }
  return chainrule::run(argv[1], std::atoi(argv[2]), argv[3], argv[4]);
}
