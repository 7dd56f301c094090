// Every op and its gradient against PyTorch's float64 values (tests/golden/ops.bin), in float and in double.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "tests/engine/support/golden.h"
#include "tests/engine/support/gradient_check.h"

namespace chainrule::test {
namespace {

// Relative to the tensor's norm; an op that did nothing, or something else, is off by about 1.
constexpr double kFloatTolerance = 1e-5, kDoubleTolerance = 1e-9;

std::string prefix_of(int number) { return std::to_string(number) + "/"; }

OpKind kind_of(const std::string& name) {
  for (std::size_t i = 0; i < op_count(); ++i)
    if (op_info(static_cast<OpKind>(i)).name == name) return static_cast<OpKind>(i);
  CHECK(false, "no op is called ", name);
  return OpKind::kAdd;
}

OpAttributes attributes_of(const std::map<std::string, std::string>& settings) {
  OpAttributes attributes;
  for (const auto& [key, value] : settings) {
    if (key == "stride") attributes.stride = std::stoi(value);
    else if (key == "pad") attributes.pad = std::stoi(value);
    else if (key == "dilation") attributes.dilation = std::stoi(value);
    else if (key == "window") attributes.window = std::stoi(value);
    else if (key == "window_stride") attributes.window_stride = std::stoi(value);
    else if (key == "transpose_a") attributes.transpose_a = value == "1";
    else if (key == "transpose_b") attributes.transpose_b = value == "1";
    else if (key == "form") attributes.form = value == "mean" ? SquaredErrorForm::kMean : SquaredErrorForm::kHalfSum;
    else if (key == "shape") {
      std::istringstream sizes(value);
      for (std::string size; std::getline(sizes, size, ',');) attributes.shape.append(std::stoi(size));
    } else if (key == "smaller") {
      attributes.smaller = value == "1";
    } else if (key == "function") {
      for (std::size_t i = 0; i < kFunctionNames.size(); ++i)
        if (kFunctionNames[i] == value) attributes.function = static_cast<Function>(i);
    } else if (key == "activation") {
      std::string name = value;
      std::ranges::replace(name, '_', ' ');
      for (std::size_t i = 0; i < kActivationNames.size(); ++i)
        if (kActivationNames[i] == name) attributes.activation = static_cast<Activation>(i);
    } else CHECK(false, "attribute ", key);
  }
  return attributes;
}

struct Worst {
  double error = 0.0;
  std::string where;
  void take(double other, const std::string& name) {
    if (other > error) error = other, where = name;
  }
};

template <class T>
class GoldenCase {
 public:
  GoldenCase(const GoldenFile& file, const std::string& prefix) : file_(file), prefix_(prefix) {
    std::vector<Shape> shapes;
    std::vector<int> differentiable;
    for (int i = 0; file.has(prefix + "in" + std::to_string(i)); ++i) {
      shapes.push_back(record("in", i).shape);
      if (file.has(prefix + "grad" + std::to_string(i))) differentiable.push_back(i);
    }
    single_ = single_op_program(kind_of(file[prefix + "op"].text), attributes_of(file.settings(prefix + "attributes")), shapes,
                                differentiable);
    buffers_ = Buffers<T>(single_.program);
    for (std::size_t i = 0; i < shapes.size(); ++i) set(single_.inputs[i], record("in", static_cast<int>(i)));
    set(single_.upstream, file[prefix + "upstream"]);
    run_all(single_.program, buffers_);
  }

  void compare(Worst& outputs, Worst& gradients, double tolerance) {
    const std::string name = prefix_ + file_[prefix_ + "op"].text + " " + file_[prefix_ + "attributes"].text;
    const auto& call = single_.program.calls[0];
    for (std::size_t slot = 0; slot < call.outputs.size(); ++slot) {
      const GoldenRecord& wanted = record("out", static_cast<int>(slot));
      EXPECT_EQ(call.out_shapes[slot], wanted.shape) << name;
      outputs.take(check(call.outputs[slot], wanted, name + " output " + std::to_string(slot), tolerance), name);
    }
    for (std::size_t slot = 0; slot < single_.inputs.size(); ++slot)
      if (file_.has(prefix_ + "grad" + std::to_string(slot)))
        gradients.take(check(single_.gradients[slot], record("grad", static_cast<int>(slot)),
                             name + " gradient " + std::to_string(slot), tolerance), name);
  }

