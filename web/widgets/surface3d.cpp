#include "web/widgets/surface3d.h"

#include <algorithm>
#include <cmath>

#include "web/widgets/controls.h"
#include "web/widgets/plot_export.h"
#include "web/widgets/surface_parts.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr float kDegreesPerPixel = 0.45f, kDegreesPerKey = 5.0f;
constexpr float kTremble = 4.0f;  // pixels that a pressing hand may move

std::string coordinate(double value) { return value_text(static_cast<float>(value), 4); }

/// What people do at a surface. Requires: called next after press_area. True: it is seen from elsewhere now.
bool turn_by_person(const Press& press, SurfaceCamera& camera) {
  const SurfaceCamera before = camera;
  const ImGuiIO& io = ImGui::GetIO();
  camera.zoom_by(static_cast<float>(1.0 / zoom_by_person(press, press.hovered)));
  for (std::string key : press.twin.keys) {
    const float degrees = key.starts_with("Ctrl+") ? 3 * kDegreesPerKey : kDegreesPerKey;
    if (key.starts_with("Ctrl+")) key = key.substr(5);
    camera.turn_by(degrees * static_cast<float>((key == "ArrowLeft") - (key == "ArrowRight")), degrees * static_cast<float>((key == "ArrowUp") - (key == "ArrowDown")));
    if (key == "Home") camera = {};
  }
  if (press.held) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);  // a finger that turns it does not scroll the page
    if (ImGui::IsMouseDragging(ImGuiMouseButton_Left, kTremble)) camera.turn_by(-kDegreesPerPixel * io.MouseDelta.x, kDegreesPerPixel * io.MouseDelta.y);
  }
  if (press.hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) camera = {};
  const bool turned = !(camera == before);
  if (turned && press.twin.focused)
    say_place("seen from " + std::to_string(static_cast<int>(std::lround(camera.tilt))) + "° above, turned by " + std::to_string(static_cast<int>(std::lround(camera.turn))) + "°");
  return turned;
}

std::optional<ContourHit::PathPoint> path_near(const SurfacePainter& painter, ImVec2 mouse, float reach) {
  std::optional<ContourHit::PathPoint> best;
  for (std::size_t p = 0; p < painter.scene.paths.size(); ++p) {
    const SurfacePath& path = painter.scene.paths[p];
    const std::size_t count = std::min({path.x.size(), path.y.size(), path.height.size()});
    for (std::size_t i = 0; i < count; ++i) {
      const std::optional<ImVec2> at = painter.path_point(path, i);
      if (!at || std::hypot(at->x - mouse.x, at->y - mouse.y) >= reach) continue;
      reach = std::hypot(at->x - mouse.x, at->y - mouse.y);
      best = {static_cast<int>(p), static_cast<int>(i)};
    }
  }
  return best;
}

void tell(const SurfacePainter& painter, PlanePoint place, std::optional<ContourHit::PathPoint> point) {
  const SurfaceOptions& options = painter.options;
  std::string detail;
  const std::optional<float> ground = grid_value(painter.scene.grid, place);
  double value = ground ? static_cast<double>(*ground) : std::nan("");
  if (point) {
    const SurfacePath& path = painter.scene.paths[static_cast<std::size_t>(point->path)];
    const auto i = static_cast<std::size_t>(point->point);
    place = {static_cast<double>(path.x[i]), static_cast<double>(path.y[i])};
    value = static_cast<double>(path.height[i]);
    detail = (path.label.empty() ? "" : std::string(path.label) + ", ") + "point " + std::to_string(i) + "\n";
  }
  const std::string title = std::isfinite(value) ? std::string(options.value_label) + " " + value_text(static_cast<float>(value), 6) : "not a number here";
  value_tip(painter.theme, title, detail + std::string(options.x_label) + "  " + coordinate(place.x) + "\n" + std::string(options.y_label) + "  " + coordinate(place.y));
}

