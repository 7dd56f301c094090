// A device without a GPU: bytes in memory, answers that come late and out of order, failures on demand.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "engine/backend/webgpu/device.h"
#include "engine/base/check.h"

namespace chainrule::test {

/// Dispatches compute nothing, but are remembered, with the bytes of their constants; kernels that tests need are given as functions.
/// Time passes in tick().
class MockDevice final : public gpu::Device {
 public:
  struct Dispatched {
    std::string entry;
    std::vector<gpu::BufferId> buffers;
    std::vector<std::uint32_t> constants;
  };
  gpu::Limits offered;
  int delay = 1;             // ticks until an answer comes
  bool reorders = false;     // answers come in another order than the questions
  int fails_after = -1;      // buffers that can still be made; then there is no memory
  std::map<std::string, int> ticks_of;  // that a kernel keeps the device busy, by entry; 0 otherwise
  std::vector<Dispatched> submitted;
  /// What a kernel does, by entry: gets its buffers' floats.
  using Floats = std::vector<std::vector<float>*>;
  std::map<std::string, void (*)(const Dispatched&, const Floats&)> kernels;

  void tick() { ++now_; }
  void lose() { state_ = gpu::DeviceState::kLost; }
  std::size_t live_buffers() const { return buffers_.size(); }
  std::size_t live_groups() const { return groups_.size(); }
  std::vector<float>& floats(gpu::BufferId id) { return buffers_.at(id); }
  int writes = 0;

  gpu::DeviceState state() const override { return state_; }
  std::string message() const override { return state_ == gpu::DeviceState::kReady ? "" : "as the test wants it"; }
  const gpu::Limits& limits() const override { return offered; }
  gpu::BufferId create_buffer(std::size_t bytes) override {
    if (fails_after == 0) state_ = gpu::DeviceState::kOutOfMemory;
    if (fails_after > 0) --fails_after;
    buffers_[++last_] = std::vector<float>(bytes / 4);
    return last_;
  }
  void destroy_buffer(gpu::BufferId buffer) override { CHECK(buffers_.erase(buffer) == 1, "buffer ", buffer, " is destroyed twice"); }
  void write(gpu::BufferId buffer, std::size_t offset, std::span<const std::uint8_t> bytes) override {
    ++writes;
    std::vector<float>& to = buffers_.at(buffer);
    CHECK(offset % 4 == 0 && bytes.size() % 4 == 0 && offset + bytes.size() <= 4 * to.size(), "a write beside its buffer");
    std::memcpy(to.data() + offset / 4, bytes.data(), bytes.size());
  }
  gpu::PipelineId create_pipeline(std::string_view wgsl, std::string_view entry, gpu::PipelineShape shape) override {
    CHECK(wgsl.find("fn " + std::string(entry) + "(") != std::string_view::npos, "no entry ", entry);
    pipelines_.push_back({std::string(entry), shape});
    return static_cast<gpu::PipelineId>(pipelines_.size());
  }
  std::size_t pipelines() const { return pipelines_.size(); }
  gpu::GroupId create_group(gpu::PipelineId pipeline, gpu::BufferId constants, std::size_t offset, std::size_t constant_bytes,
                            std::span<const gpu::BufferId> buffers) override {
    const Pipeline& of = pipelines_.at(pipeline - 1);
    CHECK(static_cast<int>(buffers.size()) == of.shape.inputs + of.shape.outputs, of.entry, " has ", buffers.size(), " buffers");
    CHECK(offset % 256 == 0, "constants at ", offset);
    for (const gpu::BufferId id : buffers) CHECK(buffers_.contains(id), of.entry, ": there is no buffer ", id);
    groups_[++last_] = {constants, offset / 4, constant_bytes / 4, {buffers.begin(), buffers.end()}};
    return last_;
  }
  void destroy_group(gpu::GroupId group) override { CHECK(groups_.erase(group) == 1, "group ", group, " is destroyed twice"); }
  void dispatch(gpu::PipelineId pipeline, gpu::GroupId group, std::uint32_t x, std::uint32_t y, std::uint32_t z) override {
    CHECK(x > 0 && y > 0 && z > 0 && x < 65536 && y < 65536 && z < 65536, "workgroups ", x, " ", y, " ", z);
    const Group& bound = groups_.at(group);
    Dispatched one{pipelines_.at(pipeline - 1).entry, bound.buffers, {}};
    const auto begin = buffers_.at(bound.constants).begin() + static_cast<std::ptrdiff_t>(bound.offset);
    for (auto at = begin; at != begin + static_cast<std::ptrdiff_t>(bound.words); ++at) one.constants.push_back(std::bit_cast<std::uint32_t>(*at));
    pending_.push_back(std::move(one));
  }
  void submit() override {
    if (state_ != gpu::DeviceState::kReady) return pending_.clear();
    for (Dispatched& one : pending_) {
      if (const auto kernel = kernels.find(one.entry); kernel != kernels.end()) {
        Floats all;
        for (const gpu::BufferId id : one.buffers) all.push_back(&buffers_.at(id));
        kernel->second(one, all);
      }
      if (const auto slow = ticks_of.find(one.entry); slow != ticks_of.end()) busy_until_ = std::max(busy_until_, now_) + slow->second;
      submitted.push_back(std::move(one));
    }
    pending_.clear();
  }
  gpu::Ticket read(gpu::BufferId buffer, std::size_t offset, std::size_t bytes) override {
    submit();
    const auto* from = reinterpret_cast<const std::uint8_t*>(buffers_.at(buffer).data()) + offset;
    reads_.push_back({++last_, std::max(now_, busy_until_), {from, from + bytes}});
    return last_;
  }
  std::optional<std::vector<std::uint8_t>> poll(gpu::Ticket ticket) override {
    if (state_ != gpu::DeviceState::kReady) return std::nullopt;
    const auto asked = std::ranges::find(reads_, ticket, &Read::ticket);
    const int late = reorders ? static_cast<int>(ticket * 7 % 5) : 0;
    if (asked == reads_.end() || now_ < asked->asked + delay + late) return std::nullopt;
    std::vector<std::uint8_t> bytes = std::move(asked->bytes);
    reads_.erase(asked);
    return bytes;
  }

 private:
  struct Pipeline {
    std::string entry;
    gpu::PipelineShape shape;
  };
  struct Group {
    gpu::BufferId constants;
    std::size_t offset, words;
    std::vector<gpu::BufferId> buffers;
  };
  struct Read {
    gpu::Ticket ticket;
    int asked;
    std::vector<std::uint8_t> bytes;
  };

  gpu::DeviceState state_ = gpu::DeviceState::kReady;
  std::map<gpu::BufferId, std::vector<float>> buffers_;
  std::map<gpu::GroupId, Group> groups_;
  std::vector<Pipeline> pipelines_;
  std::vector<Dispatched> pending_;
  std::vector<Read> reads_;
  std::uint32_t last_ = 0;
  int now_ = 0, busy_until_ = 0;
};

}  // namespace chainrule::test
