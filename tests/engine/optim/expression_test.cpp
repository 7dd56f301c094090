// Formulas: what is read, what is refused and where, and that values and derivatives are those of the formula.
#include "engine/optim/expression.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

#include "engine/graph/buffers.h"
#include "engine/math/rng.h"

namespace chainrule {
namespace {

/// f, and its derivatives where it has any, at a point, with the reference kernels in double.
struct Values {
  double f = 0.0, dx = 0.0, dy = 0.0;
};

struct Built {
  Program program;
  TensorId x, y, f;
};

Built build(const Expression& expression) {
  Graph graph;
  const TensorId x = graph.parameter("x", Shape{1}, {}), y = graph.parameter("y", Shape{1}, {});
  const TensorId f = append_expression(graph, expression, x, y);
  Built built{graph.program(), x, y, f};
  append_backward(built.program, f);
  return built;
}

Values evaluate(const std::string& text, double x, double y) {
  const Result<Expression> read = parse_expression(text);
  EXPECT_TRUE(read.ok()) << text << ": " << (read.ok() ? "" : read.error_message());
  const Built built = build(read.value());
  Buffers<double> buffers(built.program);
  buffers[built.x][0] = x;
  buffers[built.y][0] = y;
  for (const OpCall& call : built.program.calls) run_reference(call, buffers);
  const auto gradient = [&](TensorId of) {
    const TensorId id = built.program.gradient_of[static_cast<std::size_t>(of)];
    return id == kNoTensor ? 0.0 : buffers[id][0];
  };
  return {buffers[built.f][0], gradient(built.x), gradient(built.y)};
}

TEST(Expression, ReadsAsMathematicsDoes) {
  const double x = 0.7, y = -1.3;
  const std::pair<const char*, double> cases[] = {
      {"x", x},
      {"  x + y ", x + y},
      {"x - y - 2", x - y - 2},
      {"x/y/2", x / y / 2},
      {"2 + 3*x", 2 + 3 * x},
      {"-x^2", -(x * x)},
      {"2^-1", 0.5},
      {"2^3^2", 512},
      {"(x + y)*(x - y)", (x + y) * (x - y)},
      {"x*-y", -x * y},
      {"--x", x},
      {"+x", x},
      {"1.5e1*x + .5", 15 * x + 0.5},
      {"sin(pi/2) + cos(0)", 2},
      {"tan(x)", std::tan(x)},
      {"exp(x) + log(x) + ln(e)", std::exp(x) + std::log(x) + 1},
      {"sqrt(x) + abs(y)", std::sqrt(x) - y},
      {"tanh(x*y)", std::tanh(x * y)},
      {"min(x, y) + 10*max(x, y)", y + 10 * x},
      {"pow(x, 3)", x * x * x},
      {"x² · y³ − π", x * x * y * y * y - 3.14159265},
      {"x**2", x * x},
  };
  for (const auto& [text, wanted] : cases) EXPECT_NEAR(evaluate(text, x, y).f, wanted, 1e-6 * std::max(1.0, std::abs(wanted))) << text;
}

TEST(Expression, DerivativesAgreeWithCentralDifferences) {
  const char* formulas[] = {"x*y",     "x/y",       "x^2*y^3",   "x^y",         "exp(-x*y)", "log(x + y)", "sqrt(x*y)", "abs(x - 2*y)", "sin(x)*cos(y)",
                            "tan(x*y)", "tanh(x-y)", "min(x, y^2)", "max(x*y, y)", "pow(x, -y)", "x",          "3",         "y^2",          "(x - y)^2 + (x - y)^2"};
  for (const char* text : formulas)
    for (const auto& [x, y] : {std::pair{0.7, 1.1}, std::pair{1.3, 0.4}}) {
      SCOPED_TRACE(text);
      constexpr double h = 1e-5;
      const Values at = evaluate(text, x, y);
      EXPECT_NEAR(at.dx, (evaluate(text, x + h, y).f - evaluate(text, x - h, y).f) / (2 * h), 1e-7 * std::max(1.0, std::abs(at.dx)));
      EXPECT_NEAR(at.dy, (evaluate(text, x, y + h).f - evaluate(text, x, y - h).f) / (2 * h), 1e-7 * std::max(1.0, std::abs(at.dy)));
    }
}

TEST(Expression, OutsideOfItsDomainAFormulaIsNotFiniteAndNothingBreaks) {
  EXPECT_TRUE(std::isinf(evaluate("1/x", 0, 0).f));
  EXPECT_TRUE(std::isnan(evaluate("log(x)", -1, 0).f));
  EXPECT_TRUE(std::isnan(evaluate("max(1, log(x))", -1, 0).f)) << "a hole stays one";
  EXPECT_TRUE(std::isnan(evaluate("min(log(x), 1)", -1, 0).f));
  EXPECT_TRUE(std::isnan(evaluate("x^0.5", -1, 0).f));
  EXPECT_TRUE(std::isinf(evaluate("exp(exp(x))", 9, 0).f));
  EXPECT_EQ(evaluate("x^2", 0, 0).dx, 0.0);
  EXPECT_EQ(evaluate("x^0", 0, 0).dx, 0.0);
  EXPECT_EQ(evaluate("abs(x)", 0, 0).dx, 0.0);
}

TEST(Expression, ErrorsNameTheColumnWhatStandsThereAndWhatWouldDo) {
  const std::tuple<std::string, std::size_t, const char*> cases[] = {
      {"", 0, "The formula is empty; x^2 + 3*y^2 would do."},
      {"   ", 0, "The formula is empty; x^2 + 3*y^2 would do."},
      {"x +", 4, "Column 4: the formula ends here; a number, x, y, a function or \"(\" would do."},
      {"x + * y", 5, "Column 5: \"*\" stands here; a number, x, y, a function or \"(\" would do."},
      {"2x", 2, "Column 2: \"x\" stands here; an operator (+ - * / ^) or the end would do."},
      {"2e + x)", 2, "Column 2: \"e\" stands here; an operator (+ - * / ^) or the end would do."},
      {"(x + y", 7, "Column 7: the formula ends here; an operator or \")\" would do."},
      {"x + y)", 6, "Column 6: \")\" stands here; an operator (+ - * / ^) or the end would do."},
      {"0,5*x", 2, "Column 2: \",\" stands here; a point, as in 0.5, would do."},
      {"foo(x)", 1, "Column 1: \"foo\" stands here; x, y, pi, e or one of sin cos tan exp log sqrt abs tanh pow min max would do."},
      {"sin x", 5, "Column 5: \"x\" stands here; \"(\" after sin would do."},
      {"min(x)", 6, "Column 6: \")\" stands here; \",\" and the second number of min would do."},
      {"sin(x, y)", 6, "Column 6: \",\" stands here; \")\" after the last number of sin would do."},
      {"x² + ÷", 6, "Column 6: \"÷\" stands here; a number, x, y, a function or \"(\" would do."},
      {"x\a", 2, "Column 2: a character that does not print stands here; an operator (+ - * / ^) or the end would do."},
      {".", 1, "Column 1: \".\" stands here; a number, as in 0.5, would do."},
      {"x + 1e99", 5, "Column 5: this number is too large; up to 3.4e38 would do."},
      {std::string(30, '(') + "x", 25, "Column 25: the formula is nested more than 24 deep here."},
      {std::string(150, '-') + "x", 25, "Column 25: the formula is nested more than 24 deep here."},
      {std::string(201, 'x'), 0, "The formula has 201 characters; up to 200 are read."},
  };
  for (const auto& [text, column, sentence] : cases) {
    std::size_t at = 99;
    const Result<Expression> read = parse_expression(text, &at);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error_message(), sentence);
    EXPECT_EQ(at, column) << text;
  }
}

TEST(Expression, EqualStepsAreOneAndTextReadsBackTheSame) {
  const Expression twice = parse_expression("(x - y)^2 + (x - y)^2").value();
  EXPECT_EQ(twice.steps.size(), 6u) << "x, y, x - y, 2, the square, the sum";
  for (const char* text : {"x - (y - 2)", "(-x)^2", "-x^2", "2^(-1)", "(x^y)^2", "x/(y*2)", "min(x, -y)*-x", "1e-7*x", "(x + y)*(x - y)/sin(x)"}) {
    const Expression read = parse_expression(text).value();
    const Result<Expression> again = parse_expression(read.text());
    ASSERT_TRUE(again.ok()) << read.text();
    EXPECT_EQ(again.value().steps, read.steps) << text << " became " << read.text();
  }
  EXPECT_EQ(parse_expression("(1 - x)^2 + 100*(y - x^2)^2").value().text(), "(1 − x)^2 + 100·(y − x^2)^2");
}

TEST(Expression, QuadraticsAreSeen) {
  const auto of = [](const char* text) { return quadratic_of(parse_expression(text).value()); };
  const auto bowl = of("(x^2 + 10*y^2)/2");
  ASSERT_TRUE(bowl);
  EXPECT_EQ(bowl->xx, 1.0);
  EXPECT_EQ(bowl->xy, 0.0);
  EXPECT_EQ(bowl->yy, 10.0);
  // (x + 2y − 3)² = x² + 4xy + 4y² − 6x − 12y + 9
  const auto square = of("(x + 2*y - 3)^2");
  ASSERT_TRUE(square);
  EXPECT_EQ(square->xx, 2.0);
  EXPECT_EQ(square->xy, 4.0);
  EXPECT_EQ(square->yy, 8.0);
  EXPECT_EQ(square->gx, -6.0);
  EXPECT_EQ(square->gy, -12.0);
  EXPECT_EQ(square->c, 9.0);
  EXPECT_TRUE(of("x*y/sqrt(4) - cos(0)"));
  for (const char* text : {"x^3", "x^2*y", "1/x", "sin(x)", "abs(x)", "x^y", "x/0", "2^x"}) EXPECT_FALSE(of(text)) << text;
}

// Any text: a sentence, or a formula whose program can be built and run.
TEST(Expression, RandomTextsNeverCrash) {
  constexpr std::string_view kPieces[] = {"x", "y", "+", "-", "*", "/", "^", "(", ")", ",", " ", "2", "0.5", "1e9", "sin(", "log(", "min(", "pow(", "e", "pi", "²", "÷", "\xC3", "\xFF", "abs"};
  Rng rng(3, "data");
  int read = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::uint32_t piece = 1 + rng.below(12); piece-- > 0;) text += kPieces[rng.below(std::size(kPieces))];
    std::size_t column = 0;
    const Result<Expression> result = parse_expression(text, &column);
    if (!result.ok()) {
      EXPECT_TRUE(result.error_message().ends_with('.')) << result.error_message();
      EXPECT_LE(column, text.size() + 1);
      continue;
    }
    ++read;
    const Built built = build(result.value());
    Buffers<float> buffers(built.program);
    buffers[built.x][0] = rng.normal();
    for (const OpCall& call : built.program.calls) run_reference(call, buffers);
    const Result<Expression> again = parse_expression(result.value().text());
    ASSERT_TRUE(again.ok()) << text << " became " << result.value().text();
  }
  EXPECT_GT(read, 300);
}

}  // namespace
}  // namespace chainrule
