// The drawing of the tape's lessons: the network with its numbers, the number that was just written as an equation, the tape.
#pragma once

#include <string>
#include <vector>

#include "web/app/draw_context.h"
#include "web/lessons/tape/tape_equation.h"

namespace chainrule {

/// A number of the network.
struct TapeNumber {
  TensorId tensor = kNoTensor;
  std::int64_t index = 0;
};

/// What every part needs.
struct TapeScene {
  const TapeLesson& lesson;
  DrawContext& context;
  const Theme& theme;
  TapeDigits digits;
  bool all = false;  // numbers that the tape has not reached are shown, too
  int sample = 0;    // of the batch, whose numbers the network shows: that of the present number
  std::vector<ElementRef> lit;  // operands of the present number, or of the derivation that is open

  const NetModel& model() const { return lesson.model(); }
  float unit() const { return theme.unit; }
  /// The number that was just written; null before the first.
  const TapeEntry* present() const;
  bool is_present(TensorId tensor, std::int64_t index) const;
  bool is_lit(TensorId tensor, std::int64_t index) const;
  bool shows(TensorId tensor, std::int64_t index) const { return all || lesson.is_written(tensor, index); }
  /// Can a person set it?
  bool is_settable(const TapeNumber& number) const;
  /// Is it set from outside, or written down already?
  bool is_known(const TapeNumber& number) const;
  std::string symbol(TensorId tensor, std::int64_t index) const;
  /// To be read out: "out_h1 0.5065".
  std::string words_of(const TapeNumber& number) const;
  void explain(TensorId tensor, std::int64_t index) const;
};

/// Draws one in `box`: lit, present or plain; a dash while the tape has not reached it.
void draw_tape_number(const TapeScene& scene, const TapeNumber& number, const Rect& box, std::string_view prefix, TextSize size);

void draw_tape_network(const TapeScene& scene, const Rect& box);
/// The present number as an equation, in a card; returns its height.
float draw_tape_card(const TapeScene& scene, const Rect& box);
void draw_tape_list(const TapeScene& scene, const Rect& box);
/// All gradients beside their measured slopes; returns its height.
float draw_gradient_check(const TapeScene& scene, const Rect& box);
/// What deck 003's slide says where it differs; returns its height.
float draw_slide_errors(const TapeScene& scene, const Rect& box);
/// Layer by layer as matrices; returns its height.
float draw_tape_matrices(const TapeScene& scene, const Rect& box);
/// Deck 001's algorithm, its present line lit; returns its height.
float draw_tape_algorithm(const TapeScene& scene, const Rect& box);

}  // namespace chainrule
