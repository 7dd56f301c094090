// What an op is: a pure function of tensors, with the faces that ops.def demands of each.
//
// Every op type in ops.def is a struct of static members:
//   kName        what people and the API call it
//   kTermAxes    names of the loop indices that its recorder marks (sample, channel, row, ...)
//   infer        output shapes from input shapes; CHECKs that the inputs fit, naming both shapes
//   run          the reference kernel: template <class T, class R> over element type and recorder (in <file>_ref.inl)
//   backward     appends the op calls that compute the gradients of its inputs; gradient and update ops have none
//   formula      the symbolic rule of output `o`, with the operands' names
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor/shape.h"
#include "engine/trace/tape.h"

namespace chainrule {

/// One enumerator a line of ops.def: kMatMul, kBias, ...
enum class OpKind : std::uint8_t {
#define OP(Type, file) k##Type,
#include "engine/ops/ops.def"
#undef OP
};

/// One enumerator a line of activations.def: kIdentity, kBinaryStep, ...
enum class Activation : std::uint8_t {
#define ACTIVATION(Type, name) k##Type,
#include "engine/ops/activations.def"
#undef ACTIVATION
};

/// By Activation, as people call them.
inline constexpr std::array kActivationNames = {
#define ACTIVATION(Type, name) std::string_view(name),
#include "engine/ops/activations.def"
#undef ACTIVATION
};

/// One enumerator a line of functions.def: kExp, kLog, ...
enum class Function : std::uint8_t {
#define FUNCTION(Type, name) k##Type,
#include "engine/ops/functions.def"
#undef FUNCTION
};

/// By Function, as people write them.
inline constexpr std::array kFunctionNames = {
#define FUNCTION(Type, name) std::string_view(name),
#include "engine/ops/functions.def"
#undef FUNCTION
};

/// The two factors in use before the sum of squares.
enum class SquaredErrorForm : std::uint8_t {
  kHalfSum,  // 1/2 sum over outputs, as in the decks
  kMean,     // mean over outputs
};

/// What lies beyond the edge of a picture that is filtered.
enum class Padding : std::uint8_t {
  kZero,
  kReflect,    // the picture mirrored in the middle of its first pixel, which is not repeated: c b | a b c
  kReplicate,  // its outermost pixel: a a | a b c
};

/// The order in which filtering in place goes from pixel to pixel.
enum class Scan : std::uint8_t { kRows, kRowsBackward, kColumns, kColumnsBackward };

/// Which rule of LayerArithmetic; the formulas are in its contract.
enum class LayerRule : std::uint8_t { kOutput, kPairs, kWeights, kMacs, kLinks, kField, kJump, kStart, kFirst, kLast, kTotal };

/// The constants of an op call, fixed when the program is built. Each op reads only its own.
struct OpAttributes {
  int stride = 1;                                        // Conv2d, Filter
  int pad = 0;                                           // Conv2d: zeros on each side; Filter: pixels on each side
  int dilation = 1;                                      // Conv2d, Filter
  Padding padding = Padding::kZero;                      // Filter
  bool flip = false;                                     // Filter: true convolution
  bool in_place = false;                                 // Filter: new pixels are written into the picture that is read
  Scan scan = Scan::kRows;                               // Filter, in place
  bool divided = false;                                  // Filter: there is an operand to divide by
  bool shifted = false;                                  // Filter: there is an operand to add
  bool rounded = false;                                  // Filter: to whole numbers, half up
  int window = 2;                                        // pools: side of the window
  int window_stride = 2;                                 // pools
  bool transpose_a = false;                              // MatMul
  bool transpose_b = false;                              // MatMul
  Activation activation = Activation::kIdentity;         // Activate
  float slope = 0.01f;                                   // LeakyRelu: slope left of zero
  Function function = Function::kExp;                    // Elementary
  bool smaller = false;                                  // Extreme: min instead of max
  bool second = false;                                   // ExtremeGrad: of b
  SquaredErrorForm form = SquaredErrorForm::kHalfSum;    // SquaredError
  int begin = 0;                                         // Slice: first channel
  LayerRule rule = LayerRule::kTotal;                    // LayerArithmetic
  int divisor = 1;                                       // Spread
  Shape shape;                                           // Reshape, Slice, Spread, gradients: the output's shape
  bool operator==(const OpAttributes&) const = default;
};

/// The buffers of one op call. Slots number inputs first, then outputs.
template <class T>
struct Operands {
  std::span<const Shape> in_shapes;
  std::span<const Shape> out_shapes;
  std::span<const T* const> in;
  std::span<T* const> out;
};

using TensorId = std::int32_t;
inline constexpr TensorId kNoTensor = -1;

/// What `backward` sees of its forward call, and where it puts the gradient calls.
class BackwardBuilder {
 public:
  virtual ~BackwardBuilder() = default;
  virtual const OpAttributes& attributes() const = 0;
  virtual TensorId input(int slot) const = 0;
  virtual TensorId output(int slot) const = 0;
  virtual const Shape& shape(TensorId tensor) const = 0;
  /// dL/d output: kNoTensor where nothing depends on that output.
  virtual TensorId gradient_of_output(int slot) const = 0;
  /// Does the program want dL/d input?
  virtual bool needs_gradient(int slot) const = 0;
  /// Appends a call that computes one tensor, a contribution to dL/d input `slot`.
  virtual void emit(int slot, OpKind kind, const OpAttributes& attributes, std::vector<TensorId> inputs,
                    std::string formula = "") = 0;
  /// dL/d input `slot` is `gradient` itself (the op passes it on unchanged).
  virtual void pass(int slot, TensorId gradient) = 0;
};

/// The faces that every op type declares alike.
#define CHAINRULE_OP_FACES                                                                           \
  static std::vector<Shape> infer(const OpAttributes& attributes, std::span<const Shape> in);        \
  template <class T, class R>                                                                        \
  static void run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder);         \
  static std::string formula(const OpAttributes& attributes, int output)

/// One row of the table of ops.
struct OpInfo {
  std::string_view name;
  std::array<std::string_view, Mark::kAxes> term_axes;
  std::vector<Shape> (*infer)(const OpAttributes&, std::span<const Shape> in);
  void (*run_float)(const OpAttributes&, const Operands<float>&);
  void (*run_double)(const OpAttributes&, const Operands<double>&);
  Tape (*trace)(const OpAttributes&, const Operands<float>&, int output, std::int64_t index);
  void (*backward)(BackwardBuilder&);  // null: gradients of gradients are not built
  std::string (*formula)(const OpAttributes&, int output);
};

/// The row of `kind`.
const OpInfo& op_info(OpKind kind);
/// Lines of ops.def; OpKind runs from 0 to one less.
std::size_t op_count();

}  // namespace chainrule