std::string grid_csv(const SurfaceScene& scene, const SurfaceOptions& options) {
  CsvText csv;
  csv.row({std::string(options.x_label), std::string(options.y_label), std::string(options.value_label)});
  for (int j = 0; j < scene.grid.ny; ++j)
    for (int i = 0; i < scene.grid.nx; ++i) {
      const PlanePoint p = scene.grid.place(i, j);
      csv.row({std::to_string(p.x), std::to_string(p.y), std::to_string(scene.grid.at(i, j))});
    }
  return csv.take();
}

}  // namespace

SurfaceHit draw_surface(DrawContext& context, const char* id, ImVec2 size, const SurfaceScene& scene, const SurfaceOptions& options,
                        SurfaceState& state) {
  const Theme& theme = context.theme;
  SurfaceHit hit;
  if (size.x < 120.0f || size.y < 90.0f) return hit;
  const float u = theme.unit;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const Rect box{origin, {origin.x + size.x, origin.y + size.y}};
  const Face heading = face_of(theme, TextSize::kBody, Weight::kStrong), caption = face_of(theme, size.x > 75 * u && size.y > 50 * u ? TextSize::kBody : TextSize::kCaption);
  const bool menu = size.x > 25 * u;
  const float top = origin.y + std::max(heading.size, menu ? target_size(theme) - u : 0.0f) + 0.25f * u;
  const Rect whole{{origin.x, top}, box.max};
  const Rect area{{origin.x + 5.5f * u, top + u}, {box.max.x - 4 * u, box.max.y - 3 * u}};

  const SurfaceLevels levels = surface_levels(scene, options);
  state.mesh.range = scene.grid.range;
  state.mesh.fill(scene.grid, levels.scale);
  ImGui::PushID(id);
  const std::string name(options.title.empty() ? std::string_view(id) : options.title);
  const Press press = press_area(theme, "surface", whole, {.role = TwinRole::kDrawing, .name = name,
                                  .help = std::string(options.help) + (options.help.empty() ? "" : " ") + "Arrow keys turn it, Page up and down zoom, Home leads back."});
  const bool turned = turn_by_person(press, state.camera);
  const SurfaceProjection projection(state.mesh.range, state.camera, area);
  state.mesh.sort(projection.eye());
  ScreenSketch sketch(*ImGui::GetWindowDrawList());
  const SurfacePainter painter{sketch, theme, scene, options, state.mesh, levels, projection, caption};
  sketch.push_clip(whole);
  painter.draw();
  sketch.pop_clip();
  sketch.text(heading, {origin, {box.max.x - (menu ? 5.5f * u : 0.0f), origin.y + heading.size}}, {0.0f, 0.0f}, theme.colors.text, options.title);

  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (press.hovered && !turned && whole.contains(mouse) && !ImGui::IsMouseDragging(ImGuiMouseButton_Left, kTremble)) {
    const auto near = path_near(painter, mouse, (theme.touch ? 2.75f : 1.2f) * u);
    hit.pointed = projection.pick(state.mesh, mouse);
    if (press.pressed && !press.by_keyboard) hit.clicked_path = near;
    if (hit.pointed || near) tell(painter, hit.pointed.value_or(PlanePoint{}), near);
  }
  if (menu) {
    const PlotExport files{.save = context.save_request, .name = name, .svg = [&] {
                             SvgSketch file(theme, box);
                             SurfacePainter{file, theme, scene, options, state.mesh, levels, projection, caption}.draw();
                             return file.take();
                           },
                           .csv = [&] { return grid_csv(scene, options); },
                           .zoomed = !(state.camera == SurfaceCamera{})};
    if (draw_plot_menu(theme, id, {box.max.x, origin.y - 0.5f * u}, files)) state.camera = {};
  }
  ImGui::PopID();
  ImGui::SetCursorScreenPos({origin.x, box.max.y});
  return hit;
}

}  // namespace chainrule
