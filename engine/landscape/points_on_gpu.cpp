#include "engine/landscape/points_on_gpu.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace chainrule {
namespace {

using Words = std::vector<std::uint32_t>;
using Matrix = std::array<float, 16>;  // 4 x 4, column by column

constexpr std::size_t kWord = sizeof(float), kSecondConstants = 256, kMatricesOfLayer = 5, kMatricesOfGroup = 4;

template <class T>
std::span<const std::uint8_t> bytes_of(std::span<const T> values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()};
}
std::span<const std::uint8_t> bytes_of(const Words& words) { return bytes_of(std::span(words)); }

std::uint32_t word(std::size_t value) { return static_cast<std::uint32_t>(value); }

/// One part of a plane, as dense_plane.wgsl reads it.
void append_matrices(const DenseNetwork& network, std::span<const float> values, std::vector<Matrix>& matrices) {
  for (const DenseLayer& layer : network.layers) {
    const std::size_t first = matrices.size();
    matrices.resize(first + kMatricesOfLayer);
    for (int unit = 0; unit < layer.units; ++unit) {
      const auto row = static_cast<std::size_t>(unit % 4), half = static_cast<std::size_t>(unit / 4);
      for (int k = 0; k < layer.inputs; ++k)
        matrices[first + 2 * half + static_cast<std::size_t>(k / 4)][static_cast<std::size_t>(k % 4) * 4 + row] =
            values[layer.w + static_cast<std::size_t>(unit * layer.inputs + k)];
      if (layer.has_bias) matrices[first + 4][half * 4 + row] = values[layer.b + static_cast<std::size_t>(unit)];
    }
  }
}

}  // namespace

// ------------------------------------------------------------------------------------------------- dense networks

std::unique_ptr<PointsOnGpu> DensePointsOnGpu::of(gpu::Pipelines& pipelines, const EvaluationSet& set) {
  std::optional<DenseNetwork> network = dense_network_of(set);
  const auto fits = [](const DenseLayer& layer) { return layer.inputs <= kMostUnits && layer.units <= kMostUnits; };
  if (!network || network->layers.size() > kMostLayers || !std::ranges::all_of(network->layers, fits)) return nullptr;
  return std::unique_ptr<PointsOnGpu>(new DensePointsOnGpu(pipelines, set, std::move(*network)));
}

DensePointsOnGpu::DensePointsOnGpu(gpu::Pipelines& pipelines, const EvaluationSet& set, DenseNetwork network)
    : device_(pipelines.device()),
      network_(std::move(network)),
      samples_(static_cast<std::size_t>(set.samples())),
      constants_(device_.create_buffer(2 * kSecondConstants)),
      sums_(device_.create_buffer((kMost + kBusy) * kWord)),
      places_(device_.create_buffer(kMost * sizeof(PlaceInPlane))),
      plane_(device_.create_buffer(3 * network_.layers.size() * kMatricesOfLayer * sizeof(Matrix))),
      data_(device_.create_buffer(groups() * kMatricesOfGroup * sizeof(Matrix))),
      losses_(device_.create_buffer(kMost * kWord)),
      run_(pipelines.of(gpu::Kernel::kDensePlane)),
      add_(pipelines.of(gpu::Kernel::kAddSlices)) {
  constexpr std::size_t kSizes = (8 + 4 * kMostLayers) * kWord, kAddSizes = 5 * kWord;
  const gpu::BufferId of_run[] = {sums_, places_, plane_, data_}, of_add[] = {losses_, sums_};
  run_group_ = device_.create_group(run_, constants_, 0, kSizes, of_run);
  add_group_ = device_.create_group(add_, constants_, kSecondConstants, kAddSizes, of_add);
  write_samples(set);
}

DensePointsOnGpu::~DensePointsOnGpu() {
  for (const gpu::GroupId group : {run_group_, add_group_}) device_.destroy_group(group);
  for (const gpu::BufferId buffer : {constants_, sums_, places_, plane_, data_, losses_}) device_.destroy_buffer(buffer);
}