 private:
  const GoldenRecord& record(const char* what, int i) const { return file_[prefix_ + what + std::to_string(i)]; }
  void set(TensorId id, const GoldenRecord& record) {
    const auto buffer = buffers_[id];
    ASSERT_EQ(buffer.size(), record.numbers.size());
    for (std::size_t i = 0; i < buffer.size(); ++i) buffer[i] = static_cast<T>(record.numbers[i]);
  }
  double check(TensorId id, const GoldenRecord& wanted, const std::string& name, double tolerance) {
    const double error = relative_error<T>(std::as_const(buffers_)[id], wanted.numbers);
    EXPECT_LE(error, tolerance) << name;
    return error;
  }

  const GoldenFile& file_;
  std::string prefix_;
  SingleOpProgram single_;
  Buffers<T> buffers_;
};

template <class T>
void compare_all(double tolerance) {
  const GoldenFile file("ops.bin");
  EXPECT_NE(file.made_by().find("make_goldens.py"), std::string::npos);
  Worst outputs, gradients;
  int cases = 0;
  for (; file.has(prefix_of(cases) + "op"); ++cases)
    GoldenCase<T>(file, prefix_of(cases)).compare(outputs, gradients, tolerance);
  EXPECT_GT(cases, 50);
  std::printf("%d cases; largest error of outputs %.3g (%s), of gradients %.3g (%s)\n", cases, outputs.error,
              outputs.where.c_str(), gradients.error, gradients.where.c_str());
}

TEST(OpGolden, Float) { compare_all<float>(kFloatTolerance); }
TEST(OpGolden, Double) { compare_all<double>(kDoubleTolerance); }

TEST(OpGolden, EveryOpWithABackwardAndEveryActivationHasACase) {
  const GoldenFile file("ops.bin");
  std::set<std::string> covered;
  for (int i = 0; file.has(prefix_of(i) + "op"); ++i) {
    covered.insert(file[prefix_of(i) + "op"].text);
    const auto settings = file.settings(prefix_of(i) + "attributes");
    if (settings.contains("function")) covered.insert("f " + settings.at("function"));
    if (settings.contains("activation")) covered.insert("f " + settings.at("activation"));
  }
  for (std::size_t i = 0; i < op_count(); ++i) {
    const OpInfo& info = op_info(static_cast<OpKind>(i));
    EXPECT_TRUE(info.backward == nullptr || covered.contains(std::string(info.name))) << info.name << " has no golden case";
  }
  for (const std::string_view function : kFunctionNames) EXPECT_TRUE(covered.contains("f " + std::string(function))) << function;
  for (const std::string_view activation : kActivationNames) {
    std::string name = "f " + std::string(activation);
    std::ranges::replace(name.begin() + 2, name.end(), ' ', '_');
    EXPECT_TRUE(covered.contains(name)) << activation << " has no golden case";
  }
}

// The reader turns down what is not a golden file.
TEST(GoldenReader, BrokenFiles) {
  std::map<std::string, GoldenRecord> records;
  std::string made_by;
  const std::string head("CRGOLD\0\1", 8);
  EXPECT_FALSE(parse_golden("", records, made_by));
  EXPECT_FALSE(parse_golden("CRGOLX", records, made_by));
  EXPECT_FALSE(parse_golden(std::string("CRGOLD\0\2\0\0\0\0\0\0\0\0", 16), records, made_by)) << "version 2";
  EXPECT_TRUE(parse_golden(head + std::string(8, '\0'), records, made_by)) << "no records";
  EXPECT_FALSE(parse_golden(head + std::string(8, '\0') + "x", records, made_by)) << "something behind";
  EXPECT_FALSE(parse_golden(head + std::string("\1\0\0\0\0\0\0\0", 8), records, made_by)) << "a record is missing";
}

}  // namespace
}  // namespace chainrule::test
