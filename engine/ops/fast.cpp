#include "engine/ops/fast.h"

#include <array>

namespace chainrule {
namespace {

/// A call over rows `begin` .. `end` − 1 of each operand that has as many rows as the output; one-element operands are
/// shared.
void run_rows(OpKind kind, const OpAttributes& attributes, const Operands<float>& o, bool elements, std::ptrdiff_t rows,
              std::ptrdiff_t begin, std::ptrdiff_t end) {
  std::array<Shape, 16> in_shapes;
  std::array<Shape, 2> out_shapes;
  std::array<const float*, 16> in{};
  std::array<float*, 2> out{};
  const auto part_of = [&](const Shape& whole, Shape& part) {
    const auto row = static_cast<std::ptrdiff_t>(whole.size()) / rows;  // 0: one element for all
    part = Shape{row == 0 ? 1 : static_cast<int>(end - begin)};
    for (int axis = 1; axis < whole.rank() && !elements; ++axis) part.append(whole[axis]);
    return row * begin;
  };
  for (std::size_t i = 0; i < o.in.size(); ++i) in[i] = o.in[i] + part_of(o.in_shapes[i], in_shapes[i]);
  for (std::size_t i = 0; i < o.out.size(); ++i) out[i] = o.out[i] + part_of(o.out_shapes[i], out_shapes[i]);
  op_info(kind).run_float(attributes,
                          {std::span(in_shapes).first(o.in.size()), std::span(out_shapes).first(o.out.size()),
                           std::span(in).first(o.in.size()), std::span(out).first(o.out.size())});
}

template <OpKind kind, bool elements>
void run_split(const OpAttributes& attributes, const Operands<float>& o, const Workspace& workspace) {
  const Shape& y = o.out_shapes[0];
  const auto size = static_cast<std::ptrdiff_t>(y.size());
  const std::ptrdiff_t rows = elements || y.rank() == 0 ? size : y[0];
  // A row is mostly exponentials.
  const Grain grain = elements ? Grain{kNumbersWorthAPart, 16} : grain_of_numbers(16 * o.in_shapes[0].size() / rows);
  if (workspace.threads == 1 || (rows <= grain.least && !workspace.always))
    return op_info(kind).run_float(attributes, o);
  workspace.split(rows, grain, [&](std::ptrdiff_t begin, std::ptrdiff_t end, int) {
    run_rows(kind, attributes, o, elements, rows, begin, end);
  });
}

#define ELEMENTS(Type) constexpr FastKernel kSplit##Type{no_scratch, run_split<OpKind::k##Type, true>};
#define ROWS(Type) constexpr FastKernel kSplit##Type{no_scratch, run_split<OpKind::k##Type, false>};
#include "engine/ops/split.def"
#undef ROWS
#undef ELEMENTS

}  // namespace

const FastKernel* fast_kernel(OpKind kind) {
  switch (kind) {
#define FAST(Type)      \
  case OpKind::k##Type: \
    return &kFast##Type;
#include "engine/ops/fast.def"
#undef FAST
#define ELEMENTS(Type)  \
  case OpKind::k##Type: \
    return &kSplit##Type;
#define ROWS(Type) ELEMENTS(Type)
#include "engine/ops/split.def"
#undef ROWS
#undef ELEMENTS
    default:
      return nullptr;
  }
}

}  // namespace chainrule