void DensePointsOnGpu::write_samples(const EvaluationSet& set) {
  std::vector<Matrix> matrices(groups() * kMatricesOfGroup);
  const auto put = [&](std::span<const float> values, int columns, std::size_t first) {
    for (std::size_t n = 0; n < samples_; ++n)
      for (std::size_t k = 0; k < static_cast<std::size_t>(columns); ++k)
        matrices[n / 4 * kMatricesOfGroup + first + k / 4][n % 4 * 4 + k % 4] = values[n * static_cast<std::size_t>(columns) + k];
  };
  put(set.x(), network_.layers.front().inputs, 0);
  put(set.target(), network_.layers.back().units, 2);
  device_.write(data_, 0, bytes_of(std::span<const Matrix>(matrices)));
}

void DensePointsOnGpu::set_plane(const Plane& plane) {
  std::vector<Matrix> matrices;
  for (const std::vector<float>* part : {&plane.centre, &plane.u, &plane.v}) append_matrices(network_, *part, matrices);
  device_.write(plane_, 0, bytes_of(std::span<const Matrix>(matrices)));
}

gpu::Ticket DensePointsOnGpu::submit(std::span<const PlaceInPlane> places) {
  const std::size_t points = places.size(), slices = std::clamp<std::size_t>(kBusy / points, 1, groups());
  const int outputs = network_.layers.back().units;
  const float factor = network_.half_sum ? 0.5f : 1.0f / static_cast<float>(outputs);
  Words sizes{word(points), word(groups()), word(samples_), word(slices), word(network_.layers.size()), word(static_cast<std::size_t>(outputs)),
              std::bit_cast<std::uint32_t>(factor), 0};
  for (const DenseLayer& layer : network_.layers)
    sizes.insert(sizes.end(), {layer.inputs > 4, layer.units > 4, static_cast<std::uint32_t>(layer.activation), std::bit_cast<std::uint32_t>(layer.slope)});
  device_.write(constants_, 0, bytes_of(sizes));
  device_.write(constants_, kSecondConstants, bytes_of({word(points), 1, word(slices), word(slices), std::bit_cast<std::uint32_t>(static_cast<float>(samples_))}));
  device_.write(places_, 0, bytes_of(places));
  const gpu::Dispatch run = gpu::per_number(gpu::Kernel::kDensePlane, static_cast<std::int64_t>(points * slices), {}, {});
  device_.dispatch(run_, run_group_, run.x, run.y, run.z);
  const gpu::Dispatch add = gpu::per_number(gpu::Kernel::kAddSlices, static_cast<std::int64_t>(points), {}, {});
  device_.dispatch(add_, add_group_, add.x, add.y, add.z);
  device_.submit();
  return device_.read(losses_, 0, points * kWord);
}

std::optional<std::vector<float>> DensePointsOnGpu::poll(gpu::Ticket ticket) {
  const std::optional<std::vector<std::uint8_t>> bytes = device_.poll(ticket);
  if (!bytes) return std::nullopt;
  std::vector<float> losses(bytes->size() / kWord);
  std::memcpy(losses.data(), bytes->data(), bytes->size());
  return losses;
}

// ---------------------------------------------------------------------------------------------------- any network

Result<std::unique_ptr<PointsOnGpu>> ProgramPointsOnGpu::create(gpu::Pipelines& pipelines, ForwardPass pass, const EvaluationSet& set,
                                                                gpu::GemmForm form) {
  CHECK(pass.program.loss != kNoTensor && pass.program.info(pass.x).shape[0] == set.samples(), "a pass on ", set.samples(), " samples and its loss");
  std::unique_ptr<ProgramPointsOnGpu> points(new ProgramPointsOnGpu(std::move(pass.program)));
  auto made = gpu::WebGpuProgram::create(pipelines, points->program_, {.form = form});
  if (!made.ok()) return made.error();
  points->gpu_ = std::move(made).value();
  if (const Status status = points->gpu_->use_plane(); !status.ok()) return Error{status.error_message()};
  points->gpu_->upload(pass.x, set.x());
  points->gpu_->upload(pass.target, set.target());
  return std::unique_ptr<PointsOnGpu>(std::move(points));
}

gpu::Ticket ProgramPointsOnGpu::submit(std::span<const PlaceInPlane> places) {
  std::vector<float> numbers;
  for (const PlaceInPlane& place : places) numbers.insert(numbers.end(), {place.a, place.b});
  return gpu_->run_at(numbers);
}

std::optional<std::vector<float>> ProgramPointsOnGpu::poll(gpu::Ticket ticket) {
  std::optional<gpu::RunReport> report = gpu_->report(ticket);
  if (!report) return std::nullopt;
  return std::move(report->losses);
}

}  // namespace chainrule
