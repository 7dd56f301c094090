// DigitProbe: one digit on its way through the network, forward and backward, with the weights of the present step.
#pragma once

#include "engine/backend/cpu/cpu_backend.h"
#include "web/lessons/digit_trainer.h"

namespace chainrule {

class DigitProbe {
 public:
  explicit DigitProbe(const DigitModelOptions& model);
  DigitProbe(const DigitProbe&) = delete;
  DigitProbe& operator=(const DigitProbe&) = delete;

  /// Copies the weights of `trainer`, the digit and its label (negative: a drawing without one; the loss is then that of
  /// the class the network gives the highest probability), and runs everything.
  void run(const DigitTrainer& trainer, std::span<const float> pixels, int label);

  const Program& program() const { return program_; }
  const Buffers<float>& buffers() const { return backend_.buffers(); }
  TensorId x() const { return x_; }
  TensorId logits() const { return logits_; }
  TensorId probabilities() const { return probabilities_; }

 private:
  Program program_;
  TensorId x_ = kNoTensor, labels_ = kNoTensor, logits_ = kNoTensor, probabilities_ = kNoTensor;
  CpuBackend backend_;
};

}  // namespace chainrule
