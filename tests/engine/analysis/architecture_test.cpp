// Shapes, parameters, multiply-adds and receptive fields against the published numbers and a second computation.
#include "engine/analysis/architecture.h"

#include <gtest/gtest.h>

#include "engine/math/rng.h"

namespace chainrule {
namespace {

struct Row {
  int output, field, jump;
  std::int64_t params, macs;  // −1: none
};

void expect_rows(KnownArchitecture which, std::initializer_list<Row> rows) {
  const Architecture a(known_architecture(which));
  ASSERT_EQ(a.layers().size(), rows.size());
  std::size_t i = 0;
  for (const Row& row : rows) {
    SCOPED_TRACE(a.spec().layers[i].name);
    const LayerTensors& t = a.layers()[i++];
    EXPECT_EQ(a.value(t.output), static_cast<float>(row.output));
    EXPECT_EQ(a.value(t.field), static_cast<float>(row.field));
    EXPECT_EQ(a.value(t.jump), static_cast<float>(row.jump));
    EXPECT_EQ(t.params == kNoTensor ? -1 : a.exact(t.params), row.params);
    if (t.params != kNoTensor) {
      EXPECT_TRUE(a.is_exact(t.params));
    }
    if (row.macs >= 0) {
      EXPECT_EQ(a.exact(t.macs), row.macs);
      EXPECT_TRUE(a.is_exact(t.macs));
    }
  }
}

TEST(ArchitectureNumbers, DeckTwosLenet) {
  expect_rows(KnownArchitecture::kLenet, {{24, 5, 1, 520, 288'000}, {12, 6, 2, -1, -1}, {8, 14, 2, 25'050, 1'600'000}, {4, 16, 4, -1, -1},
                                          {1, 28, 4, 400'500, 400'000}, {1, 28, 4, 5'010, 5'000}});
  const Architecture a(known_architecture(KnownArchitecture::kLenet));
  EXPECT_EQ(a.value(a.total_params()), 431'080.0f);
  EXPECT_EQ(a.value(a.total_macs()), 2'293'000.0f);
  EXPECT_EQ(count_text(a, a.total_macs()), "2,293,000");
}

TEST(ArchitectureNumbers, Lenet5WithItsTable) {
  expect_rows(KnownArchitecture::kLenet5, {{28, 5, 1, 156, 117'600}, {14, 6, 2, 12, 1'176}, {10, 14, 2, 1'516, 150'000}, {5, 16, 4, 32, 400},
                                           {1, 32, 4, 48'120, 48'000}, {1, 32, 4, 10'164, 10'080}});
  const Architecture a(known_architecture(KnownArchitecture::kLenet5));
  EXPECT_EQ(a.value(a.total_params()), 60'000.0f);
  const std::int64_t links[] = {122'304, 5'880, 151'600, 2'000, 48'120, 10'164};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(a.exact(a.layers()[i].links), links[i]) << i;
  EXPECT_EQ(a.value(a.layers()[2].pairs), 60.0f);
  ArchitectureSpec full = a.spec();
  full.layers[2].table.clear();
  const Architecture all(full);
  EXPECT_EQ(all.value(all.layers()[2].params), 2'416.0f);
}

TEST(ArchitectureNumbers, Alexnet) {
  expect_rows(KnownArchitecture::kAlexnet,
              {{55, 11, 4, 34'944, 105'415'200}, {27, 19, 8, -1, -1}, {27, 51, 8, 614'656, 447'897'600}, {13, 67, 16, -1, -1},
               {13, 99, 16, 885'120, 149'520'384}, {13, 131, 16, 1'327'488, 224'280'576}, {13, 163, 16, 884'992, 149'520'384}, {6, 195, 32, -1, -1},
               {1, 355, 32, 37'752'832, 37'748'736}, {1, 355, 32, 16'781'312, 16'777'216}, {1, 355, 32, 4'097'000, 4'096'000}});
  const Architecture a(known_architecture(KnownArchitecture::kAlexnet));
  EXPECT_EQ(count_text(a, a.total_params()), "62,378,344");
  // 1,135,256,096 needs 26 binary digits without its zeros at the end; float32 has 24.
  EXPECT_EQ(a.exact(a.total_macs()), 1'135'256'096);
  EXPECT_FALSE(a.is_exact(a.total_macs()));
  EXPECT_EQ(count_text(a, a.total_macs()), "≈ 1,135.256 million");
  const Architecture grouped(known_architecture(KnownArchitecture::kAlexnetGroups));
  EXPECT_EQ(grouped.exact(grouped.total_params()), 60'965'224);
  EXPECT_TRUE(grouped.is_exact(grouped.total_params()));
}

TEST(ArchitectureChecks, TheSlideDoesNotChain) {
  const Architecture a(known_architecture(KnownArchitecture::kAlexnetSlide));
  EXPECT_NE(a.problems()[0].why.find("54.25"), std::string::npos) << a.problems()[0].why;
  EXPECT_EQ(a.problems()[0].offer, "An input of 223 or 227 would come out even.");
  // With paddings and 227 pixels, and still without the last pool: the slide's 43,264 inputs, and 177.2 million weights.
  ArchitectureSpec spec = known_architecture(KnownArchitecture::kAlexnet);
  spec.layers.erase(spec.layers.begin() + 7);
  const Architecture padded(spec);
  EXPECT_EQ(padded.exact(padded.layers()[6].output) * padded.exact(padded.layers()[6].output) * 256, 43'264);
  EXPECT_EQ(padded.exact(padded.layers()[7].params), 43'264LL * 4096 + 4096);
}

TEST(ArchitectureChecks, WhatDoesNotFitStopsAndSaysWhatWould) {
  ArchitectureSpec spec = known_architecture(KnownArchitecture::kLenet);
  spec.side = 12;
  const Architecture small(spec);
  EXPECT_EQ(small.layers().size(), 2u);
  EXPECT_TRUE(small.problems()[2].stops);
  EXPECT_EQ(small.problems()[2].offer, "Kernel 4, or padding 1, would.");
  spec = known_architecture(KnownArchitecture::kAlexnet);
  spec.layers[2].groups = 3;
  const Architecture grouped(spec);
  EXPECT_EQ(grouped.problems()[2].why, "3 groups do not divide 96 and 256 maps.");
  EXPECT_EQ(grouped.problems()[2].offer, "2 groups would.");
}

// By going back from the unit through the windows, layer by layer: the set of pixels itself, not a formula for it.
TEST(ArchitectureFields, AreTheWindowsOfTheWindows) {
  Rng rng(7, "data");
  for (int round = 0; round < 200; ++round) {
    ArchitectureSpec spec{20 + static_cast<int>(rng.below(30)), 1, {}};
    for (int i = 0; i < 4; ++i)
      spec.layers.push_back({LayerKind::kConvolution, "conv" + std::to_string(i), 1, 1 + static_cast<int>(rng.below(4)),
                             1 + static_cast<int>(rng.below(2)), static_cast<int>(rng.below(2))});
    Architecture a(spec);
    ASSERT_FALSE(a.layers().empty());
    const int layer = static_cast<int>(a.layers().size()) - 1;
    const int unit = static_cast<int>(rng.below(static_cast<std::uint32_t>(a.exact(a.layers().back().output))));
    int first = unit, last = unit;
    for (int l = layer; l >= 0; --l) {
      const LayerSpec& s = spec.layers[static_cast<std::size_t>(l)];
      first = first * s.stride - s.padding;
      last = last * s.stride - s.padding + s.kernel - 1;
    }
    a.look_at(layer, unit, 0);
    EXPECT_EQ(a.whole(a.rows().first), first);
    EXPECT_EQ(a.whole(a.rows().last), last);
  }
}

}  // namespace
}  // namespace chainrule
