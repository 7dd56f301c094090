// WebGpuProgram: a program on a GPU: buffers, bindings and the list of dispatches are made once, a run only goes through it.
//
// Whole steps stay there. Parameters and states trade places by binding the other one of their two buffers, so that there
// are two sets of bindings, for even and odd steps. Calls whose results nobody needs (what a step changed, say) are left out.
// Sums are added in another order than on the CPU: results agree within a tolerance, not bit for bit.
#pragma once

#include <memory>

#include "engine/backend/webgpu/plan.h"
#include "engine/base/result.h"

namespace chainrule::gpu {

struct WebGpuOptions {
  GemmForm form = GemmForm::kTiled;
  std::vector<TensorId> keep;  // can be read, besides parameters, states and the loss
  TensorId probabilities = kNoTensor, labels = kNoTensor;  // [N,C] and [N]: right answers are counted
  int guard_floats = 0;        // behind each tensor, for tests: kGuard, which no kernel may touch
};
inline constexpr float kGuard = -9.8765e33f;

/// All samples that a program trains on: pictures and their classes as bytes, or rows of numbers.
struct Samples {
  TensorId x = kNoTensor, target = kNoTensor;      // [N,...] and [N] or [N,...], inputs of the program
  std::span<const std::uint8_t> pixels, labels;    // pixels [count, numbers of a picture], 255 standing for 1; labels [count]
  std::span<const float> numbers, targets;         // where there are no pixels: [count, numbers of a row] each
};

/// What a run brought.
struct RunReport {
  std::vector<float> losses;  // of each step
  std::vector<int> correct;   // right answers of each step; 0 without probabilities and labels
  bool finite = true;         // all of them, and the parameters and states after the last
};

class WebGpuProgram {
 public:
  /// Steps of one run, at most.
  static constexpr int kMostSteps = 32;

  /// Errors: no kernel for a call; a tensor larger than the adapter takes. `program` must outlive this.
  static Result<std::unique_ptr<WebGpuProgram>> create(Pipelines& pipelines, const Program& program, const WebGpuOptions& options);
  ~WebGpuProgram();
  WebGpuProgram(const WebGpuProgram&) = delete;
  WebGpuProgram& operator=(const WebGpuProgram&) = delete;

  /// Sets a tensor's numbers; of a parameter or state the current ones. Requires: as many as its shape has.
  void upload(TensorId tensor, std::span<const float> values);
  /// From now on a run takes its batches from these samples, which are uploaded once. Errors: more than the adapter takes.
  Status use_samples(const Samples& samples);
  /// Submits `steps` steps. Requires: 1 <= steps <= kMostSteps; with samples, `order` names those of each step's batch.
  /// The ticket is for `report`.
  Ticket run(int steps, std::span<const std::uint32_t> order = {});
  /// From now on the parameters of each step are those of a point of a plane; for programs without updates. Errors: more than the
  /// adapter takes.
  Status use_plane();
  /// θ = centre + (a·u + b·v). Requires: use_plane. Shapes: all parameters in the program's order, one after the other.
  void set_plane(std::span<const float> centre, std::span<const float> u, std::span<const float> v);
  /// Submits a step at each of the points a, b, a, b, .... Requires: set_plane; 1 to kMostSteps points. The ticket is for `report`.
  Ticket run_at(std::span<const float> points);
  /// Once, when it is there.
  std::optional<RunReport> report(Ticket ticket);
  /// Asks for a tensor's numbers after all runs so far, a parameter's current ones. With guards, those follow.
  Ticket read(TensorId tensor);
  std::optional<std::vector<float>> poll(Ticket ticket);

  Device& device() { return pipelines_.device(); }
  /// Dispatches of one step.
  std::size_t dispatches() const { return steps_.size(); }
  /// Bytes on the GPU.
  std::uint64_t bytes() const { return bytes_; }

 private:
  struct Encoded {
    PipelineId pipeline;
    GroupId group[2];  // by the parity of the step
    std::uint32_t x, y, z;
  };

  WebGpuProgram(Pipelines& pipelines, const Program& program, const WebGpuOptions& options);
  std::optional<Error> plan();
  std::optional<Error> make_buffers();
  void make_lists();
  Encoded encoded(const Dispatch& dispatch, const OpCall* call, std::size_t number);
  Encoded bound(const Dispatch& dispatch, std::span<const BufferId> even, std::span<const BufferId> odd);
  BufferId new_buffer(std::int64_t floats);
  BufferId uploaded(std::span<const std::uint8_t> bytes);
  void gather_pictures(const Samples& samples);
  void gather_rows(TensorId tensor, std::span<const float> rows);
  BufferId buffer_of(TensorId tensor, int parity) const;
  void submit_list(const std::vector<Encoded>& list);

  Pipelines& pipelines_;
  const Program& program_;
  WebGpuOptions options_;
  std::vector<std::optional<CallPlan>> plans_;  // by call; none: it is left out
  std::vector<TensorId> root_;                  // by tensor: whose memory it is
  std::vector<BufferId> buffers_;               // by tensor
  std::vector<BufferId> scratch_, padded_;      // by call
  std::vector<TensorId> checked_;               // parameters and states, before-tensors
  BufferId constants_ = 0, report_ = 0, order_ = 0, plane_ = 0, points_ = 0;
  std::size_t constants_bytes_ = 0, constants_used_ = 0;
  std::vector<std::vector<Encoded>> gathers_;  // by step of a run
  std::vector<std::vector<Encoded>> moves_;    // by step of a run: to a point of the plane
  std::vector<Encoded> records_, counts_;      // by step of a run
  std::vector<Encoded> steps_, finds_;
  std::int64_t batch_ = 0;
  int parity_ = 0;
  std::uint64_t bytes_ = 0;
  std::vector<BufferId> owned_;
  std::vector<GroupId> groups_;
  std::vector<std::pair<Ticket, int>> reports_;  // with their steps
};

}  // namespace chainrule::gpu
