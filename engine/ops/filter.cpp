#include "engine/ops/filter.h"

#include <algorithm>
#include <cstdlib>

#include "engine/ops/conv2d.h"

namespace chainrule {
namespace {

constexpr int kMostPad = 18, kMostDilation = 8;

std::string sides(int rows, int columns) { return std::to_string(rows) + "×" + std::to_string(columns); }

/// Positions that a window of `side` pixels spans beyond its first.
int reach(const OpAttributes& attributes, int side) { return attributes.dilation * (side - 1); }

std::string why_not(const OpAttributes& a, const Shape& x, const Shape& w) {
  const int H = x[2], W = x[3], reach_h = reach(a, w[0]), reach_w = reach(a, w[1]);
  if (a.padding == Padding::kReflect && (a.pad >= H || a.pad >= W))
    return "Mirrored padding must be narrower than the picture: " + std::to_string(a.pad) +
           " pixels beside a picture of " + sides(H, W) + " are too many.";
  if (reach_h >= H + 2 * a.pad || reach_w >= W + 2 * a.pad)
    return "The window of " + sides(reach_h + 1, reach_w + 1) + " does not fit into the picture, which has " +
           sides(H + 2 * a.pad, W + 2 * a.pad) + " pixels with its padding.";
  if (a.in_place && a.stride != 1)
    return "In place every pixel gets its new value, so the window moves by 1 pixel, not by " +
           std::to_string(a.stride) + ".";
  if (a.in_place && (a.pad > reach_h / 2 || a.pad > reach_w / 2))
    return "In place a window belongs to the pixel in its middle: with a padding of " + std::to_string(a.pad) +
           " the window of " + sides(reach_h + 1, reach_w + 1) + " would have its middle outside of the picture.";
  return "";
}

/// How far one combination is from another: settings that differ count most, then by how much.
int distance(const OpAttributes& a, const OpAttributes& b) {
  const int differ =
      (a.pad != b.pad) + (a.dilation != b.dilation) + (a.stride != b.stride) + (a.in_place != b.in_place);
  return 1000 * differ + std::abs(a.pad - b.pad) + 2 * std::abs(a.dilation - b.dilation) +
         std::abs(a.stride - b.stride) + 10 * (a.in_place != b.in_place);
}

OpAttributes nearest_that_works(const OpAttributes& wanted, const Shape& x, const Shape& w) {
  OpAttributes best, tried = wanted;
  int best_distance = 1 << 30;
  for (const int stride : {wanted.stride, 1})
    for (const bool in_place : {wanted.in_place, false})
      for (int dilation = 1; dilation <= kMostDilation; ++dilation)
        for (int pad = 0; pad <= kMostPad; ++pad) {
          tried.stride = stride, tried.in_place = in_place, tried.dilation = dilation, tried.pad = pad;
          const int far = distance(tried, wanted);
          if (far < best_distance && why_not(tried, x, w).empty()) best = tried, best_distance = far;
        }
  CHECK(best_distance < 1 << 30, "no filter of ", w.text(), " for ", x.text());
  return best;
}

std::string changes(const OpAttributes& from, const OpAttributes& to) {
  std::string text;
  const auto add = [&](bool differs, const std::string& what) {
    if (differs) text += (text.empty() ? "" : ", ") + what;
  };
  add(from.stride != to.stride, "stride " + std::to_string(to.stride));
  add(from.pad != to.pad, "padding " + std::to_string(to.pad));
  add(from.dilation != to.dilation, "dilation " + std::to_string(to.dilation));
  add(from.in_place != to.in_place, "not in place");
  return text;
}

}  // namespace

FilterProblem filter_problem(const OpAttributes& attributes, const Shape& x, const Shape& w) {
  CHECK(x.rank() == 4 && w.rank() == 2, "filter of ", x.text(), " with a kernel ", w.text());
  CHECK(attributes.stride >= 1 && attributes.pad >= 0 && attributes.dilation >= 1, "stride ", attributes.stride,
        ", pad ", attributes.pad, ", dilation ", attributes.dilation);
  FilterProblem problem{why_not(attributes, x, w), "", attributes};
  if (problem.why.empty()) return problem;
  problem.nearest = nearest_that_works(attributes, x, w);
  problem.offer = changes(attributes, problem.nearest);
  return problem;
}

FilterSizes filter_sizes(const OpAttributes& a, const Shape& x, const Shape& w) {
  CHECK(x.rank() == 4 && w.rank() == 2, "filter of ", x.text(), " with a kernel ", w.text());
  const std::string why = why_not(a, x, w);
  CHECK(why.empty(), why);
  FilterSizes d{};
  d.maps = x[0] * x[1], d.H = x[2], d.W = x[3], d.R = w[0], d.S = w[1];
  d.stride = a.stride, d.pad = a.pad, d.dilation = a.dilation;
  d.P = (d.H + 2 * d.pad - reach(a, d.R) - 1) / d.stride + 1;
  d.Q = (d.W + 2 * d.pad - reach(a, d.S) - 1) / d.stride + 1;
  d.rows = a.in_place ? d.H : d.P, d.columns = a.in_place ? d.W : d.Q;
  d.top = a.in_place ? reach(a, d.R) / 2 - d.pad : 0, d.left = a.in_place ? reach(a, d.S) / 2 - d.pad : 0;
  return d;
}

std::vector<Shape> Filter::infer(const OpAttributes& attributes, std::span<const Shape> in) {
  const std::size_t wanted = 2u + (attributes.divided ? 1u : 0u) + (attributes.shifted ? 1u : 0u);
  CHECK(in.size() == wanted, in.size(), " operands of a filter, not ", wanted);
  for (const Shape& scalar : in.subspan(2)) CHECK((scalar == Shape{1}), "a divisor or bias of ", scalar.text());
  const FilterSizes d = filter_sizes(attributes, in[0], in[1]);
  return {Shape{in[0][0], in[0][1], d.rows, d.columns}};
}

std::string Filter::formula(const OpAttributes& a, int) {
  // In place y has the picture's coordinates; the formula names the window by its corner all the same.
  std::string text = "Σ_r Σ_s x[n,c," + window_position(a, "p", "r") + "," + window_position(a, "q", "s") + "] · " +
                     (a.flip ? "w[R−1−r,S−1−s]" : "w[r,s]");
  if (a.divided) text = "(" + text + ") / divisor";
  if (a.shifted) text += " + bias";
  if (a.rounded) text = "⌊" + text + " + 0.5⌋";
  return "y[n,c,p,q] = " + text;
}

}  // namespace chainrule
