// "Channels, bias, pooling": several pictures in, several maps out, and what pooling leaves of a map.
#pragma once

#include "web/lessons/kernel/sheet_lesson.h"

namespace chainrule {

class ChannelsPooling final : public SheetLesson {
 public:
  ChannelsPooling();
  std::unique_ptr<Lesson> sibling() const override { return std::make_unique<ChannelsPooling>(); }
  double reading_time() const override { return 1.5; }
  void draw(DrawContext& context) const override;

  int channels() const { return params_.whole("channels"); }
  int maps() const { return params_.whole("maps"); }
  /// The map that is drawn: that of the present number, or the chosen one.
  int map() const;

 protected:
  SheetPlan plan(const ParamValues& params) const override;
  void start(const ParamValues& params, std::uint64_t seed, std::vector<std::vector<float>>& stores) const override;
  std::string source_text(const std::string& tensor) const override;
};

}  // namespace chainrule
