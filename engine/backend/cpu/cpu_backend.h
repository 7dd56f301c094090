// CpuBackend: runs each call with its fast kernel where there is one, else with the reference kernel.
#pragma once

#include <vector>

#include "engine/backend/backend.h"
#include "engine/graph/buffers.h"
#include "engine/ops/fast.h"

namespace chainrule {

/// Ensures: results are bit-equal to the reference kernels', natively and in wasm. Allocates only when it is built.
class CpuBackend final : public Backend {
 public:
  /// `program` must outlive the backend and stay as it is.
  explicit CpuBackend(const Program& program);

  std::string_view name() const override { return "cpu"; }
  bool supports(const OpCall&) const override { return true; }
  void upload(TensorId tensor, std::span<const float> values) override;
  void begin_step() override { buffers_.trade_places(program_); }
  void enqueue(std::size_t number) override;
  Ticket read(TensorId tensor) override { return static_cast<Ticket>(tensor); }
  std::optional<std::span<const float>> poll(Ticket ticket) override;

  /// What a derivation reads.
  const Buffers<float>& buffers() const { return buffers_; }
  Buffers<float>& buffers() { return buffers_; }

 private:
  const Program& program_;
  Buffers<float> buffers_;
  std::vector<float> scratch_;
};

}  // namespace chainrule
