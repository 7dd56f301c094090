// The drawing of "LeNet learns to read": what it needs, as plain data with spans, and one function that draws it.
//
// The lesson fills a LenetMnistView each frame: pointers into what the engine holds, nothing is copied or computed here.
// No stage, tensor or layer is named in the drawing: the same code shows a LeNet, an MLP and a softmax regression.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/confusion.h"
#include "engine/tensor/shape.h"
#include "web/lesson_kit/lesson.h"
#include "web/lessons/sight.h"
#include "web/widgets/gallery_item.h"

namespace chainrule {

struct DrawContext;

/// A tensor and the name that a click asks to have explained. Empty data: there is none (yet), and its place stays calm.
struct NamedTensor {
  std::string_view name;
  Shape shape;
  std::span<const float> data;
  bool present() const { return !data.empty(); }
};

/// One station of the chosen digit's way through the network, in order, the input first.
struct StageView {
  enum class Kind : std::uint8_t {
    kImage,          // the input, [1,C,H,W]: ink on paper, grey
    kMaps,           // feature maps, [1,K,P,Q]: signed colours
    kUnits,          // a dense layer, [1,units]
    kScores,         // logits, [1,classes]
    kProbabilities,  // [1,classes]; bars from 0 to 1
  };
  Kind kind = Kind::kMaps;
  std::string_view title;    // "conv1"
  std::string_view caption;  // what it does: "convolution 5×5, 20 kernels", "max pool 2×2", "dense, ReLU"
  NamedTensor values;
  NamedTensor weights, bias;    // of the layer that made it; absent for pools
  std::int64_t parameters = 0;  // learned numbers of that layer
};

/// The learned numbers of one layer and what the last step did to them; [K,C,R,S] is drawn as kernels, [out,in] as a matrix.
struct LayerView {
  std::string_view title;
  NamedTensor value;     // what the next step will use
  NamedTensor gradient;  // of the step just made
  NamedTensor update;    // value after − before; absent: the choice "update" is not offered
};

/// Points of a curve; x empty: 0, 1, 2, ... NaN in y breaks the line.
struct CurveView {
  std::span<const float> x, y;
  std::span<const float> low, high;  // ends of error bars; empty: none
};

enum class DigitSource : std::uint8_t { kTest, kBatch, kDrawn };

/// What people look at; not part of the model. The lesson keeps it (mutable), the drawing changes it.
struct LenetMnistViewState {
  enum class Panel : std::uint8_t { kCurves, kKernels, kStage, kMistakes, kDraw, kData };
  enum class KernelFace : std::uint8_t { kValue, kGradient, kUpdate };
  Panel panel = Panel::kCurves;
  KernelFace face = KernelFace::kValue;
  int layer = 0;               // of LenetMnistView::layers, in the panel Kernels
  int kernel = 0;              // selected kernel of that layer
  bool log_loss = false;
  bool confusion_full = false;  // show the full test set's confusion matrix rather than the fixed digits'
  int confusion_truth = -1, confusion_predicted = -1;  // chosen cell: the gallery shows these alone; -1: all
  int stage = 1;               // station of the network in the panel Close-up
  int map = 0;                 // selected map of that stage
  std::string hovered;         // the tensor whose unit the pointer is on, and which of its elements
  std::int64_t hovered_index = 0;
  int gallery_first = 0;       // first digit of the gallery's page
  bool drawing = false;        // a stroke is under way
  float last_x = 0.0f, last_y = 0.0f;
};

/// Names of the commands that the drawing sends (Action::command(name, number, data)).
namespace digit_command {
inline constexpr const char* kTest = "digit-test";    // number: which test digit flows through the network
inline constexpr const char* kBatch = "digit-batch";  // number: which sample of the mini-batch
inline constexpr const char* kDrawn = "digit-drawn";  // the drawing
/// Ink: data = x0, y0, x1, y1, ... in 0..1; number 1: a new stroke begins at the first point, 0: the stroke goes on.
inline constexpr const char* kStroke = "stroke";
inline constexpr const char* kClear = "clear-drawing";
/// Counts the full test set now, in the background, rather than at the end of the epoch.
inline constexpr const char* kFullTest = "full-test";
/// The effective field of a unit after its activation (number 0) or of its weighted sum (1).
inline constexpr const char* kFieldBefore = "field-before";
}  // namespace digit_command

/// Params that the drawing sets (Action::set(name, value)); choices by their number.
namespace digit_param {
inline constexpr const char* kData = "data";    // 0: the digits of the page, 1: all of MNIST, 2: the person's own
inline constexpr const char* kStart = "start";  // 0: new weights, 1: trained ones
}  // namespace digit_param

/// A unit under the microscope.
struct FieldView;

struct LenetMnistView {
  LenetMnistViewState* state = nullptr;

