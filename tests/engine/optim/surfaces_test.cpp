// The surfaces: values and derivatives against closed forms written out here, and the minima of the literature.
#include "engine/optim/surfaces.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/graph/buffers.h"
#include "engine/math/rng.h"
#include "engine/optim/expression.h"

namespace chainrule {
namespace {

struct Values {
  double f, dx, dy;
};

Values closed_form(SurfaceKind kind, double x, double y) {
  using std::cos, std::exp, std::sin;
  switch (kind) {
    case SurfaceKind::kBowl: return {0.5 * (x * x + 10 * y * y), x, 10 * y};
    case SurfaceKind::kSaddle: return {0.5 * (x * x - y * y), x, -y};
    case SurfaceKind::kRosenbrock: {
      const double d = y - x * x;
      return {(1 - x) * (1 - x) + 100 * d * d, -2 * (1 - x) - 400 * x * d, 200 * d};
    }
    case SurfaceKind::kBeale: {
      const double a = 1.5 - x + x * y, b = 2.25 - x + x * y * y, c = 2.625 - x + x * y * y * y;
      return {a * a + b * b + c * c, 2 * a * (y - 1) + 2 * b * (y * y - 1) + 2 * c * (y * y * y - 1), 2 * a * x + 4 * b * x * y + 6 * c * x * y * y};
    }
    case SurfaceKind::kHimmelblau: {
      const double a = x * x + y - 11, b = x + y * y - 7;
      return {a * a + b * b, 4 * a * x + 2 * b, 2 * a + 4 * b * y};
    }
    case SurfaceKind::kPlateau: {
      const double hill = exp(-(x * x + y * y) / 2);
      return {1 - hill, x * hill, y * hill};
    }
    case SurfaceKind::kLocalMinima: return {(x * x + y * y) / 10 + 2 - cos(2 * x) - cos(2 * y), x / 5 + 2 * sin(2 * x), y / 5 + 2 * sin(2 * y)};
    case SurfaceKind::kOwn: return {x * x / 4 + y * y + sin(3 * x) / 2, x / 2 + 1.5 * cos(3 * x), 2 * y};
  }
  return {};
}

/// The engine's, with the reference kernels in T.
template <class T>
class Surface {
 public:
  explicit Surface(const std::string& formula) {
    Graph graph;
    x_ = graph.parameter("x", Shape{1}, {});
    y_ = graph.parameter("y", Shape{1}, {});
    f_ = append_expression(graph, parse_expression(formula).value(), x_, y_);
    program_ = graph.program();
    append_backward(program_, f_);
    buffers_ = Buffers<T>(program_);
  }
  Values at(double x, double y) {
    buffers_[x_][0] = static_cast<T>(x);
    buffers_[y_][0] = static_cast<T>(y);
    for (const OpCall& call : program_.calls) run_reference(call, buffers_);
    const auto gradient = [&](TensorId of) { return static_cast<double>(buffers_[program_.gradient_of[static_cast<std::size_t>(of)]][0]); };
    return {static_cast<double>(buffers_[f_][0]), gradient(x_), gradient(y_)};
  }

 private:
  Program program_;
  TensorId x_, y_, f_;
  Buffers<T> buffers_;
};

SurfaceKind kind_of(std::size_t number) { return static_cast<SurfaceKind>(number); }

TEST(Surfaces, ValuesAndDerivativesAreThoseOfTheClosedForms) {
  Rng rng(11, "data");
  for (std::size_t number = 0; number < kSurfaceNames.size(); ++number) {
    SCOPED_TRACE(kSurfaceNames[number]);
    const SurfaceView& view = surface_view(kind_of(number));
    Surface<double> surface(surface_formula(kind_of(number)));
    for (int i = 0; i < 200; ++i) {
      const double x = static_cast<double>(view.x_low + (view.x_high - view.x_low) * rng.uniform());
      const double y = static_cast<double>(view.y_low + (view.y_high - view.y_low) * rng.uniform());
      const Values wanted = closed_form(kind_of(number), x, y), got = surface.at(x, y);
      EXPECT_NEAR(got.f, wanted.f, 1e-11 * std::max(1.0, std::abs(wanted.f)));
      EXPECT_NEAR(got.dx, wanted.dx, 1e-10 * std::max(1.0, std::abs(wanted.dx)));
      EXPECT_NEAR(got.dy, wanted.dy, 1e-10 * std::max(1.0, std::abs(wanted.dy)));
      constexpr double h = 1e-5;
      const double slope = (surface.at(x + h, y).f - surface.at(x - h, y).f) / (2 * h);
      EXPECT_NEAR(got.dx, slope, 1e-5 * std::max(1.0, std::abs(got.dx)));
    }
  }
}

TEST(Surfaces, MinimaAreWhereLiteratureHasThem) {
  for (std::size_t number = 0; number < kSurfaceNames.size(); ++number) {
    Surface<double> surface(surface_formula(kind_of(number)));
    for (const Point2& minimum : surface_minima(kind_of(number))) {
      SCOPED_TRACE(kSurfaceNames[number]);
      const double x = static_cast<double>(minimum.x), y = static_cast<double>(minimum.y);
      const Values at = surface.at(x, y);
      EXPECT_NEAR(at.f, 0.0, 1e-9);
      EXPECT_NEAR(std::hypot(at.dx, at.dy), 0.0, 1e-4);  // with x and y given to six decimals, and a curvature up to 100
      for (const auto& [by_x, by_y] : {std::pair{0.01, 0.0}, std::pair{-0.01, 0.0}, std::pair{0.0, 0.01}, std::pair{0.0, -0.01}})
        EXPECT_GT(surface.at(x + by_x, y + by_y).f, at.f + 1e-6);
    }
  }
  EXPECT_EQ(surface_minima(SurfaceKind::kHimmelblau).size(), 4u);
}

// The Hessian of a turned bowl has the eigenvalues 1 and κ, whatever the angle: trace 1 + κ, determinant κ.
TEST(Surfaces, ATurnedBowlKeepsItsEigenvalues) {
  for (const float rotation : {0.0f, 10.0f, 30.0f, 45.0f, 90.0f, 120.0f})
    for (const float condition : {1.0f, 10.0f, 100.0f}) {
      const auto q = quadratic_of(parse_expression(surface_formula(SurfaceKind::kBowl, {condition, rotation})).value());
      ASSERT_TRUE(q);
      const double k = static_cast<double>(condition);
      EXPECT_NEAR(q->xx + q->yy, 1 + k, 2e-4 * k) << rotation;
      EXPECT_NEAR(q->xx * q->yy - q->xy * q->xy, k, 2e-3 * k * k) << rotation;
    }
  EXPECT_EQ(surface_formula(SurfaceKind::kBowl, {10.0f, 0.0f}), "(x^2 + 10*y^2)/2");
}

}  // namespace
}  // namespace chainrule
