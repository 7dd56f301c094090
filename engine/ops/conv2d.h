// 2-D convolution, as deep learning uses the word: cross-correlation, the kernel is not flipped.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// y[n,k,p,q] = sum_c sum_r sum_s x[n, c, p·stride + r·dilation − pad, q·stride + s·dilation − pad] · w[k,c,r,s]
/// Shapes: x [N,C,H,W], w [K,C,R,S], y [N,K,P,Q] with P = floor((H + 2·pad − dilation·(R−1) − 1) / stride) + 1, Q alike.
/// Ensures: the sum starts at 0 and runs over c, then r, then s. Where the window reaches into the padding the term is
/// 0 · w, a term like any other.
/// Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 9.6 (cross-correlation), 9.7 and 9.8.
struct Conv2d {
  static constexpr std::string_view kName = "conv2d";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"channel", "row", "column"};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// dx[n,c,h,w] = sum_k sum_r sum_s dy[n,k,p,q] · w[k,c,r,s], where p·stride + r·dilation − pad = h, and q, s, w alike:
/// each input pixel collects from every output window that it lay in. At stride 1 this is the correlation of dy,
/// padded, with the flipped kernel.
/// Shapes: dy [N,K,P,Q], w [K,C,R,S], dx [N,C,H,W] (attribute shape).
/// Ensures: the sum starts at 0 and runs over k, then r, then s; (r, s) that no stride position reaches have no term;
/// positions outside of dy count as 0 · w.
/// Source: as above, equation 9.13.
struct Conv2dInputGrad {
  static constexpr std::string_view kName = "conv2d input gradient";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"map", "row", "column"};
  CHAINRULE_OP_FACES;
};

/// dw[k,c,r,s] = sum_n sum_p sum_q dy[n,k,p,q] · x[n, c, p·stride + r·dilation − pad, q·stride + s·dilation − pad]:
/// the kernel is shared by all positions and samples, so all their gradients add up.
/// Shapes: dy [N,K,P,Q], x [N,C,H,W], dw [K,C,R,S] (attribute shape).
/// Ensures: the sum starts at 0 and runs over n, then p, then q; padding counts as dy · 0.
/// Source: as above, equation 9.11.
struct Conv2dKernelGrad {
  static constexpr std::string_view kName = "conv2d kernel gradient";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"sample", "row", "column"};
  CHAINRULE_OP_FACES;
};

/// "p·2+r−1": how an output position and a kernel offset name an input position, in formulas.
std::string window_position(const OpAttributes& attributes, const char* output, const char* offset);

/// All sizes of one convolution.
struct Conv2dSizes {
  int N, C, H, W;  // input
  int K, R, S;     // kernels
  int P, Q;        // output
  int stride, pad, dilation;
};
/// Requires: x [N,C,H,W] and w [K,C,R,S] with equal C, and a window that fits into the padded input.
Conv2dSizes conv2d_sizes(const OpAttributes& attributes, const Shape& x, const Shape& w);

}  // namespace chainrule