  // Where training is.
  std::int64_t step = 0;  // complete steps; what ElementRef::step of all clicks will be
  std::int64_t images_seen = 0;
  double epoch = 0.0;  // images_seen / training digits
  int batch_size = 0;
  std::string_view network_name;    // "LeNet of deck 002"
  std::int64_t parameter_count = 0;
  std::string_view divergence;      // sentence, or empty

  // Data.
  int train_count = 0, test_count = 0;
  bool full_mnist = false;            // all 70,000 are there
  bool trained_weights = false;       // the weights in use came with the page
  std::string_view data_name;         // "MNIST, 6,000 + 1,000 digits"
  bool approximate = false;           // a GPU made the weights before this step
  std::string_view data_status;       // sentence on what was loaded or is missing
  std::string_view data_error;        // sentence, or empty

  // The chosen digit on its way. `digit_version` changes whenever any of its numbers did.
  std::uint64_t digit_version = 0;
  DigitSource source = DigitSource::kTest;
  int digit_index = 0;          // test digit or sample of the batch
  int digit_label = -1;         // truth; -1 for a drawing
  std::span<const StageView> stages;
  NamedTensor digit_loss;       // one number; absent for a drawing

  /// Which pixels a unit of a station can see: of element `index` of the tensor that a station shows.
  std::function<std::optional<Sight>(std::string_view tensor, std::int64_t index)> sight;
  const FieldView* field = nullptr;  // of the unit whose derivation is open; null: none is
  std::string_view field_title;      // "conv2, map 7, row 3, column 4"
  std::function<Blob()> network;     // the weights as they are, for "Inside a trained LeNet"

  // The last mini-batch, for choosing a sample.
  NamedTensor batch_images;              // [N,1,28,28]
  std::span<const float> batch_labels;   // [N]
  NamedTensor batch_loss;                // the mean, one number
  std::uint64_t batch_version = 0;

  // Learned numbers. `weights_version` changes with every update.
  std::uint64_t weights_version = 0;
  std::span<const LayerView> layers;

  // History; x is the number of images seen.
  CurveView train_loss;           // of each mini-batch (thinned for long runs)
  CurveView train_loss_smooth;
  CurveView train_accuracy;       // running
  CurveView test_accuracy;        // on the fixed test digits, with a 95 % interval
  CurveView full_test_accuracy;   // on the whole test set, after epochs
  int fixed_test_count = 1000;
  float deck_accuracy = 0.9938f;  // reference mark; 0: none
  std::string_view deck_label = "deck 002: 99.38 % after 75 epochs";

  // Mistakes.
  const ConfusionMatrix* confusion = nullptr;       // of the fixed test digits
  const ConfusionMatrix* confusion_full = nullptr;  // of the whole test set
  std::int64_t confusion_step = 0, confusion_full_step = 0;
  float full_test_progress = -1.0f;  // of the count under way, 0 to 1; negative: none
  std::span<const MistakeView> mistakes;            // on the fixed test digits, surest first
  std::uint64_t mistakes_version = 0;

  // Drawing.
  std::span<const float> drawing;        // ink 0..1, [drawing_side, drawing_side]
  int drawing_side = 280;
  std::uint64_t drawing_version = 0;
  std::span<const float> drawing_input;  // 28×28 as the network gets it, 0..1
  bool drawing_empty = true;
};

/// Draws the lesson's canvas; clicks on numbers go to context.explain_request, all else to context.actions.
/// Requires: view.state is not null.
void draw_lenet_mnist(const LenetMnistView& view, DrawContext& context);

}  // namespace chainrule
