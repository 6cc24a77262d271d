#include "scenarios/measure/figure.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace basalt::measure {
namespace {

TEST(Figure, OneSlowRoundChangesNoRatio) {
    // The third round met a busy machine on one side only.
    EXPECT_DOUBLE_EQ(ratio_of({{2, 4, 90, 6, 2}, {1, 2, 1, 3, 1}}), 2);
}

TEST(Figure, ARatioSaysHowManyTimesAsLongWhateverTheUnit) {
    const Rounds rounds{{4, 4, 4}, {2, 2, 2}};
    const Figure speed = speed_figure({"a", "b", 3}, rounds, 8);
    EXPECT_DOUBLE_EQ(speed.value, 2);
    EXPECT_DOUBLE_EQ(speed.peer_value, 4);
    EXPECT_DOUBLE_EQ(speed.ratio, 2);
    EXPECT_TRUE(speed.met());
    const Figure time = time_figure({"a", "b", 1.5}, rounds);
    EXPECT_DOUBLE_EQ(time.value, 4000);
    EXPECT_DOUBLE_EQ(time.ratio, 2);
    EXPECT_FALSE(time.met());
}

TEST(Figure, TheJsonHasTheBenchmarksKeys) {
    const auto json =
        nlohmann::json::parse(as_json({{time_figure({"start", "words", 3}, {{2}, {1}})}, {{"launcher", "not here"}}}));
    EXPECT_EQ(json["schema"], 1);
    for (const char* key : {"name", "value", "unit", "peer_value", "ratio", "goal", "met"})
        EXPECT_TRUE(json["results"][0].contains(key)) << key;
    EXPECT_EQ(json["left_out"][0]["name"], "launcher");
}

}  // namespace
}  // namespace basalt::measure
