#include "web/gpu/page.h"

#include <array>
#include <memory>
#include <vector>

#include "web/gpu/gpu.h"

namespace chainrule::gpu {
namespace {

/// Of the page, as its device is.
struct Page {
  Choice choice = Choice::kAutomatic;
  int choices = 0;
  std::vector<std::unique_ptr<Pipelines>> pipelines;  // of each device so far; the last one's are in use
  std::array<std::string, 2> said;                    // by Work
};

Page& page() {
  static Page the_one;
  return the_one;
}

}  // namespace

void choose(Choice choice) {
  Page& p = page();
  p.choice = choice;
  ++p.choices;
  for (std::string& text : p.said) text.clear();
  if (access() == Access::kReady && device().state() != DeviceState::kReady) {
    p.pipelines.push_back(nullptr);  // made when the new device is there
    request_device();
  }
}

Choice choice() { return page().choice; }
int choices() { return page().choices; }

Pipelines* pipelines() {
  Page& p = page();
  if (p.choice == Choice::kCpu) return nullptr;
  if (access() == Access::kNotAsked) request_device();
  if (access() != Access::kReady) return nullptr;
  Device& ready = device();
  if (ready.state() != DeviceState::kReady) return nullptr;
  if (p.pipelines.empty() || p.pipelines.back() == nullptr) {
    if (!p.pipelines.empty()) p.pipelines.pop_back();
    p.pipelines.push_back(std::make_unique<Pipelines>(ready));
  }
  return p.pipelines.back().get();
}

void say(Work work, std::string text) { page().said[static_cast<std::size_t>(work)] = std::move(text); }
const std::string& said(Work work) { return page().said[static_cast<std::size_t>(work)]; }

}  // namespace chainrule::gpu
