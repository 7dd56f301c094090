#include "web/lessons/filters/filters.h"

#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/graph/graph.h"
#include "web/app/draw_context.h"
#include "web/lesson_kit/snapshot_bytes.h"
#include "web/lessons/filters/pictures.h"

namespace chainrule {
namespace {

int own_filter() { return static_cast<int>(known_filters().size()); }

// Commands of what was made before the run.
constexpr std::string_view kOwnKernel = "own-kernel", kDrawing = "drawing";
constexpr float kMostWeight = 1000;
constexpr std::size_t kMostInk = 180'000;  // numbers of all strokes

std::vector<ParamSpec> make_params() {
  using enum ParamType;
  ParamTable table;
  std::vector<std::string_view> filters, pictures(kDrawnPictureNames.begin(), kDrawnPictureNames.end());
  for (const KnownFilter& filter : known_filters()) filters.push_back(filter.name);
  filters.push_back("own");
  for (const std::string_view more : {"drawn", "file", "camera"}) pictures.push_back(more);
  table.choice("picture", "Picture", "Drawn by the app, by you, from a file, or seen by the camera.", pictures, 0);
  table.choice("filter", "Filter", "The decks' filters, or the nine numbers that you set.", filters, 3);
  table.number("divisor", "Divisor", "The sum of products is divided by it.", kReal, 1, 1000, 1);
  table.number("offset", "Offset", "Added in the end: 128 shows negative results as dark greys.", kReal, -255, 255, 0);
  table.choice("padding", "Padding", "What lies beyond the edge: zeros, the picture mirrored, or its last pixels repeated.", {"zero", "reflect", "replicate"}, 2);
  table.toggle("flip", "True convolution", "The kernel is turned by half a turn before it is used.", false);
  table.toggle("grey", "Grey levels", "One channel, (red + green + blue) / 3, instead of three.", true);
  std::vector<ParamSpec> specs = table.take();
  table.choice("show", "Results outside of 0 to 255", "Cut off, as pictures have it, or as colours: orange below 0, blue above.", {"cut off", "signed"}, 0);
  table.choice("view", "Comparison", "Side by side, or one over the other.", {"side by side", "wipe"}, 0);
  table.number("wipe", "Wipe", "How much of the picture before is seen.", kReal, 0, 1, 0.5);
  table.number("row", "Row", "Of the magnified pixel.", kInteger, 0, Picture::kMostSide - 1, 30);
  table.number("column", "Column", "Of the magnified pixel.", kInteger, 0, Picture::kMostSide - 1, 30);
  table.choice("channel", "Channel", "Of the magnified pixel, in colour.", {"red", "green", "blue"}, 0);
  for (ParamSpec& spec : table.take()) specs.emplace_back(std::move(spec)).changes_model = false;
  return specs;
}

}  // namespace

Filters::Filters(std::shared_ptr<PictureLibrary> library)
    : info_{.slug = "filters",
            .title = "Filters on pictures",
            .summary = "Nine numbers blur, sharpen or find edges: the decks' filters and your own, on any picture.",
            .topic = "Convolutional networks",
            .decks = "000, 001, 002, 003",
            .is_read = true},
      params_(make_params()),
      library_(std::move(library)) {}

// ------------------------------------------------------------------------------------------------------------ pictures

Status Filters::receive(std::string_view asset, const std::vector<Blob>& files) {
  if ((asset != kPictureFile && asset != kCameraFrame) || files.size() != 1) return Lesson::receive(asset, files);
  Result<Picture> read = parse_ppm(*files[0].bytes, files[0].name);
  if (!read.ok()) return read.error();
  auto picture = std::make_shared<const Picture>(std::move(read).value());
  if (asset == kCameraFrame) {
    library_->camera = std::move(picture);
  } else {
    library_->file = std::move(picture);
    library_->file_name = files[0].name;
  }
  params_.put("picture", asset == kCameraFrame ? kPictureCamera : kPictureFileChoice);
  if (!program_.calls.empty()) rebuild();
  return Done{};
}

std::vector<ReceivedFiles> Filters::received_files() const {
  const int source = params_.whole("picture");
  const auto& picture = source == kPictureCamera ? library_->camera : library_->file;
  if (source < kPictureFileChoice || picture == nullptr) return {};
  auto bytes = std::make_shared<const std::vector<std::uint8_t>>(write_ppm(*picture));
  if (source == kPictureCamera) return {{kCameraFrame, {{"camera", std::move(bytes)}}}};
  return {{kPictureFile, {{library_->file_name, std::move(bytes)}}}};
}

Picture Filters::picture() const {
  const int source = params_.whole("picture");
  if (source == kPictureFileChoice && library_->file != nullptr) return *library_->file;
  if (source == kPictureCamera && library_->camera != nullptr) return *library_->camera;
  Picture picture{kSide, kSide, {}, ""};
  std::vector<float> grey;
  if (source == kPictureDrawn) {
    for (int row = 0; row < kSide; ++row)
      for (int column = 0; column < kSide; ++column) {
        const auto at = static_cast<std::size_t>((row * StrokeCanvas::kSide / kSide) * StrokeCanvas::kSide + column * StrokeCanvas::kSide / kSide);
        grey.push_back(std::round(255.0f * (1.0f - canvas_.coverage()[at])));
      }
  } else {
    grey = draw_picture(static_cast<DrawnPicture>(std::min(source, kPictureDrawn - 1)), kSide, seed_);
  }
  for (int c = 0; c < 3; ++c) picture.levels.insert(picture.levels.end(), grey.begin(), grey.end());
  return picture;
}

std::string Filters::picture_note() const {
  const int source = params_.whole("picture");
  return source == kPictureFileChoice && library_->file != nullptr ? library_->file->note : "";
}

void Filters::rebuild() {
  const Picture picture = this->picture();
  const int channels = params_.on("grey") ? 1 : 3;
  Graph graph;
  const TensorId x = graph.input("x", Shape{1, channels, picture.height, picture.width}), w = graph.input("w", Shape{kKernel, kKernel});
  const TensorId divisor = graph.input("divisor", Shape{1}), offset = graph.input("offset", Shape{1});
  OpAttributes attributes;
  attributes.pad = 1;
  attributes.padding = static_cast<Padding>(params_.whole("padding"));
  attributes.flip = params_.on("flip");
  attributes.divided = attributes.shifted = true;
  static_cast<void>(graph.apply(OpKind::kFilter, attributes, {x, w, divisor, offset}, "y"));
  program_ = graph.program();
  buffers_ = Buffers<float>(program_);
  const std::size_t pixels = picture.levels.size() / 3;
  if (channels == 3) {
    std::ranges::copy(picture.levels, buffers_[x].begin());
  } else {
    for (std::size_t i = 0; i < pixels; ++i)
      buffers_[x][i] = std::floor((picture.levels[i] + picture.levels[pixels + i] + picture.levels[2 * pixels + i]) / 3.0f + 0.5f);
  }
  run();
}

std::span<const float> Filters::kernel() const {
  const int filter = params_.whole("filter");
  return filter == own_filter() ? std::span<const float>(made_.kernel) : std::span<const float>(known_filters()[static_cast<std::size_t>(filter)].w);
}

void Filters::run() {
  std::ranges::copy(kernel(), buffers_[program_.find("w")].begin());
  buffers_[program_.find("divisor")][0] = static_cast<float>(params_["divisor"]);
  buffers_[program_.find("offset")][0] = static_cast<float>(params_["offset"]);
  for (const OpCall& call : program_.calls) run_reference(call, buffers_);
  ++version_;
}

Filters::Spot Filters::spot() const {
  const std::int64_t pixels = std::int64_t{height()} * width();
  const std::int64_t at = (std::min(params_.whole("row"), height() - 1) * std::int64_t{width()} + std::min(params_.whole("column"), width() - 1) + step_) % pixels;
  return {std::min(params_.whole("channel"), channels() - 1), static_cast<int>(at / width()), static_cast<int>(at % width())};
}

// ------------------------------------------------------------------------------------------------------- actions, time

void Filters::reset(std::uint64_t seed) {
  seed_ = seed;
  step_ = 0;
  made_before_ = made_;
  rebuild();
}

Effect Filters::effect(const Action& action) const {
  if (action.kind == Action::Kind::kCommand) return action.name == kOwnKernel || action.name == kDrawing ? Effect::kKept : Effect::kModel;
  return Lesson::effect(action);
}

std::vector<Action> Filters::kept() const {
  std::vector<Action> actions;
  if (made_before_.kernel != Made{}.kernel) actions.push_back(Action::command(std::string(kOwnKernel), 0.0, made_before_.kernel));
  if (!made_before_.strokes.empty()) actions.push_back(Action::command(std::string(kDrawing), 0.0, made_before_.strokes));
  return actions;
}

void Filters::clear_kept() {
  made_ = made_before_ = {};
  redraw();
  if (!program_.calls.empty()) rebuild();
}

Status Filters::make(const Action& action) {
  const auto beyond = [](float limit) { return [limit](float v) { return !(std::abs(v) <= limit); }; };
  if (action.name == kOwnKernel) {
    if (action.data.size() != made_.kernel.size() || std::ranges::any_of(action.data, beyond(kMostWeight)))
      return Error{"A kernel of one's own has 9 numbers between −1000 and 1000."};
    made_.kernel = made_before_.kernel = action.data;
  } else {
    if (action.data.size() % 3 != 0 || action.data.size() > kMostInk || std::ranges::any_of(action.data, beyond(2.0f)))
      return Error{"A drawing has three numbers for each point, between −2 and 2, for 60,000 points at most."};
    made_.strokes = made_before_.strokes = action.data;
    redraw();
  }
  if (!program_.calls.empty()) rebuild();
  return Done{};
}

Status Filters::apply(const Action& action) {
  if (action.kind == Action::Kind::kEdit) return edit(action);
  if (action.kind == Action::Kind::kCommand) return effect(action) == Effect::kKept ? make(action) : stroke(action);
  const Result<const ParamSpec*> row = params_.row_of(action);
  if (!row.ok()) return row.error();
  return set_param(*row.value(), action.number);
}

Status Filters::set_param(const ParamSpec& spec, double value) {
  if (spec.name == "picture" && value == kPictureFileChoice && library_->file == nullptr) return Error{"No picture is loaded yet. Choose \"Open a picture\" first."};
  if (spec.name == "picture" && value == kPictureCamera && library_->camera == nullptr) return Error{"The camera has not been on yet. Choose \"Camera\" first."};
  params_.put(spec.name, value);
  if (spec.name == "filter" && value != own_filter()) {
    params_.put("divisor", static_cast<double>(known_filters()[static_cast<std::size_t>(value)].divisor));
  }
  if (!spec.changes_model || program_.calls.empty()) return Done{};
  if (spec.name == "picture" || spec.name == "padding" || spec.name == "flip" || spec.name == "grey")
    rebuild();
  else
    run();
  return Done{};
}

Status Filters::edit(const Action& action) {
  if (action.name == "divisor" || action.name == "offset")
    return action.data.size() == 1 ? apply(Action::set(action.name, static_cast<double>(action.data[0]))) : Status(Error{"One number is expected."});
  if (action.name != "w") return Error{"The numbers of the kernel w can be set; " + action.name + " comes from the picture."};
  if (!(action.number >= 0 && action.number < kKernel * kKernel) || action.data.size() != 1)
    return Error{"The kernel has 9 numbers; there is none at index " + shortest_text(action.number) + "."};
  if (!(std::abs(action.data[0]) <= kMostWeight)) return Error{"A number of the kernel is between −1000 and 1000, not " + shortest_text(action.data[0]) + "."};
  const std::span<const float> present = kernel();
  made_.kernel = {present.begin(), present.end()};
  made_.kernel[static_cast<std::size_t>(action.number)] = action.data[0];
  params_.put("filter", own_filter());
  run();
  return Done{};
}

// The ink of one stroke comes frame by frame, and is one action.
bool Filters::merge(Action& last, const Action& next) const {
  const bool goes_on = last.kind == Action::Kind::kCommand && next.kind == Action::Kind::kCommand && last.name == "stroke" && next.name == "stroke" && next.number == 0;
  if (!goes_on) return Lesson::merge(last, next);
  last.data.insert(last.data.end(), next.data.begin(), next.data.end());
  return true;
}

// A stroke's points, or none: clean paper.
Status Filters::stroke(const Action& action) {
  if (action.name != "stroke" && action.name != "clear") return Error{"This lesson does not know the command \"" + action.name + "\"."};
  if (action.name == "clear") {
    made_.strokes.clear();
  } else {
    if (action.data.size() < 2 || action.data.size() % 2 != 0 || made_.strokes.size() > 60000) return Error{"A stroke needs points of two numbers each, 20,000 of them at most."};
    for (const float v : action.data)
      if (!(v >= -1.0f && v <= 2.0f)) return Error{"The stroke's point " + shortest_text(v) + " is outside of the drawing, 0 to 1."};
    for (std::size_t i = 0; i < action.data.size(); i += 2) {
      made_.strokes.push_back(i == 0 && action.number != 0 ? 1.0f : 0.0f);
      made_.strokes.insert(made_.strokes.end(), {action.data[i], action.data[i + 1]});
    }
  }
  params_.put("picture", kPictureDrawn);
  redraw();
  rebuild();
  return Done{};
}

void Filters::redraw() {
  canvas_.clear();
  for (std::size_t i = 0; i + 2 < made_.strokes.size(); i += 3) {
    if (made_.strokes[i] != 0.0f) canvas_.begin(made_.strokes[i + 1], made_.strokes[i + 2]);
    else canvas_.extend(made_.strokes[i + 1], made_.strokes[i + 2]);
  }
}

bool Filters::advance(std::int64_t) {
  ++step_;
  return true;
}

// --------------------------------------------------------------------------------------------------------------- state

std::vector<Metric> Filters::metrics() const { return {{"width", static_cast<double>(width())}, {"height", static_cast<double>(height())}}; }

std::uint64_t Filters::state_hash() const {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(step_));
  hasher.add(seed_);
  for (const std::size_t row : {0u, 1u, 2u, 3u, 4u, 5u, 6u}) hasher.add(static_cast<std::uint64_t>(static_cast<std::int64_t>(params_.values()[row] * 1000.0)));
  hasher.add(kernel());
  hasher.add(std::span<const float>(made_.strokes));
  return hasher.value();
}

