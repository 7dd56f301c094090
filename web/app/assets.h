// Assets: which files of the site a lesson's word for data means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/lesson_kit/lesson.h"

namespace chainrule {

struct AssetFiles {
  std::vector<std::string> addresses;  // relative to the page; empty: there is no such asset
  bool loaded_at_start = false;        // boot.js put them into the file system, unpacked
  std::string label;                   // for people: "60,000 + 10,000 digits"
};

AssetFiles files_of_asset(std::string_view name);
/// The files of an asset that is loaded at the start; empty when one is missing.
std::vector<Blob> read_loaded_asset(const AssetFiles& files);

}  // namespace chainrule
