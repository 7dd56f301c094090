#include "web/widgets/plot_export.h"

#include <array>
#include <cctype>
#include <memory>

#include "web/widgets/controls.h"

namespace chainrule {

std::string file_stem(std::string_view name) {
  std::string stem;
  for (const char c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (plain) stem += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!stem.empty() && stem.back() != '-') stem += '-';
  }
  while (!stem.empty() && stem.back() == '-') stem.pop_back();
  return stem.empty() ? "plot" : stem;
}

bool draw_plot_menu(const Theme& theme, const char* id, ImVec2 corner, const PlotExport& data) {
  if (data.save == nullptr) return false;
  constexpr std::array<const char*, 3> kKinds{".png", ".svg", ".csv"};
  const std::array<MenuRow, 4> rows{{{"Save picture as PNG"}, {"Save picture as SVG"}, {"Save numbers as CSV"}, {"Show all again", data.zoomed}}};
  ImGui::SetCursorScreenPos({corner.x - target_size(theme), corner.y});
  const std::string label = "Save " + std::string(data.name) + "###menu of " + id;
  const std::optional<int> row = menu(theme, label.c_str(), Icon::kMore, rows);
  if (!row) return false;
  if (*row == 3) return true;
  // A PNG is made from the SVG, by the page (web/host.js).
  const std::string text = *row == 2 ? data.csv() : data.svg();
  *data.save = Blob{file_stem(data.name) + kKinds[static_cast<std::size_t>(*row)],
                    std::make_shared<const std::vector<std::uint8_t>>(text.begin(), text.end())};
  return false;
}

void CsvText::row(const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) text_ += ',';
    if (cells[i].find_first_of(",\"\r\n") == std::string::npos) {
      text_ += cells[i];
      continue;
    }
    text_ += '"';
    for (const char c : cells[i]) {
      if (c == '"') text_ += '"';
      text_ += c;
    }
    text_ += '"';
  }
  text_ += "\r\n";
}

}  // namespace chainrule