Snapshot Filters::save() const {
  SnapshotWriter writer;
  writer.add(seed_);
  writer.add(step_);
  writer.add(params_.values());
  writer.add(std::span<const float>(made_.kernel));
  writer.add(std::span<const float>(made_.strokes));
  return writer.take();
}

Filters::Saved Filters::read_saved(const Snapshot& snapshot) const {
  Saved saved;
  SnapshotReader reader(snapshot);
  saved.seed = reader.get<std::uint64_t>();
  saved.step = reader.get<std::int64_t>();
  saved.values = reader.list<double>(params().size());
  saved.kernel = reader.list<float>(kKernel * kKernel);
  saved.strokes = reader.rest<float>();
  saved.ok = reader.ok() && saved.step >= 0 && saved.strokes.size() % 3 == 0;
  return saved;
}

void Filters::restore(const Snapshot& snapshot) {
  Saved saved = read_saved(snapshot);
  CHECK(saved.ok, "a snapshot of another lesson");
  params_.restore(saved.values);
  seed_ = saved.seed;
  step_ = saved.step;
  made_.kernel = std::move(saved.kernel);
  made_.strokes = std::move(saved.strokes);
  redraw();
  rebuild();
}

Status Filters::check(const Snapshot& snapshot) const {
  const Error foreign{"The saved state has " + std::to_string(snapshot.size()) + " bytes, which is not a state of this lesson."};
  const Saved saved = read_saved(snapshot);
  if (!saved.ok) return foreign;
  if (const Status values = params_.check(saved.values); !values.ok()) return values;
  const auto bad = [](float limit) { return [limit](float v) { return !(std::abs(v) <= limit); }; };
  if (std::ranges::any_of(saved.kernel, bad(1000.0f)) || std::ranges::any_of(saved.strokes, bad(2.0f))) return foreign;
  const auto source = static_cast<int>(saved.values[0]);
  if ((source == kPictureFileChoice && library_->file == nullptr) || (source == kPictureCamera && library_->camera == nullptr))
    return Error{"The saved state filters a picture that is not here. Open it first."};
  return Done{};
}

std::unique_ptr<Lesson> make_filters() { return std::make_unique<Filters>(); }

}  // namespace chainrule
