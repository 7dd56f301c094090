// The canvas of "Batch size and noise": the cloud of gradients with its ellipses, the variance against the batch size, and the numbers.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/text.h"
#include "web/lessons/fit/batch_noise.h"
#include "web/lessons/fit/fit_scene.h"
#include "web/widgets/contour_map.h"
#include "web/widgets/controls.h"
#include "web/widgets/plot.h"

namespace chainrule {

struct BatchNoiseView {
  ContourMapState cloud;
};

std::unique_ptr<Lesson> BatchNoise::sibling() const {
  auto other = std::make_unique<BatchNoise>();
  other->view_ = view_;
  return other;
}

namespace {

struct NoiseScene : FitScene {
  const BatchNoise& noise;
  BatchNoiseView& view;
};

/// Columns of a list of pairs.
std::array<std::vector<float>, 2> columns_of(std::span<const float> pairs) {
  std::array<std::vector<float>, 2> columns;
  for (std::size_t i = 0; i < pairs.size(); ++i) columns[i % 2].push_back(pairs[i]);
  return columns;
}

/// The same for all batch sizes, so that the cloud is seen to shrink: what the gradients of single samples need, and 0.
PlaneRange cloud_home(const BatchNoise& lesson) {
  const auto full = lesson.values("full"), single = lesson.values("single");
  const double dx = 2.2 * std::sqrt(std::max(single[0], 0.0f)), dy = 2.2 * std::sqrt(std::max(single[3], 0.0f));
  if (!std::isfinite(full[0] + full[1] + dx + dy)) return {-1, 1, -1, 1};
  const double air = 1e-3 + 0.05 * (dx + dy);
  return {std::min(full[0] - dx, 0.0) - air, std::max(full[0] + dx, 0.0) + air, std::min(full[1] - dy, 0.0) - air, std::max(full[1] + dy, 0.0) + air};
}

void draw_cloud(const NoiseScene& scene, const Rect& box) {
  const BatchNoise& lesson = scene.noise;
  const auto cloud = columns_of(lesson.values("cloud")), samples = columns_of(lesson.values("samples"));
  const auto full = lesson.values("full"), batch = lesson.values("batch.mean"), mean = lesson.values("mean"), c = lesson.values("measured"), e = lesson.values("expected");
  const std::string x_label = "∂J/∂" + lesson.weight_name(0), y_label = "∂J/∂" + lesson.weight_name(1);
  const std::string title = "Gradients of batches of " + std::to_string(lesson.batch_size());
  ContourOptions options;
  options.title = title;
  options.x_label = x_label;
  options.y_label = y_label;
  options.home = cloud_home(lesson);
  options.bar = false;
  options.legend = box.width() > 78 * scene.unit() ? 1 : box.width() > 42 * scene.unit() ? 2 : 3;
  options.help = "A press on a point shows how that batch's gradient was computed.";
  const ContourCloud clouds[] = {{"single samples", samples[0], samples[1], 5, ContourMark::Shape::kCross}, {"batches", cloud[0], cloud[1], 0}};
  const ContourEllipse ellipses[] = {{{mean[0], mean[1]}, c[0], c[1], c[3], 1.0, "1σ and 2σ, measured", 0}, {{mean[0], mean[1]}, c[0], c[1], c[3], 2.0, {}, 0}, {{full[0], full[1]}, e[0], e[1], e[3], 1.0, "1σ, expected", 4, true}};
  const ContourArrow arrows[] = {{{0, 0}, {full[0], full[1]}, "all samples", 2}, {{0, 0}, {batch[0], batch[1]}, "this batch", 1}};
  const ContourMark mark{{0, 0}, ContourMark::Shape::kCross, -1};
  ContourScene drawn;
  const bool finite = std::isfinite(full[0]) && std::isfinite(full[1]);
  if (finite) drawn.clouds = clouds, drawn.ellipses = ellipses, drawn.arrows = arrows;
  drawn.marks = {&mark, 1};
  ImGui::SetCursorScreenPos(box.min);
  const ContourHit hit = draw_contour_map(scene.context, "cloud", {box.width(), box.height()}, drawn, options, scene.view.cloud);
  if (hit.clicked_cloud) scene.context.explain_request = ElementRef{hit.clicked_cloud->cloud == 0 ? "samples" : "cloud", std::int64_t{2} * hit.clicked_cloud->point, lesson.step()};
}

void draw_variances(const NoiseScene& scene, const Rect& box) {
  const BatchNoise& lesson = scene.noise;
  std::vector<float> sizes;
  std::array<std::vector<float>, 2> measured, expected;
  for (const int size : lesson.ladder()) {
    const std::string suffix = "." + std::to_string(size);
    sizes.push_back(static_cast<float>(size));
    for (const std::size_t which : {std::size_t{0}, std::size_t{1}}) {
      const float law = lesson.values("expected" + suffix)[3 * which];
      // A batch of all has no noise: what is measured is rounding, and has no place on a logarithmic axis.
      measured[which].push_back(law > 0.0f ? lesson.values("measured" + suffix)[3 * which] : std::nanf(""));
      expected[which].push_back(law);
    }
  }
  const std::array<std::string, 2> names{"∂J/∂" + lesson.weight_name(0), "∂J/∂" + lesson.weight_name(1)};
  const std::array<std::string, 2> laws{names[0] + " expected", names[1] + " expected"};
  const PlotSeries series[] = {{.label = laws[0], .x = sizes, .y = expected[0], .color = 0},
                               {.label = names[0], .x = sizes, .y = measured[0], .color = 0, .style = PlotSeries::Style::kDots},
                               {.label = laws[1], .x = sizes, .y = expected[1], .color = 1, .dash = 1},
                               {.label = names[1], .x = sizes, .y = measured[1], .color = 1, .style = PlotSeries::Style::kDots}};
  PlotOptions options;
  options.title = "Variance of the batches' gradients";
  options.x_label = "batch size B";
  options.y_label = "variance";
  options.log_x = options.log_y = true;
  options.save = scene.context.save_request;
  ImGui::SetCursorScreenPos(box.min);
  draw_plot(scene.theme, "variances", {box.width(), box.height()}, series, {}, options);
}

void draw_losses(const NoiseScene& scene, const Rect& box) {
  const auto losses = scene.noise.losses();
  const PlotSeries series{.label = "all samples", .x = {}, .y = losses.first(std::min(losses.size(), static_cast<std::size_t>(scene.noise.step()) + 1))};
  PlotOptions options;
  options.title = "Loss J";
  options.x_label = "updates";
  options.log_y = true;
  options.save = scene.context.save_request;
  ImGui::SetCursorScreenPos(box.min);
  draw_plot(scene.theme, "losses", {box.width(), box.height()}, {&series, 1}, {}, options);
}

float draw_size(const NoiseScene& scene, ImVec2 at, float width) {
  const BatchNoise& lesson = scene.noise;
  const float head = section_title(scene.theme, at, width, "Batch size B", "of " + std::to_string(lesson.points().size()) + " samples");
  const ParamSpec& spec = *find_param(lesson.params(), "size");
  double size = lesson.batch_size();
  const std::string text = std::to_string(lesson.batch_size());
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face number = face_of(scene.theme, TextSize::kHeading, Weight::kNumber);
  put_text(list, number, {at, {at.x + width, at.y + number.size}}, {1.0f, 0.0f}, scene.theme.colors.text, text);
  ImGui::SetCursorScreenPos({at.x, at.y + head});
  const auto most = static_cast<double>(lesson.points().size());
  if (slider(scene.theme, "Batch size B", size, 1.0, most, true, width, text, spec.help)) {
    double whole = std::round(size);
    // A key moves the slider by less than one sample: it means the next one.
    if (whole == lesson.batch_size() && !ImGui::IsMouseDown(ImGuiMouseButton_Left)) whole += size > whole ? 1.0 : -1.0;
    whole = std::clamp(whole, 1.0, most);
    if (whole != lesson.batch_size()) scene.context.actions.push_back(Action::set("size", whole));
  }
  return head + control_height(scene.theme) + scene.unit();
}

float draw_column(const NoiseScene& scene, ImVec2 at, float width) {
  const BatchNoise& lesson = scene.noise;
  const std::string a = lesson.weight_name(0), b = lesson.weight_name(1);
  const float gap = 1.5f * scene.unit();
  float y = at.y;
  y += draw_size(scene, {at.x, y}, width);
  y += draw_numbers(scene, "gradients", {at.x, y}, width, "Gradients",
                    {{"all: ∂J/∂" + a, "full", 0, 2}, {"all: ∂J/∂" + b, "full", 1, 2}, {"batch: ∂J/∂" + a, "batch.mean", 0, 1}, {"batch: ∂J/∂" + b, "batch.mean", 1, 1}, {"angle between, in °", "angle", 0}}) +
       gap;
  y += draw_numbers(scene, "spread", {at.x, y}, width, "Spread of the cloud",
                    {{"variance of ∂J/∂" + a, "measured", 0, 0}, {"variance of ∂J/∂" + b, "measured", 3, 0}, {"covariance", "measured", 1, 0}, {"expected variance, " + a, "expected", 0, 4},
                     {"expected variance, " + b, "expected", 3, 4}, {"expected covariance", "expected", 1, 4}}) +
       gap;
  y += draw_numbers(scene, "single", {at.x, y}, width, "Spread of single samples",
                    {{"variance of ∂J/∂" + a, "single", 0, 5}, {"variance of ∂J/∂" + b, "single", 3, 5}, {"covariance", "single", 1, 5}, {"times", "factor", 0}});
  return y - at.y;
}

}  // namespace

void BatchNoise::draw(DrawContext& context) const {
  if (view_ == nullptr) view_ = std::make_shared<BatchNoiseView>();
  const NoiseScene scene{{*this, context, context.theme}, *this, *view_};
  const float unit = context.theme.unit, gap = 2 * unit;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (size.x < 30 * unit || size.y < 10 * unit || !is_ready()) return;
  float y = origin.y;
  y += draw_head(scene, {origin.x, y}, size.x,
                 "Update " + grouped_text(step()) + ". " + std::to_string(kDraws) + " batches of " + std::to_string(batch_size()) + " samples, drawn at these weights " +
                     (replaces() ? "with replacement." : "without replacement.")) +
       unit;
  const bool wide = size.x > 85 * unit;
  const float width = wide ? (size.x - gap) * 0.54f : size.x, right = wide ? size.x - gap - width : size.x;
  const float tall = wide ? std::clamp(size.y - (y - origin.y) - unit, 40 * unit, width) : std::min(width, 60 * unit);
  draw_cloud(scene, {{origin.x, y}, {origin.x + width, y + tall}});
  const ImVec2 second = wide ? ImVec2{origin.x + width + gap, y} : ImVec2{origin.x, y + tall + gap};
  const float column = draw_column(scene, second, right);
  const float below = std::max(wide ? y + tall : 0.0f, second.y + column) + gap, high = 34 * unit;
  draw_variances(scene, {{origin.x, below}, {origin.x + width, below + high}});
  const ImVec2 last = wide ? ImVec2{second.x, below} : ImVec2{origin.x, below + high + gap};
  draw_losses(scene, {last, {last.x + right, last.y + high}});
  ImGui::SetCursorScreenPos({origin.x, last.y + high + unit});
  ImGui::Dummy({1, 1});
}

}  // namespace chainrule
