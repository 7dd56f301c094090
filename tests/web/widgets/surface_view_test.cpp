// The camera of a surface: what is nearer, what is hidden, what is under the pointer.
#include "web/widgets/surface_view.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace chainrule {
namespace {

constexpr PlaneRange kRange{-2.0, 2.0, -1.0, 3.0};
constexpr Rect kArea{{0.0f, 0.0f}, {800.0f, 600.0f}};

/// A ridge along x at y = 1, 0 elsewhere.
struct Ridge {
  std::vector<float> values;
  SurfaceMesh mesh;
  explicit Ridge(float height = 1.0f) {
    constexpr int kSide = 33;
    for (int j = 0; j < kSide; ++j)
      for (int i = 0; i < kSide; ++i) values.push_back(std::abs(j - 16) < 2 ? height : 0.0f);
    mesh.fill({.range = kRange, .nx = kSide, .ny = kSide, .values = values, .version = 1}, {0.0, 1.0, false});
  }
};

TEST(SurfaceView, TheWholeBoxLiesInTheArea) {
  for (const float turn : {-35.0f, 0.0f, 77.0f, 180.0f})
    for (const float tilt : {5.0f, 38.0f, 89.0f}) {
      const SurfaceProjection projection(kRange, {turn, tilt, 1.0f}, kArea);
      for (const double x : {-2.0, 2.0})
        for (const double y : {-1.0, 3.0})
          for (const float share : {0.0f, 1.0f}) {
            const ImVec2 at = projection.at(projection.model({x, y}, share));
            EXPECT_GE(at.x, -0.5f);
            EXPECT_LE(at.x, 800.5f);
            EXPECT_GE(at.y, -0.5f);
            EXPECT_LE(at.y, 600.5f);
          }
    }
}

TEST(SurfaceView, WithoutATurnXLeadsRightAndHeightLeadsUp) {
  const SurfaceProjection projection(kRange, {0.0f, 30.0f, 1.0f}, kArea);
  const auto at = [&](double x, double y, float share) { return projection.at(projection.model({x, y}, share)); };
  EXPECT_GT(at(1, 1, 0).x, at(-1, 1, 0).x);
  EXPECT_LT(at(0, 1, 1).y, at(0, 1, 0).y);
  EXPECT_LT(at(0, 2, 0).y, at(0, 0, 0).y) << "what is further away is higher on the screen";
}

TEST(SurfaceView, WhatLiesBehindARidgeIsHidden) {
  const Ridge ridge;
  const SurfaceProjection projection(kRange, {0.0f, 20.0f, 1.0f}, kArea);
  EXPECT_TRUE(projection.hidden(ridge.mesh, {0.0, 1.6}, 0.0f));
  EXPECT_FALSE(projection.hidden(ridge.mesh, {0.0, 0.2}, 0.0f));
  EXPECT_FALSE(projection.hidden(ridge.mesh, {0.0, 1.6}, 1.0f)) << "high above it";
  const SurfaceProjection above(kRange, {0.0f, 89.0f, 1.0f}, kArea);
  EXPECT_FALSE(above.hidden(ridge.mesh, {0.0, 1.6}, 0.0f));
}

TEST(SurfaceView, ThePlaceUnderThePointerIsTheOneDrawnThere) {
  Ridge ridge(0.0f);
  for (const float turn : {-35.0f, 100.0f}) {
    const SurfaceProjection projection(kRange, {turn, 40.0f, 1.0f}, kArea);
    ridge.mesh.sort(projection.eye());
    for (const PlanePoint p : {PlanePoint{0.3, 0.4}, PlanePoint{-1.9, 2.7}, PlanePoint{1.2, -0.8}}) {
      const auto picked = projection.pick(ridge.mesh, projection.at(projection.model(p, 0.0f)));
      ASSERT_TRUE(picked);
      EXPECT_NEAR(picked->x, p.x, 0.03);
      EXPECT_NEAR(picked->y, p.y, 0.03);
    }
    EXPECT_FALSE(projection.pick(ridge.mesh, {-100.0f, -100.0f}));
  }
}

TEST(SurfaceView, CellsComeFromFarToNear) {
  Ridge ridge;
  const SurfaceProjection projection(kRange, {0.0f, 30.0f, 1.0f}, kArea);
  ridge.mesh.sort(projection.eye());
  ASSERT_EQ(ridge.mesh.order.size(), 32u * 32u);
  EXPECT_GE(ridge.mesh.order.front() / 32, 31) << "the last row is the furthest";
  EXPECT_EQ(ridge.mesh.order.back() / 32, 0);
}

TEST(SurfaceView, HolesStayHolesAndHeightsStayInTheirScale) {
  const HeightScale plain{-1.0, 3.0, false}, logarithmic{0.0, 1000.0, true};
  EXPECT_EQ(plain.share(1.0), 0.5f);
  EXPECT_EQ(plain.share(99.0), 1.0f);
  EXPECT_TRUE(std::isnan(plain.share(std::nan(""))));
  EXPECT_TRUE(std::isnan(plain.share(INFINITY)));
  EXPECT_EQ(logarithmic.share(0.0), 0.0f);
  EXPECT_NEAR(logarithmic.share(1000.0), 1.0f, 1e-6f);
  EXPECT_GT(logarithmic.share(1.0), 0.09f) << "a thousandth of the height is seen";
  std::vector<float> values(9, 1.0f);
  values[4] = std::nanf("");
  SurfaceMesh mesh;
  mesh.fill({.range = kRange, .nx = 3, .ny = 3, .values = values, .version = 1}, plain);
  EXPECT_TRUE(std::isnan(mesh.share_at({0.1, 1.1})));
  SurfaceCamera camera;
  camera.turn_by(400.0f, 200.0f);
  EXPECT_EQ(camera.tilt, 89.0f);
  EXPECT_LE(std::abs(camera.turn), 180.0f);
}

}  // namespace
}  // namespace chainrule
