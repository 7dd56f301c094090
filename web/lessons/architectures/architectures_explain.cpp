// What the numbers of "Architectures" are called and where each comes from, and what the slides say instead.
#include <algorithm>

#include "web/lesson_kit/program_explain.h"
#include "web/lessons/architectures/architectures.h"

namespace chainrule {
namespace {

constexpr std::string_view kTrained = "trained/";

using enum KnownArchitecture;

constexpr SlideNote kNotes[] = {
    {kLenet, 2, "7/3 px",
     "\"Each pixel in layer 3 corresponds to 7/3 of a pixel in the input.\" 28/12 = 7/3 compares sizes. A step in layer 3's input is a jump of 2 "
     "pixels, one of its pixels sees 6×6, and a unit of conv2 sees 14×14, not 5 · 7/3."},
    {kAlexnetSlide, 0, "55",
     "224 pixels, windows of 11 and stride 4 do not give 55: (224 − 11) / 4 + 1 = 54.25. With 227 pixels it is 55; with padding 2 it is ⌊55.25⌋."},
    {kAlexnetSlide, 2, "55×55×96",
     "55×55×96 is what conv1 hands to pool1, the slide's blank cell. After pool1 it is 27×27×96."},
    {kAlexnetSlide, 2, "no padding",
     "Row 5 wants 13×13×256. From 27 pixels 5×5 leads to 27 only with padding 2, and pool2 then to 13."},
    {kAlexnetSlide, 6, "not \"padded\"",
     "Rows 5 and 6 are marked as padded, row 7 is not. Unpadded 13×13 becomes 11×11×256 = 30,976 numbers, not the 43,264 of row 8."},
    {kAlexnetSlide, 6, "≈ 52 px",
     "A unit of layer 7 sees 163×163 pixels, 73 % of the side. 52 is 3 · 224/13, kernel times ratio of sizes; what was seen before adds up. And 52 of 224 is a "
     "quarter of the side, a twentieth of the picture."},
    {kAlexnetSlide, 7, "43,264",
     "43,264 = 13 · 13 · 256: the pool after conv5 is missing. With it 6 · 6 · 256 = 9,216 numbers come in, and fc6 has 37.75 million parameters, "
     "not 177.2; the whole network 62.4 million, not 201.8."},
    {kAlexnetSlide, -1, "80 %, 96 %",
     "\"The 80 % mark\" is of top-5 answers: AlexNet's top-5 error was 15.3 %. The human 96 % is commonly given as 94.9 %, one annotator's top-5."},
    {kLenet5, 0, "std 1",
     "Decks 000 and 001 scale pixels to −0.1 and 1.175 for mean 0 and standard deviation 1. Two values 1.275 apart have at most 0.6375; with mean 0, "
     "which takes 7.84 % ink, it is 0.343."},
};

std::string leaf_text(const Program& program, TensorId id) {
  const TensorInfo& info = program.info(id);
  if (info.kind == TensorKind::kConstant) return info.name == "one" ? "1: a pixel sees itself, and the next one is 1 pixel on" : "0";
  return info.name.starts_with("unit.") ? "the unit that was chosen" : "set in the table";
}

}  // namespace

std::span<const SlideNote> slide_notes() { return kNotes; }

const UnitProbe* Architectures::effective() const {
  if (!params_.on("effective") || !wanted_asset().empty() || !is_known() || known() != kLenet) return nullptr;
  const Unit u = *unit();
  if (effective_ == nullptr || effective_layer_ != 2 * u.layer + params_.whole("before-activation")) {
    const Result<std::vector<float>> weights = parameters_of({}, *library_->weights(DigitModel::kLenet));
    if (!weights.ok()) return nullptr;
    const UnitLayer& layer = unit_layers(DigitModel::kLenet)[static_cast<std::size_t>(u.layer)];
    effective_ = std::make_unique<UnitProbe>(DigitModelOptions{}, params_.on("before-activation") ? layer.net : layer.values, weights.value());
    effective_layer_ = 2 * u.layer + params_.whole("before-activation");
    effective_for_.clear();
  }
  std::vector<double> now = {params_["row"], params_["column"], params_["map"], params_["digit"]};
  if (now == effective_for_) return effective_.get();
  const ImageSet& images = library_->digits(DigitData::kSubset)->test;
  const int digit = std::min(params_.whole("digit"), images.count - 1);
  std::vector<float> pixels;
  for (const std::uint8_t byte : image_view(images, digit)) pixels.push_back(static_cast<float>(byte) / 255.0f);
  digit_name_ = "test digit " + std::to_string(digit);
  effective_->run(pixels, unit_index(effective_->program().info(effective_->values()).shape, params_.whole("map"), u.row, u.column));
  effective_for_ = std::move(now);
  return effective_.get();
}

Result<Architectures::Found> Architectures::find(std::string_view name) const {
  Found found;
  found.trained = name.starts_with(kTrained);
  if (!found.trained) {
    found = {&architecture_->program(), &architecture_->buffers(), architecture_->program().find(name), false};
  } else if (const UnitProbe* field = effective()) {
    found = {&field->program(), &field->buffers(), field->program().find(name.substr(kTrained.size())), true};
  }
  if (found.id == kNoTensor) return Error{"There is no tensor \"" + std::string(name) + "\" in this table; tensors() lists them all."};
  return found;
}

std::vector<TensorSummary> Architectures::tensors() const {
  std::vector<TensorSummary> list;
  for (const TensorInfo& info : architecture_->program().tensors)
    if (info.kind != TensorKind::kConstant) list.push_back({info.name, info.shape, std::string(kind_name(info.kind))});
  if (const UnitProbe* field = effective()) append_tensors(list, *field, kTrained);
  return list;
}

Result<TensorValues> Architectures::tensor(std::string_view name) const {
  const Result<Found> found = find(name);
  if (!found.ok()) return found.error();
  const Found& f = found.value();
  return TensorValues{f.program->info(f.id).shape, (*f.buffers)[f.id], step_};
}

Result<Explanation> Architectures::explain(const ElementRef& element) const {
  const Result<Found> result = find(element.tensor);
  if (!result.ok()) return result.error();
  const Found& found = result.value();
  const TensorInfo& info = found.program->info(found.id);
  if (const Status status = check_element(element, info.shape, step_); !status.ok()) return Error{status.error_message()};
  Explanation explanation = explain_element(*found.program, *found.buffers, found.id, element, [&](TensorId read, std::int64_t index) {
    return ElementRef{(found.trained ? std::string(kTrained) : "") + found.program->info(read).name, index, step_};
  });
  if (info.producer < 0)
    explanation.formula = found.trained ? probe_leaf_text(*effective_, element, found.id, "weight of the LeNet that was trained before", digit_name_)
                                        : leaf_text(*found.program, found.id);
  return explanation;
}

}  // namespace chainrule
