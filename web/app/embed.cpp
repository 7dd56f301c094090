#include "web/app/embed.h"

#include <algorithm>

#include "web/text/tr.h"

namespace chainrule {

Embed::Embed(std::string_view embed, std::string_view hide) : on_(embed == "1") {
  while (!hide.empty()) {
    const std::size_t comma = hide.find(',');
    if (const std::string_view name = hide.substr(0, comma); !name.empty()) hidden_.emplace(name);
    hide = comma == hide.npos ? std::string_view() : hide.substr(comma + 1);
  }
}

Status Embed::check(const Lesson& lesson) const {
  for (const std::string& name : hidden_) {
    if (std::ranges::find(kControls, name) != std::end(kControls) || find_param(lesson.params(), name) != nullptr) continue;
    std::string known;
    for (const std::string_view control : kControls) known += std::string(control) + ", ";
    for (const ParamSpec& spec : lesson.params()) known += spec.name + ", ";
    known.resize(known.size() - 2);
    return Error{tr("The address hides \"{0}\", which is no control here; there are {1}.", name.substr(0, 40), known)};
  }
  return Done{};
}

}  // namespace chainrule
