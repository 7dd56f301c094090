// Filtering a picture with a small kernel, as picture editors and the decks do it: padding of three kinds, true
// convolution or correlation, a divisor, and results that may be written into the picture that is still being read.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// y[n,c,p,q] = (Σ_r Σ_s x[n, c, p·stride + r·dilation − pad, q·stride + s·dilation − pad] · w[r,s]) / divisor + bias
/// With `flip` (true convolution) the kernel is turned by half a turn: w[R−1−r, S−1−s] in place of w[r,s]. With
/// `divided` and `shifted` there are operands to divide by and to add; with `rounded` y = ⌊… + 0.5⌋.
/// Every map is filtered alike. What lies beyond the edge of x is 0, or a pixel of x: see Padding.
///
/// In place, y is the picture itself: window (p,q) belongs to the pixel in its middle (of an even side the left or
/// upper of the two), which gets the result at once; windows are visited in the order of `scan`, so each reads the new
/// values of the pixels before it: x above stands for y there. Pixels in the middle of no window keep their value.
/// Shapes: x [N,C,H,W], w [R,S], then, as there are any, divisor [1], bias [1]; y [N,C,P,Q] as Conv2d's, in place as x.
/// Requires: filter_problem says that it works.
/// Ensures: the sum starts at 0 and runs over r, then s, of the window; padding with zeros counts as 0 · w.
/// Source: Gonzalez, Woods, Digital Image Processing (2018), 3.4 (correlation, convolution, padding); the filter in
/// place is the recursive filter of signal processing.
struct Filter {
  static constexpr std::string_view kName = "filter";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"row", "column", ""};
  CHAINRULE_OP_FACES;
};

/// All sizes of one filtering.
struct FilterSizes {
  int maps, H, W;     // pictures N·C, and theirs
  int R, S;           // kernel
  int P, Q;           // windows
  int rows, columns;  // of y
  int top, left;      // the pixel of y that gets the result of window (0,0)
  int stride, pad, dilation;

  /// Does pixel (h,w) of y get the result of a window?
  bool has_window(int h, int w) const { return h >= top && h < top + P && w >= left && w < left + Q; }
};
/// Requires: filter_problem says that it works.
FilterSizes filter_sizes(const OpAttributes& attributes, const Shape& x, const Shape& w);

/// The pixel of a line of `size` pixels that stands for position `at`, which may lie beyond its ends; −1: a zero.
/// Requires: with kReflect −size < at < 2·size − 1.
constexpr int padded_position(Padding padding, int at, int size) {
  if (at >= 0 && at < size) return at;
  if (padding == Padding::kZero) return -1;
  if (padding == Padding::kReplicate) return at < 0 ? 0 : size - 1;
  return at < 0 ? -at : 2 * (size - 1) - at;
}

/// How early in the scan of a picture [H,W] pixel (h,w) is: smaller is earlier, all differ.
constexpr int scan_rank(Scan scan, int H, int W, int h, int w) {
  switch (scan) {
    case Scan::kRows:
      return h * W + w;
    case Scan::kRowsBackward:
      return -(h * W + w);
    case Scan::kColumns:
      return w * H + h;
    case Scan::kColumnsBackward:
      return -(w * H + h);
  }
  return 0;
}

/// The `i`-th pixel of the scan, row-major: 0 <= i < H·W.
constexpr int scan_pixel(Scan scan, int H, int W, int i) {
  const bool backward = scan == Scan::kRowsBackward || scan == Scan::kColumnsBackward;
  const int at = backward ? H * W - 1 - i : i;
  return scan == Scan::kColumns || scan == Scan::kColumnsBackward ? (at % H) * W + at / H : at;
}

/// Why a combination cannot work, and the nearest that does.
struct FilterProblem {
  std::string why;       // a sentence for a person; empty: it works
  std::string offer;     // what to change, "padding 2, dilation 1"
  OpAttributes nearest;  // with that changed
};
/// Of the combinations of stride, pad (to 18), dilation (to 8) and in_place that work, the nearest is that with the
/// fewest settings changed, then with the smallest changes altogether.
/// Requires: x [N,C,H,W], w [R,S] with sides of at most 7; stride and dilation from 1, pad from 0 on.
/// Ensures: a problem's `nearest` has none.
FilterProblem filter_problem(const OpAttributes& attributes, const Shape& x, const Shape& w);

}  // namespace chainrule
