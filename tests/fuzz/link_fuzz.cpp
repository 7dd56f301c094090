// Any text is a link: what is wrong with it is told in sentences, what it sets is allowed, and what was understood
// makes a link that reads back the same, without notes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/check.h"
#include "web/lesson_kit/link.h"

namespace {

using chainrule::Link;
using chainrule::ParamSpec;
using chainrule::ParamType;

std::vector<ParamSpec> make_specs() {
  std::vector<ParamSpec> specs(4);
  const char* names[] = {"rate", "count", "mode", "grid"};
  const ParamType types[] = {ParamType::kReal, ParamType::kInteger, ParamType::kChoice, ParamType::kSwitch};
  for (std::size_t i = 0; i < specs.size(); ++i) {
    specs[i].name = specs[i].label = names[i];
    specs[i].type = types[i];
  }
  specs[0].minimum = 0.001;
  specs[0].initial = 0.1;
  specs[1].minimum = -3;
  specs[1].maximum = 9;
  specs[2].choices = {"plain", "double & half"};
  return specs;
}

const std::vector<ParamSpec> kSpecs = make_specs();

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Link link = chainrule::parse_link(text, kSpecs);
  CHECK(link.slug == chainrule::link_slug(text), link.slug);
  for (const std::string& note : link.notes) {
    CHECK(note.size() > 20 && note.size() < 300 && note.back() == '.', "not a sentence: ", note);
    CHECK(std::ranges::all_of(note, [](char c) { return c >= 0x20 && c < 0x7f; }), "does not print: ", note);
  }
  for (const chainrule::ParamValue& param : link.params) {
    const ParamSpec* spec = chainrule::find_param(kSpecs, param.name);
    CHECK(spec != nullptr && chainrule::clamp_param(*spec, param.value) == param.value, param.name, " = ", param.value);
  }
  const std::string canonical = chainrule::link_text(link, kSpecs);
  const Link again = chainrule::parse_link(canonical, kSpecs);
  CHECK(again.notes.empty(), canonical, ": ", again.notes[0]);
  CHECK(again.slug == link.slug && again.seed == link.seed && again.step == link.step, canonical);
  CHECK(chainrule::link_text(again, kSpecs) == canonical, canonical, " becomes ", chainrule::link_text(again, kSpecs));
  return 0;
}
