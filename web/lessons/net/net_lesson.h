// NetLesson: training of one or more small networks side by side, all of whose numbers are shown. A step is one update.
//
// At step t the weights are those after t updates, and everything else was computed from them: the forward pass, the
// gradients, and the update to come. A weight of step t > 0 is explained by the update of step t − 1.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "web/lesson_kit/param_table.h"
#include "web/lesson_kit/snapshot_bytes.h"
#include "web/lesson_kit/step_trace.h"
#include "web/lessons/tape/net_model.h"

namespace chainrule {

class NetLesson : public Lesson {
 public:
  NetLesson(LessonInfo info, std::vector<ParamSpec> params);

  const LessonInfo& info() const override { return info_; }
  std::span<const ParamSpec> params() const override { return params_.specs(); }
  double param(std::string_view name) const override { return params_[name]; }

  void reset(std::uint64_t seed) override;
  Status apply(const Action& action) override;
  bool advance(std::int64_t budget) override;
  std::int64_t work_per_step() const override { return work_; }
  bool idle_work(std::int64_t) override { return false; }

  std::int64_t step() const override { return step_; }
  std::string_view phase() const override { return spent_ > 0 ? "forward" : ""; }
  std::optional<double> loss() const override;
  std::vector<Metric> metrics() const override;
  std::string divergence() const override;
  std::uint64_t state_hash() const override;
  Snapshot save() const override;
  void restore(const Snapshot& snapshot) override;
  Status check(const Snapshot& snapshot) const override;

  std::vector<TensorSummary> tensors() const override;
  Result<TensorValues> tensor(std::string_view name) const override;
  Result<Explanation> explain(const ElementRef& element) const override;

  // ---------------------------------------------------------------------------------------------- for its drawing
  std::size_t networks() const { return tracks_.size(); }
  const NetModel& model(std::size_t network) const { return *tracks_[network].now; }
  const StepTrace& losses(std::size_t network) const { return tracks_[network].losses; }
  /// What a click on a number of that network asks for.
  ElementRef reference(std::size_t network, TensorId tensor, std::int64_t index) const;

 protected:
  /// A network to be trained: its tensors are called prefix + name.
  struct Network {
    std::string prefix;
    NetSpec spec;
    NetExample example;  // numbers to start with
  };
  /// What the params ask for. Networks have tensors of the same names and shapes where a person can set them.
  virtual std::vector<Network> networks_of(const ParamValues& params) const = 0;
  /// Settings that are numbers of the network, beside the learning rate.
  virtual void put_settings(NetModel& model) const { static_cast<void>(model); }

 private:
  struct Track {
    std::string prefix;
    std::unique_ptr<NetModel> now, before;  // before: of the step before; null at the start and after a restore
    StepTrace losses;
  };
  struct ByHand {
    TensorId tensor = kNoTensor;
    std::int32_t index = 0;
    std::int64_t step = 0;
  };
  struct Saved {
    std::uint64_t seed = 0;
    std::int64_t step = 0;
    std::vector<double> values;
    std::vector<ByHand> by_hand;
  };
  struct Place {
    const Track* track = nullptr;
    TensorId tensor = kNoTensor;
  };

  void make_networks();
  void run(Track& track);
  Status edit(const Action& action);
  Place place_of(std::string_view name) const;
  const ByHand* by_hand(TensorId tensor, std::int64_t index) const;
  std::string leaf_text(const Place& place, const ElementRef& element) const;
  /// The part before the networks' numbers.
  Saved read_saved(SnapshotReader& reader) const;

  LessonInfo info_;
  ParamValues params_;
  std::uint64_t seed_ = 1;
  std::int64_t step_ = 0, work_ = 1;
  std::int64_t spent_ = 0;  // of the work of the next step, which is done in one piece at its end
  std::vector<Track> tracks_;
  std::vector<ByHand> by_hand_;  // inputs and targets since the start, parameters since the last update
};

}  // namespace chainrule
