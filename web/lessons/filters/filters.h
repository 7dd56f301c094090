// "Filters on pictures": the decks' 3×3 filters, and a person's own, on pictures that are drawn by code, brought along, seen
// by the camera or drawn by hand.
//
// A step moves the magnified pixel one further, row by row.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/data/picture.h"
#include "engine/data/stroke.h"
#include "engine/graph/buffers.h"
#include "web/lesson_kit/param_table.h"
#include "web/widgets/draw_pad.h"

namespace chainrule {

/// Where the picture comes from: by the param "picture", after those that are drawn by code.
inline constexpr int kPictureDrawn = 5, kPictureFileChoice = 6, kPictureCamera = 7;

/// Pictures of a person, shared by a lesson and its replays.
struct PictureLibrary {
  std::shared_ptr<const Picture> file, camera;
  std::string file_name;
};

class Filters final : public Lesson {
 public:
  static constexpr int kSide = 96, kKernel = 3;

  explicit Filters(std::shared_ptr<PictureLibrary> library = std::make_shared<PictureLibrary>());

  const LessonInfo& info() const override { return info_; }
  std::unique_ptr<Lesson> sibling() const override { return std::make_unique<Filters>(library_); }
  std::span<const ParamSpec> params() const override { return params_.specs(); }
  double param(std::string_view name) const override { return params_[name]; }
  Status receive(std::string_view asset, const std::vector<Blob>& files) override;
  bool uses_files() const override { return params_.whole("picture") >= kPictureFileChoice; }
  std::vector<ReceivedFiles> received_files() const override;

  void reset(std::uint64_t seed) override;
  Effect effect(const Action& action) const override;
  std::vector<Action> kept() const override;
  void clear_kept() override;
  bool merge(Action& last, const Action& next) const override;
  Status apply(const Action& action) override;
  bool advance(std::int64_t budget) override;
  std::int64_t work_per_step() const override { return 1000; }
  bool idle_work(std::int64_t) override { return false; }

  std::int64_t step() const override { return step_; }
  std::string_view phase() const override { return ""; }
  std::span<const std::string_view> phase_names() const override { return {}; }
  std::optional<double> loss() const override { return std::nullopt; }
  std::vector<Metric> metrics() const override;
  std::string divergence() const override { return ""; }
  std::uint64_t state_hash() const override;
  Snapshot save() const override;
  void restore(const Snapshot& snapshot) override;
  Status check(const Snapshot& snapshot) const override;

  std::vector<TensorSummary> tensors() const override;
  Result<TensorValues> tensor(std::string_view name) const override;
  Result<Explanation> explain(const ElementRef& element) const override;
  void draw(DrawContext& context) const override;

  // ---------------------------------------------------------------------------------------------- for its drawing
  const Program& program() const { return program_; }
  const Buffers<float>& buffers() const { return buffers_; }
  TensorId x() const { return program_.find("x"); }
  TensorId y() const { return program_.find("y"); }
  int channels() const { return program_.info(x()).shape[1]; }
  int height() const { return program_.info(x()).shape[2]; }
  int width() const { return program_.info(x()).shape[3]; }
  std::uint64_t version() const { return version_; }
  /// The magnified pixel, in its channel.
  struct Spot {
    int channel = 0, row = 0, column = 0;
  };
  Spot spot() const;
  /// A sentence on what was done to the picture; may be empty.
  std::string picture_note() const;
  const StrokeCanvas& canvas() const { return canvas_; }
  DrawPadState& pad() const { return pad_; }

 private:
  struct Saved {
    std::uint64_t seed = 0;
    std::int64_t step = 0;
    std::vector<double> values;
    std::vector<float> kernel, strokes;
    bool ok = false;
  };
  /// What a person makes here.
  struct Made {
    std::vector<float> kernel{0, 0, 0, 0, 1, 0, 0, 0, 0};  // the filter "own"
    std::vector<float> strokes;                            // begins (1 or 0), x, y of each point
    bool operator==(const Made&) const = default;
  };
  Picture picture() const;
  void rebuild();
  void run();
  Status set_param(const ParamSpec& spec, double value);
  Status edit(const Action& action);
  Status stroke(const Action& action);
  Status make(const Action& action);
  void redraw();
  std::span<const float> kernel() const;
  Saved read_saved(const Snapshot& snapshot) const;
  std::string leaf_text(TensorId id, std::int64_t index) const;

  LessonInfo info_;
  ParamValues params_;
  std::shared_ptr<PictureLibrary> library_;
  std::uint64_t seed_ = 1, version_ = 0;
  std::int64_t step_ = 0;
  Made made_, made_before_;  // now; when the run began
  StrokeCanvas canvas_;
  Program program_;
  Buffers<float> buffers_;
  mutable DrawPadState pad_;
};

}  // namespace chainrule
