#include "web/lesson_kit/script_api.h"

#include <gtest/gtest.h>

#include "engine/trace/recorder.h"
#include "tests/web/support/fake_lesson.h"
#include "tests/web/support/json_check.h"
#include "web/lesson_kit/catalogue.h"
#include "web/lesson_kit/json.h"
#include "web/lesson_kit/script_explain.h"

namespace chainrule {
namespace {

class FakeHost final : public ScriptHost {
 public:
  Player* player() override { return player_ ? &*player_ : nullptr; }
  Status open(std::string_view link) override {
    const LessonEntry entries[] = {{make_fake()->info(), make_fake}};
    const Result<const LessonEntry*> entry = find_lesson(entries, link_slug(link));
    if (!entry.ok()) return entry.error();
    player_.emplace(entry.value()->make);
    player_->open(parse_link(link, player_->lesson().params()));
    return Done{};
  }
  std::int64_t frame() const override { return 12; }

 private:
  std::optional<Player> player_;
};

JsonValue read(const std::string& text) {
  const std::optional<JsonValue> json = read_json(text);
  EXPECT_TRUE(json.has_value()) << text;
  return json.value_or(JsonValue{});
}

JsonValue ok(const std::string& text) {
  const JsonValue json = read(text);
  EXPECT_TRUE(json.has("ok")) << text;
  return json["ok"];
}

std::string error(const std::string& text) {
  const JsonValue json = read(text);
  EXPECT_FALSE(json.has("ok")) << text;
  return json["error"].text;
}

class ScriptApi : public testing::Test {
 protected:
  ScriptApi() {
    ok(script_open(host, "#/fake?v=1&step=3"));
    settle();
  }
  void settle() {
    while (host.player()->working()) host.player()->advance(1000);
  }
  FakeHost host;
};

TEST(Json, ReadsBackWhatIsWritten) {
  const JsonText text = JsonObject()
                            .add("a", 1.5f)
                            .add("b\n\"", "x\\")
                            .add("c", JsonArray().add(1).add(true).add(kJsonNull).done())
                            .done();
  const JsonValue json = read(text.text);
  EXPECT_EQ(json["a"].number, 1.5);
  EXPECT_EQ(json["b\n\""].text, "x\\");
  EXPECT_EQ(json["c"].items.size(), 3u);
  for (const char* bad : {"", "{", "[1,]", "{\"a\":1,\"a\":2}", "nul", "1 2", "\"\n\"", "+1"})
    EXPECT_FALSE(read_json(bad)) << bad;
}

TEST_F(ScriptApi, State) {
  const JsonValue state = ok(script_state(host));
  EXPECT_EQ(state["lesson"].text, "fake");
  EXPECT_EQ(state["step"].number, 3);
  EXPECT_EQ(state["frame"].number, 12);
  EXPECT_EQ(state["backend"].text, "cpu");
  EXPECT_EQ(state["phase"].text, "");
  EXPECT_TRUE(state["loss"].is(JsonValue::Kind::kNumber));
  EXPECT_EQ(state["metrics"]["steps"].number, 3);
  EXPECT_EQ(state["params"]["rate"].text, "0.1");
  EXPECT_EQ(state["params"]["mode"].text, "plain");
  EXPECT_TRUE(state["params"]["noise"].boolean);
  EXPECT_EQ(state["hash"].text.size(), 16u);
  EXPECT_EQ(state["link"].text, "#/fake?v=1&step=3");
}

TEST_F(ScriptApi, LossIsNullBeforeTheFirstStep) {
  ok(script_reset(host));
  EXPECT_TRUE(ok(script_state(host))["loss"].is(JsonValue::Kind::kNull));
}

TEST_F(ScriptApi, AHalfDoneStepHasNoHash) {
  ok(script_step(host, 1));
  host.player()->advance(FakeLesson::kWork / 2);
  const JsonValue state = ok(script_state(host));
  EXPECT_EQ(state["phase"].text, "forward");
  EXPECT_TRUE(state["hash"].is(JsonValue::Kind::kNull));
}

TEST_F(ScriptApi, Params) {
  const JsonValue params = ok(script_params(host));
  ASSERT_EQ(params.items.size(), 6u);
  EXPECT_EQ(params[0]["name"].text, "rate");
  EXPECT_EQ(params[0]["type"].text, "real");
  EXPECT_EQ(params[0]["min"].number, 0.001);
  EXPECT_FALSE(params[0].has("choices"));
  EXPECT_EQ(params[3]["type"].text, "choice");
  EXPECT_EQ(params[3]["choices"][1].text, "double");
  EXPECT_FALSE(params[3].has("min"));
  EXPECT_TRUE(params[3]["restarts"].boolean);
  EXPECT_FALSE(params[4]["changes_model"].boolean);
}

TEST_F(ScriptApi, Set) {
  ok(script_set(host, "rate", "0.25"));
  ok(script_set(host, "grid", "on"));
  const JsonValue state = ok(script_state(host));
  EXPECT_EQ(state["params"]["rate"].number, 0.25);
  EXPECT_TRUE(state["params"]["grid"].boolean);
  EXPECT_EQ(error(script_set(host, "rates", "1")),
            "This lesson has no param \"rates\"; it has rate, noise, count, mode, grid, data.");
  EXPECT_EQ(error(script_set(host, "rate", "1000")),
            "Rate (rate) cannot be \"1000\"; it is a number from 0.001 to 100.");
  EXPECT_EQ(error(script_set(host, "mode", "1")), "Mode (mode) cannot be \"1\"; it is one of plain, double.");
}

TEST_F(ScriptApi, TransportBeginsAndProgressTells) {
  ok(script_step(host, 10));
  JsonValue progress = ok(script_progress(host));
  EXPECT_TRUE(progress["busy"].boolean);
  EXPECT_EQ(progress["total"].number, 10);
  settle();
  progress = ok(script_progress(host));
  EXPECT_FALSE(progress["busy"].boolean);
  EXPECT_EQ(progress["error"].text, "");
  ok(script_seek(host, 2));
  settle();
  EXPECT_EQ(ok(script_state(host))["step"].number, 2);
  EXPECT_EQ(ok(script_state(host))["last_step"].number, 13);
  EXPECT_EQ(error(script_seek(host, -1)), "Steps are counted from 0; there is no step -1.");
  ok(script_play(host, true));
  EXPECT_TRUE(ok(script_state(host))["playing"].boolean);
  ok(script_play(host, false));
  ok(script_new_weights(host, 9));
  EXPECT_EQ(ok(script_state(host))["seed"].number, 9);
}

TEST_F(ScriptApi, Tensors) {
  const JsonValue tensors = ok(script_tensors(host));
  ASSERT_EQ(tensors.items.size(), 5u);
  EXPECT_EQ(tensors[0]["name"].text, "w");
  EXPECT_EQ(tensors[0]["kind"].text, "parameter");
  EXPECT_EQ(tensors[0]["shape"][0].number, 1);
  const JsonValue tensor = ok(script_tensor(host, "w.grad"));
  EXPECT_EQ(tensor["step"].number, 3);
  EXPECT_EQ(tensor["count"].number, 1);
  const auto address = static_cast<std::uintptr_t>(std::stoull(tensor["address"].text));
  EXPECT_EQ(*reinterpret_cast<const float*>(address), host.player()->lesson().tensor("w.grad").value().data[0]);
  EXPECT_EQ(error(script_tensor(host, "w.grd")), "There is no tensor \"w.grd\"; the nearest names are w.grad.");
  EXPECT_EQ(error(script_tensor(host, "something")), "There is no tensor \"something\"; tensors() lists them all.");
}

TEST_F(ScriptApi, Assign) {
  const std::vector<float> one = {2.5f}, two = {1.0f, 2.0f};
  ok(script_assign(host, "w", one));
  EXPECT_EQ(host.player()->lesson().tensor("w").value().data[0], 2.5f);
  EXPECT_EQ(error(script_assign(host, "w", two)), "w is 1, which takes 1 numbers, and 2 were given.");
  EXPECT_EQ(error(script_assign(host, "x", one)), "x cannot be set.");
  ok(script_command(host, "nudge", 0.5, {}));
  EXPECT_EQ(host.player()->lesson().tensor("w").value().data[0], 3.0f);
  EXPECT_EQ(error(script_command(host, "push", 1, {})), "There is no command push.");
}

TEST_F(ScriptApi, ExplainsOperandsWhereThereIsNoSum) {
  const JsonValue best = ok(script_explain(host, "best", 0, 0, 10, -1));
  EXPECT_EQ(best["op"].text, "max");
  EXPECT_EQ(best["formula"].text, "max(x, w)");
  EXPECT_FALSE(best["leaf"].boolean);
  ASSERT_EQ(best["total"].number, 2);
  ASSERT_EQ(best["terms"].items.size(), 2u);
  EXPECT_TRUE(best["sum"].is(JsonValue::Kind::kNull));
  float chosen = 0;
  for (const JsonValue& term : best["terms"].items)
    chosen += static_cast<float>(term["value"].number) * static_cast<float>(term["factor"].number);
  EXPECT_EQ(chosen, static_cast<float>(best["value"].number));
  EXPECT_EQ(best["terms"][0]["name"].text, "x");
  EXPECT_EQ(best["terms"][1]["step"].number, 2);
}

TEST_F(ScriptApi, ExplainsOlderStepsAndLeaves) {
  const JsonValue w = ok(script_explain(host, "w", 0, 0, 10, 1));
  EXPECT_EQ(w["step"].number, 1);
  EXPECT_FALSE(w["text"].text.empty());
  const JsonValue leaf = ok(script_explain(host, "w", 0, 0, 10, 0));
  EXPECT_TRUE(leaf["leaf"].boolean);
  EXPECT_EQ(leaf["formula"].text, "initial weight");
  EXPECT_EQ(leaf["total"].number, 0);
  EXPECT_EQ(leaf["text"].text, "");
}

// value = (2·3 + 4·5·6 + 7) / 2, with the operands 2 ... 7 and the constant 2.
Explanation weighted_mean() {
  const std::vector<float> x = {2, 3, 4, 5, 6, 7};
  WindowRecorder recorder(0, 0);
  std::vector<Traced> v;
  for (std::size_t i = 0; i < x.size(); ++i) v.push_back(recorder.read(0, x.data(), static_cast<std::int64_t>(i)));
  Traced sum = recorder.constant(0.0f);
  sum += v[0] * v[1];
  sum += v[2] * v[3] * v[4];
  sum += v[5];
  recorder.write(0, nullptr, 0, sum / recorder.constant(2.0f));
  Explanation e;
  e.element = {"mean", 0, 4};
  e.value = 66.5f;
  e.op = "mean";
  e.derivation = Derivation(recorder.take(), {});
  for (const OperandRef& operand : e.derivation.operands()) e.operands.push_back({"x", operand.index, 4});
  return e;
}

TEST(ScriptExplain, TermsOfASumAddUp) {
  const JsonValue json = read(explanation_json(weighted_mean(), 0, 100).text);
  EXPECT_EQ(json["value"].number, 66.5);
  EXPECT_EQ(json["sum"].number, 133);
  EXPECT_EQ(json["total"].number, 3);
  ASSERT_EQ(json["terms"].items.size(), 3u);
  float sum = 0;
  for (const JsonValue& term : json["terms"].items) {
    sum += static_cast<float>(term["value"].number) * static_cast<float>(term["factor"].number);
    EXPECT_EQ(sum, static_cast<float>(term["running"].number));
  }
  EXPECT_EQ(sum, 133.0f);
  const JsonValue& triple = json["terms"][1];
  EXPECT_EQ(triple["name"].text, "x");
  EXPECT_EQ(triple["index"].number, 2);
  EXPECT_EQ(triple["value"].number, 4);
  EXPECT_EQ(triple["factor"].number, 30);
  EXPECT_EQ(triple["product"].number, 120);
  ASSERT_EQ(triple["factors"].items.size(), 3u);
  EXPECT_EQ(triple["factors"][2]["value"].number, 6);
}

// exp(2) + exp(3): a sum, but not of products.
TEST(ScriptExplain, AFactorThatIsNoneIsNull) {
  const std::vector<float> x = {2, 3};
  WindowRecorder recorder(0, 0);
  Traced sum = exp(recorder.read(0, x.data(), 0));
  sum += exp(recorder.read(0, x.data(), 1));
  recorder.write(0, nullptr, 0, sum);
  Explanation e;
  e.derivation = Derivation(recorder.take(), {});
  e.operands = {{"x", 0, 1}, {"x", 1, 1}};
  const JsonValue json = read(explanation_json(e, 0, 100).text);
  ASSERT_EQ(json["terms"].items.size(), 2u);
  EXPECT_TRUE(json["terms"][0]["factor"].is(JsonValue::Kind::kNull));
  EXPECT_EQ(static_cast<float>(json["terms"][1]["running"].number), e.derivation.value());
  EXPECT_EQ(json["sum"].text, json["terms"][1]["running"].text);
}

TEST_F(ScriptApi, ExplainPagesItsTerms) {
  const JsonValue page = ok(script_explain(host, "best", 0, 1, 1, -1));
  EXPECT_EQ(page["offset"].number, 1);
  EXPECT_EQ(page["total"].number, 2);
  ASSERT_EQ(page["terms"].items.size(), 1u);
  EXPECT_EQ(page["terms"][0]["name"].text, "w");
  EXPECT_EQ(ok(script_explain(host, "best", 0, 9, 9, -1))["terms"].items.size(), 0u);
}

TEST_F(ScriptApi, ExplainErrorsAreSentences) {
  EXPECT_EQ(error(script_explain(host, "w", 5, 0, 10, -1)),
            "w is 1 and has 1 elements, numbered from 0; there is no element 5.");
  EXPECT_EQ(error(script_explain(host, "w", 0, 0, 10, 99)), "Step 99 has not been run; the steps are 0 to 3.");
  EXPECT_EQ(error(script_explain(host, "w", 0, -1, 10, -1)), "offset and limit of the terms cannot be negative.");
  EXPECT_EQ(error(script_explain(host, "v", 0, 0, 10, -1)), "There is no tensor \"v\"; the nearest names are w, x.");
}

TEST_F(ScriptApi, IsBusyWhileAnAssetIsWanted) {
  ok(script_set(host, "data", "big"));
  EXPECT_TRUE(ok(script_progress(host))["busy"].boolean);
  host.player()->asset_failed("big-data");
  EXPECT_FALSE(ok(script_progress(host))["busy"].boolean);
}

TEST(ScriptApiWithoutLesson, SaysSo) {
  FakeHost host;
  EXPECT_EQ(error(script_state(host)), "No lesson is open; open one by its name, open(\"lenet-mnist\") say.");
  EXPECT_EQ(error(script_open(host, "#/nothing")), "There is no lesson \"nothing\"; the contents list all 1.");
  EXPECT_FALSE(ok(script_progress(host))["busy"].boolean);
}

}  // namespace
}  // namespace chainrule
