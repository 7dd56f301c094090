#include "engine/backend/webgpu/webgpu_program.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/base/text.h"

namespace chainrule::gpu {
namespace {

constexpr std::size_t kAlignment = 256;        // of a binding's offset in a uniform buffer, on every adapter
constexpr std::size_t kWord = sizeof(float);
constexpr int kCounts = WebGpuProgram::kMostSteps;       // word of the report where the counts of right answers begin
constexpr int kFlags = 2 * WebGpuProgram::kMostSteps;    // and the flags

std::span<const std::uint8_t> bytes_of(std::span<const float> values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()};
}

std::string megabytes(std::uint64_t bytes) { return grouped_text(static_cast<std::int64_t>((bytes + 999'999) / 1'000'000)) + " MB"; }

/// Padded to whole words.
std::vector<std::uint8_t> padded(std::span<const std::uint8_t> bytes) {
  std::vector<std::uint8_t> all(bytes.begin(), bytes.end());
  all.resize((all.size() + kWord - 1) / kWord * kWord);
  return all;
}

}  // namespace

WebGpuProgram::WebGpuProgram(Pipelines& pipelines, const Program& program, const WebGpuOptions& options)
    : pipelines_(pipelines), program_(program), options_(options) {}

WebGpuProgram::~WebGpuProgram() {
  for (const GroupId group : groups_) device().destroy_group(group);
  for (const BufferId buffer : owned_) device().destroy_buffer(buffer);
}

Result<std::unique_ptr<WebGpuProgram>> WebGpuProgram::create(Pipelines& pipelines, const Program& program,
                                                             const WebGpuOptions& options) {
  std::unique_ptr<WebGpuProgram> made(new WebGpuProgram(pipelines, program, options));
  if (std::optional<Error> error = made->plan()) return *error;
  if (std::optional<Error> error = made->make_buffers()) return *error;
  made->make_lists();
  return made;
}

std::optional<Error> WebGpuProgram::plan() {
  std::vector<bool> needed(program_.tensors.size());
  const auto need = [&](TensorId id) { needed[static_cast<std::size_t>(id)] = true; };
  for (const TensorId id : options_.keep) need(id);
  if (options_.probabilities != kNoTensor) need(options_.probabilities);
  if (program_.loss != kNoTensor) need(program_.loss);
  for (const TensorInfo& info : program_.tensors)
    if (info.after != kNoTensor) need(info.after);
  root_.resize(program_.tensors.size());
  for (std::size_t id = 0; id < root_.size(); ++id) root_[id] = static_cast<TensorId>(id);
  plans_.resize(program_.calls.size());
  for (std::size_t number = program_.calls.size(); number-- > 0;) {
    const OpCall& call = program_.calls[number];
    if (std::ranges::none_of(call.outputs, [&](TensorId id) { return needed[static_cast<std::size_t>(id)]; })) continue;
    std::optional<CallPlan> plan = plan_call(call, options_.form);
    if (!plan) return Error{"WebGPU has no kernel for " + std::string(op_info(call.kind).name) + "; the CPU computes it."};
    plans_[number] = std::move(plan);
    for (const TensorId id : call.inputs) need(id);
  }
  for (std::size_t number = 0; number < plans_.size(); ++number) {
    const OpCall& call = program_.calls[number];
    if (plans_[number] && call.kind == OpKind::kReshape)
      root_[static_cast<std::size_t>(call.outputs[0])] = root_[static_cast<std::size_t>(call.inputs[0])];
  }
  return std::nullopt;
}

BufferId WebGpuProgram::new_buffer(std::int64_t floats) {
  const auto size = static_cast<std::size_t>(floats) * kWord;
  bytes_ += size;
  owned_.push_back(device().create_buffer(size));
  return owned_.back();
}

std::optional<Error> WebGpuProgram::make_buffers() {
  const Limits& limits = device().limits();
  const std::uint64_t largest = std::min(limits.buffer_bytes, limits.binding_bytes);
  const auto fits = [&](std::int64_t floats) { return static_cast<std::uint64_t>(floats) * kWord <= largest; };
  const auto too_large = [&](const std::string& what, std::int64_t floats) {
    return Error{what + " needs " + megabytes(static_cast<std::uint64_t>(floats) * kWord) + " in one piece, and this graphics adapter gives " +
                 megabytes(largest) + "; the CPU computes it."};
  };
  std::vector<bool> used(program_.tensors.size());
  for (std::size_t number = 0; number < plans_.size(); ++number) {
    if (!plans_[number]) continue;
    for (const TensorId id : program_.calls[number].inputs) used[static_cast<std::size_t>(id)] = true;
    for (const TensorId id : program_.calls[number].outputs) used[static_cast<std::size_t>(id)] = true;
  }
  buffers_.resize(program_.tensors.size());
  for (std::size_t id = 0; id < buffers_.size(); ++id) {
    if (!used[id] || root_[id] != static_cast<TensorId>(id)) continue;
    const TensorInfo& info = program_.tensors[id];
    const std::int64_t floats = info.shape.size() + options_.guard_floats;
    if (!fits(floats)) return too_large(info.name, floats);
    buffers_[id] = new_buffer(floats);
    if (info.producer < 0 && info.fill != 0.0f)
      device().write(buffers_[id], 0, bytes_of(std::vector<float>(static_cast<std::size_t>(info.shape.size()), info.fill)));
    if (options_.guard_floats > 0)
      device().write(buffers_[id], static_cast<std::size_t>(info.shape.size()) * kWord,
                     bytes_of(std::vector<float>(static_cast<std::size_t>(options_.guard_floats), kGuard)));
  }
  scratch_.resize(plans_.size());
  padded_.resize(plans_.size());
  for (std::size_t number = 0; number < plans_.size(); ++number) {
    if (!plans_[number]) continue;
    for (const auto& [floats, buffer] : {std::pair{plans_[number]->scratch_floats, &scratch_[number]}, {plans_[number]->padded_floats, &padded_[number]}}) {
      if (floats == 0) continue;
      if (!fits(floats)) return too_large(program_.info(program_.calls[number].outputs[0]).name, floats);
      *buffer = new_buffer(floats);
    }
  }
  return std::nullopt;
}

BufferId WebGpuProgram::buffer_of(TensorId tensor, int parity) const {
  const TensorId root = root_[static_cast<std::size_t>(tensor)];
  const TensorInfo& info = program_.info(root);
  const TensorId partner = info.after != kNoTensor ? info.after : info.before;
  return buffers_[static_cast<std::size_t>(parity == 1 && partner != kNoTensor ? partner : root)];
}

WebGpuProgram::Encoded WebGpuProgram::bound(const Dispatch& dispatch, std::span<const BufferId> even, std::span<const BufferId> odd) {
  const std::size_t size = dispatch.constants.size() * kWord;
  const std::size_t offset = constants_used_;
  constants_used_ += (size + kAlignment - 1) / kAlignment * kAlignment;
  CHECK(constants_used_ <= constants_bytes_, "more than ", constants_bytes_, " bytes of constants");
  device().write(constants_, offset, {reinterpret_cast<const std::uint8_t*>(dispatch.constants.data()), size});
  const PipelineId pipeline = pipelines_.of(dispatch.kernel);
  const auto group = [&](std::span<const BufferId> buffers) {
    groups_.push_back(device().create_group(pipeline, constants_, offset, size, buffers));
    return groups_.back();
  };
  Encoded made{pipeline, {group(even), 0}, dispatch.x, dispatch.y, dispatch.z};
  made.group[1] = std::ranges::equal(even, odd) ? made.group[0] : group(odd);
  return made;
}

WebGpuProgram::Encoded WebGpuProgram::encoded(const Dispatch& dispatch, const OpCall* call, std::size_t number) {
  std::vector<BufferId> buffers[2];
  for (const int parity : {0, 1})
    for (const int slot : dispatch.slots) {
      if (slot < 0) {
        buffers[parity].push_back((slot == kScratchSlot ? scratch_ : padded_)[number]);
        continue;
      }
      const auto at = static_cast<std::size_t>(slot);
      buffers[parity].push_back(buffer_of(at < call->inputs.size() ? call->inputs[at] : call->outputs[at - call->inputs.size()], parity));
    }
  return bound(dispatch, buffers[0], buffers[1]);
}

void WebGpuProgram::make_lists() {
  for (std::size_t id = 0; id < program_.tensors.size(); ++id)
    if (program_.tensors[id].after != kNoTensor) checked_.push_back(static_cast<TensorId>(id));
  std::size_t dispatches = checked_.size() + 4 * kMostSteps;  // with gatherings, a record and a count for each step of a run
  for (const std::optional<CallPlan>& plan : plans_) dispatches += plan ? plan->dispatches.size() : 0;
  if (checked_.empty()) dispatches += program_.of_kind(TensorKind::kParameter).size() * kMostSteps;  // moves over a plane
  constants_bytes_ = dispatches * kAlignment;
  constants_ = new_buffer(static_cast<std::int64_t>(constants_bytes_ / kWord));
  // Of a run: the losses, the counts of right answers, then a flag for each tensor that is checked.
  report_ = new_buffer(kFlags + static_cast<std::int64_t>(checked_.size()));
  for (std::size_t number = 0; number < plans_.size(); ++number)
    if (plans_[number])
      for (const Dispatch& dispatch : plans_[number]->dispatches) steps_.push_back(encoded(dispatch, &program_.calls[number], number));
  const auto flag = [&](std::size_t number) { return static_cast<std::uint32_t>(kFlags + number); };
  for (std::size_t i = 0; i < checked_.size(); ++i) {
    const std::int64_t size = program_.info(checked_[i]).shape.size();
    const BufferId even[] = {report_, buffer_of(checked_[i], 0)}, odd[] = {report_, buffer_of(checked_[i], 1)};
    finds_.push_back(bound(per_number(Kernel::kFindNonFinite, size, {static_cast<std::uint32_t>(size), flag(i)}, {}), even, odd));
  }
  if (program_.loss == kNoTensor) return;
  const BufferId loss[] = {report_, buffer_of(program_.loss, 0)};
  for (std::uint32_t step = 0; step < kMostSteps; ++step) records_.push_back(bound(per_number(Kernel::kRecord, 1, {0, 0, step}, {}), loss, loss));
  if (options_.probabilities == kNoTensor) return;
  const BufferId answers[] = {report_, buffer_of(options_.probabilities, 0), buffer_of(options_.labels, 0)};
  const Shape& p = program_.info(options_.probabilities).shape;
  for (std::uint32_t step = 0; step < kMostSteps; ++step)
    counts_.push_back(bound(per_number(Kernel::kCountCorrect, p[0], {static_cast<std::uint32_t>(p[0]), static_cast<std::uint32_t>(p[1]), kCounts + step}, {}),
                            answers, answers));
}

BufferId WebGpuProgram::uploaded(std::span<const std::uint8_t> bytes) {
  const std::vector<std::uint8_t> words = padded(bytes);
  const BufferId buffer = new_buffer(static_cast<std::int64_t>(words.size() / kWord));
  device().write(buffer, 0, words);
  return buffer;
}

void WebGpuProgram::gather_pictures(const Samples& samples) {
  const Shape& shape = program_.info(samples.x).shape;
  CHECK(samples.pixels.size() == samples.labels.size() * static_cast<std::size_t>(shape.inner_size()), samples.pixels.size(), " bytes for ",
        samples.labels.size(), " pictures");
  const BufferId buffers[] = {buffer_of(samples.x, 0), uploaded(samples.pixels), uploaded(samples.labels), order_, buffer_of(samples.target, 0)};
  for (std::size_t step = 0; step < gathers_.size(); ++step) {
    const std::vector<std::uint32_t> constants{static_cast<std::uint32_t>(shape.size()), static_cast<std::uint32_t>(shape.inner_size()),
                                               static_cast<std::uint32_t>(static_cast<std::int64_t>(step) * batch_)};
    gathers_[step].push_back(bound(per_number(Kernel::kGather, shape.size(), constants, {}), buffers, buffers));
  }
}

void WebGpuProgram::gather_rows(TensorId tensor, std::span<const float> rows) {
  const Shape& shape = program_.info(tensor).shape;
  const std::int64_t row = shape.size() / batch_;
  CHECK(static_cast<std::int64_t>(rows.size()) % row == 0, rows.size(), " numbers in rows of ", row);
  const BufferId buffers[] = {buffer_of(tensor, 0), uploaded(bytes_of(rows)), order_};
  for (std::size_t step = 0; step < gathers_.size(); ++step) {
    const std::vector<std::uint32_t> constants{static_cast<std::uint32_t>(shape.size()), static_cast<std::uint32_t>(row),
                                               static_cast<std::uint32_t>(static_cast<std::int64_t>(step) * batch_)};
    gathers_[step].push_back(bound(per_number(Kernel::kGatherRows, shape.size(), constants, {}), buffers, buffers));
  }
}

Status WebGpuProgram::use_samples(const Samples& samples) {
  CHECK(gathers_.empty(), "samples are uploaded once");
  const std::uint64_t largest = std::min(device().limits().buffer_bytes, device().limits().binding_bytes);
  const std::uint64_t bytes = std::max({samples.pixels.size() + kWord, samples.numbers.size_bytes(), samples.targets.size_bytes()});
  if (bytes > largest)
    return Error{"The samples take " + megabytes(bytes) + ", and this graphics adapter gives " + megabytes(largest) + " in one piece; the CPU trains."};
  batch_ = program_.info(samples.x).shape[0];
  order_ = new_buffer(batch_ * kMostSteps);
  gathers_.resize(kMostSteps);
  if (!samples.pixels.empty()) {
    gather_pictures(samples);
  } else {
    gather_rows(samples.x, samples.numbers);
    gather_rows(samples.target, samples.targets);
  }
  return Done{};
}

Status WebGpuProgram::use_plane() {
  const std::vector<TensorId> parameters = program_.of_kind(TensorKind::kParameter);
  std::int64_t all = 0;
  for (const TensorId id : parameters) all += program_.info(id).shape.size();
  const std::uint64_t bytes = 3 * static_cast<std::uint64_t>(all) * kWord, largest = std::min(device().limits().buffer_bytes, device().limits().binding_bytes);
  if (bytes > largest)
    return Error{"A plane through the parameters takes " + megabytes(bytes) + ", and this graphics adapter gives " + megabytes(largest) +
                 " in one piece; the CPU measures it."};
  plane_ = new_buffer(3 * all);
  points_ = new_buffer(2 * kMostSteps);
  for (int step = 0; step < kMostSteps; ++step) {
    std::vector<Encoded>& move = moves_.emplace_back();
    std::int64_t begin = 0;
    for (const TensorId id : parameters) {
      const std::int64_t size = program_.info(id).shape.size();
      const BufferId buffers[] = {buffer_of(id, 0), plane_, points_};
      const std::vector<std::uint32_t> constants{static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(all),
                                                 static_cast<std::uint32_t>(step)};
      if (buffers[0] != 0) move.push_back(bound(per_number(Kernel::kPlanePoint, size, constants, {}), buffers, buffers));
      begin += size;
    }
  }
  return Done{};
}

void WebGpuProgram::set_plane(std::span<const float> centre, std::span<const float> u, std::span<const float> v) {
  std::size_t offset = 0;
  for (const std::span<const float> part : {centre, u, v}) {
    device().write(plane_, offset, bytes_of(part));
    offset += part.size_bytes();
  }
}

Ticket WebGpuProgram::run_at(std::span<const float> points) {
  CHECK(!moves_.empty(), "there is no plane");
  device().write(points_, 0, bytes_of(points));
  return run(static_cast<int>(points.size() / 2));
}

void WebGpuProgram::upload(TensorId tensor, std::span<const float> values) {
  CHECK(static_cast<std::int64_t>(values.size()) == program_.info(tensor).shape.size(), values.size(), " numbers for ",
        program_.info(tensor).name, " ", program_.info(tensor).shape.text());
  const TensorId before = program_.info(tensor).before;
  const BufferId buffer = buffer_of(before == kNoTensor ? tensor : before, parity_);
  if (buffer != 0) device().write(buffer, 0, bytes_of(values));
}

void WebGpuProgram::submit_list(const std::vector<Encoded>& list) {
  for (const Encoded& one : list) device().dispatch(one.pipeline, one.group[parity_], one.x, one.y, one.z);
}

Ticket WebGpuProgram::run(int steps, std::span<const std::uint32_t> order) {
  CHECK(steps >= 1 && steps <= kMostSteps, steps, " steps in one run, at most ", kMostSteps);
  if (!gathers_.empty()) {
    CHECK(static_cast<std::int64_t>(order.size()) == steps * batch_, order.size(), " samples for ", steps, " batches of ", batch_);
    device().write(order_, 0, {reinterpret_cast<const std::uint8_t*>(order.data()), order.size_bytes()});
  }
  const std::size_t report_words = kFlags + checked_.size();
  device().write(report_, 0, std::vector<std::uint8_t>(report_words * kWord));
  const auto dispatch = [&](const Encoded& one) { device().dispatch(one.pipeline, one.group[parity_], one.x, one.y, one.z); };
  for (int step = 0; step < steps; ++step) {
    const auto at = static_cast<std::size_t>(step);
    if (!gathers_.empty()) std::ranges::for_each(gathers_[at], dispatch);
    if (!moves_.empty()) std::ranges::for_each(moves_[at], dispatch);
    submit_list(steps_);
    if (!records_.empty()) dispatch(records_[at]);
    if (!counts_.empty()) dispatch(counts_[at]);
    parity_ ^= 1;
  }
  submit_list(finds_);
  device().submit();
  const Ticket ticket = device().read(report_, 0, report_words * kWord);
  reports_.emplace_back(ticket, steps);
  return ticket;
}

std::optional<RunReport> WebGpuProgram::report(Ticket ticket) {
  const std::optional<std::vector<float>> words = poll(ticket);
  if (!words) return std::nullopt;
  const auto asked = std::ranges::find(reports_, ticket, &std::pair<Ticket, int>::first);
  CHECK(asked != reports_.end(), "no run has the ticket ", ticket);
  RunReport report;
  report.losses.assign(words->begin(), words->begin() + asked->second);
  for (int step = 0; step < asked->second; ++step) report.correct.push_back(std::bit_cast<int>((*words)[static_cast<std::size_t>(kCounts + step)]));
  reports_.erase(asked);
  const auto finite = [](float value) { return (std::bit_cast<std::uint32_t>(value) & 0x7f800000u) != 0x7f800000u; };
  report.finite = std::ranges::all_of(report.losses, finite) &&
                  std::all_of(words->begin() + kFlags, words->end(), [](float flag) { return std::bit_cast<std::uint32_t>(flag) == 0; });
  return report;
}

Ticket WebGpuProgram::read(TensorId tensor) {
  const TensorId before = program_.info(tensor).before;
  const BufferId buffer = buffer_of(before == kNoTensor ? tensor : before, parity_);
  CHECK(buffer != 0, program_.info(tensor).name, " is not kept on the GPU");
  const std::int64_t floats = program_.info(tensor).shape.size() + options_.guard_floats;
  return device().read(buffer, 0, static_cast<std::size_t>(floats) * kWord);
}

std::optional<std::vector<float>> WebGpuProgram::poll(Ticket ticket) {
  const std::optional<std::vector<std::uint8_t>> bytes = device().poll(ticket);
  if (!bytes) return std::nullopt;
  std::vector<float> values(bytes->size() / kWord);
  std::memcpy(values.data(), bytes->data(), bytes->size());
  return values;
}

}  // namespace chainrule::gpu
