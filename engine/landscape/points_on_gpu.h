// PointsOnGpu: losses at many points of a plane, computed by a graphics device; answers come later. Two kinds: small fully connected
// networks, whole grids in one dispatch, and any network through its program, point after point in one submission.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/backend/webgpu/webgpu_program.h"
#include "engine/landscape/plane_losses.h"

namespace chainrule {

class PointsOnGpu {
 public:
  virtual ~PointsOnGpu() = default;
  virtual gpu::Device& device() = 0;
  /// Points of one submission, at most, and of the first one.
  virtual std::size_t most() const = 0;
  virtual std::size_t first() const = 0;
  virtual void set_plane(const Plane& plane) = 0;
  /// Requires: 1 <= places.size() <= most(), after set_plane.
  virtual gpu::Ticket submit(std::span<const PlaceInPlane> places) = 0;
  /// The losses, once, when they are there; never where the device is not ready any more.
  virtual std::optional<std::vector<float>> poll(gpu::Ticket ticket) = 0;
};

/// Dense layers of up to 8 inputs and units with a squared error (shaders/dense_plane.wgsl).
class DensePointsOnGpu final : public PointsOnGpu {
 public:
  static constexpr int kMostUnits = 8, kMostLayers = 8;

  /// Nothing: the network has something else in it.
  static std::unique_ptr<PointsOnGpu> of(gpu::Pipelines& pipelines, const EvaluationSet& set);
  ~DensePointsOnGpu() override;

  gpu::Device& device() override { return device_; }
  std::size_t most() const override { return kMost; }
  std::size_t first() const override { return kMost; }
  void set_plane(const Plane& plane) override;
  gpu::Ticket submit(std::span<const PlaceInPlane> places) override;
  std::optional<std::vector<float>> poll(gpu::Ticket ticket) override;

 private:
  static constexpr std::size_t kMost = 16'641;  // a grid of 129 x 129
  static constexpr std::size_t kBusy = 32'768;  // invocations: few points share their samples among more of them

  DensePointsOnGpu(gpu::Pipelines& pipelines, const EvaluationSet& set, DenseNetwork network);
  void write_samples(const EvaluationSet& set);
  std::size_t groups() const { return (samples_ + 3) / 4; }  // of four samples

  gpu::Device& device_;
  DenseNetwork network_;
  std::size_t samples_;
  gpu::BufferId constants_, sums_, places_, plane_, data_, losses_;
  gpu::PipelineId run_, add_;
  gpu::GroupId run_group_, add_group_;
};

/// Any network all of whose forward calls have kernels.
class ProgramPointsOnGpu final : public PointsOnGpu {
 public:
  /// `pass` is the set's network with all its samples as one batch, and their mean loss. Errors: see WebGpuProgram.
  static Result<std::unique_ptr<PointsOnGpu>> create(gpu::Pipelines& pipelines, ForwardPass pass, const EvaluationSet& set, gpu::GemmForm form);

  gpu::Device& device() override { return gpu_->device(); }
  std::size_t most() const override { return gpu::WebGpuProgram::kMostSteps; }
  std::size_t first() const override { return 1; }
  void set_plane(const Plane& plane) override { gpu_->set_plane(plane.centre, plane.u, plane.v); }
  gpu::Ticket submit(std::span<const PlaceInPlane> places) override;
  std::optional<std::vector<float>> poll(gpu::Ticket ticket) override;

 private:
  explicit ProgramPointsOnGpu(Program program) : program_(std::move(program)) {}

  Program program_;
  std::unique_ptr<gpu::WebGpuProgram> gpu_;
};

}  // namespace chainrule
