// Plot export: the menu in a plot's corner that gives the picture as PNG or SVG and the numbers as CSV.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/lesson_kit/lesson.h"
#include "web/widgets/sketch.h"

namespace chainrule {

struct PlotExport {
  std::optional<Blob>* save = nullptr;      // DrawContext::save_request; null: no menu
  std::string_view name;                    // of the plot, for people; files are named after it
  std::function<std::string()> svg, csv;    // the whole files, when they are asked for
  bool zoomed = false;                      // then the menu leads back
};

/// A button whose right upper corner is at `corner`, target_size wide. True when people want to see all again.
bool draw_plot_menu(const Theme& theme, const char* id, ImVec2 corner, const PlotExport& data);

/// "Loss on the digits" to "loss-on-the-digits".
std::string file_stem(std::string_view name);

/// Rows of a CSV file. Source: RFC 4180.
class CsvText {
 public:
  void row(const std::vector<std::string>& cells);
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace chainrule
