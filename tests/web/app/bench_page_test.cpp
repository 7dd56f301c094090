// The page #/bench: measures work after work in slices, can be stopped, and gives a result; in German too.
#include "web/app/bench_page.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/web/support/json_check.h"
#include "tests/web/widgets/null_frame.h"
#include "web/text/tr.h"
#include "web/widgets/twin.h"

namespace chainrule {
namespace {

// A clock on which every piece takes long, so that three samples of each work will do.
double slow_clock() {
  static double seconds = 0.0;
  return seconds += 0.35;
}

class BenchPageTest : public NullFrame {
 protected:
  BenchPageTest() { set_twin(&twin_); }
  ~BenchPageTest() override { set_twin(nullptr); }

  void draw(ImVec2 size) {
    twin_.begin_frame();
    frame(size, [&] { page_.draw(theme, size, size.x < 600, "2 processor cores, 128-bit SIMD, threads", 2); });
    twin_.end_frame();
  }
  const Twin::Placed* node(std::string_view name) const {
    for (const Twin::Placed& placed : twin_.nodes())
      if (placed.node.name.starts_with(name)) return &placed;
    return nullptr;
  }

  BenchPage page_;
  Twin twin_;
};

TEST(BenchLink, IsKnown) {
  for (const char* link : {"#/bench", "/bench", "bench", "#/bench?x=1", "http://127.0.0.1/#/bench"}) EXPECT_TRUE(is_bench_link(link)) << link;
  for (const char* link : {"", "#/", "#/lenet-mnist", "#/benches"}) EXPECT_FALSE(is_bench_link(link)) << link;
}

TEST_F(BenchPageTest, MeasuresAllWorksInSlices) {
  page_.open();
  EXPECT_FALSE(page_.running());
  draw({1280, 600});
  EXPECT_TRUE(node("matmul 512\nnot measured"));
  page_.start();
  page_.work(0.1, slow_clock);
  EXPECT_TRUE(page_.running()) << "one slice is not all";
  draw({1280, 600});
  EXPECT_TRUE(node("multiply and add, four at a time\nis measured"));
  EXPECT_TRUE(node("LeNet forward, one image\nwaits"));
  EXPECT_TRUE(node("Stop"));
  ASSERT_TRUE(node("Copy the result"));
  EXPECT_TRUE(node("Copy the result")->node.disabled);
  for (int i = 0; i < 2000 && page_.running(); ++i) page_.work(0.1, slow_clock);
  EXPECT_FALSE(page_.running());
  for (const ImVec2 size : {ImVec2{1280, 600}, ImVec2{390, 700}}) {
    draw(size);
    EXPECT_FALSE(node("Copy the result")->node.disabled);
    EXPECT_TRUE(node("Measure again"));
  }
  const std::string json = page_.json("here");
  EXPECT_TRUE(read_json(json).has_value()) << json;
  for (const WorkInfo& info : bench_works()) {
    EXPECT_NE(json.find("\"id\":\"" + std::string(info.id) + "\""), json.npos);
    EXPECT_NE(page_.text("here").find(std::string(info.title) + ": "), json.npos);
  }
  page_.start();
  page_.work(0.1, slow_clock);
  page_.close();
  EXPECT_FALSE(page_.running());
}

TEST_F(BenchPageTest, SpeaksGerman) {
  std::ifstream stream(std::string(CHAINRULE_SOURCE_DIR) + "/web/text/de.txt", std::ios::binary);
  set_language("de", std::string{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()});
  draw({1280, 600});
  page_.start();
  page_.work(0.1, slow_clock);
  draw({1280, 600});
  while (!node("train MLP 784-128-10, batch 32\nwird gemessen") && page_.running()) page_.work(0.1, slow_clock), draw({1280, 600});
  draw({390, 700});
  page_.stop();
  draw({1280, 600});
  (void)page_.text("2 processor cores, 128-bit SIMD, no threads");
  for (const std::string& text : {BenchPage::info().title, BenchPage::info().summary}) (void)tr_text(text);
  for (const WorkInfo& info : bench_works()) (void)tr_text(info.title);
  EXPECT_EQ(untranslated(), std::vector<std::string>());
  set_language("en", "");
}

}  // namespace
}  // namespace chainrule
