// The benches of the link and of access, played once and short: whoever asks for figures is given figures.
#include "scenarios/measure/access.h"
#include "scenarios/measure/link.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <set>

namespace basalt::measure {
namespace {

/// Every figure is a number that was measured; which names there are.
std::set<std::string> names_of(const Figures& figures) {
    std::set<std::string> names;
    const auto json = nlohmann::json::parse(as_json(figures));
    EXPECT_EQ(json["schema"], 1);
    for (const auto& one : json["results"]) {
        names.insert(one["name"]);
        for (const char* key : {"value", "peer_value", "ratio", "goal"}) {
            const double value = one[key];
            EXPECT_TRUE(std::isfinite(value) && value > 0) << one.dump();
        }
        EXPECT_EQ(one["met"], one["ratio"].get<double>() <= one["goal"].get<double>());
        EXPECT_NE(as_table(figures).find(one["unit"].get<std::string>()), std::string::npos);
    }
    return names;
}

TEST(Benches, TheLinkIsMeasuredBesideABareTlsEchoThroughTheRealGateway) {
    const auto figures = measure_link(1, GATEWAY_PROGRAM);
    ASSERT_TRUE(figures) << figures.error().what;
    EXPECT_EQ(names_of(*figures), (std::set<std::string>{"link_command", "link_session"}));
}

TEST(Benches, ALogInIsMeasuredBesideTheBareHashAndItsPartsAreNamed) {
    const auto figures = measure_access(1);
    ASSERT_TRUE(figures) << figures.error().what;
    EXPECT_EQ(names_of(*figures), (std::set<std::string>{"access_log_in", "access_storing", "access_pepper"}));
}

TEST(Benches, WithoutTheGatewaysProgramItIsSaidAndNothingIsMeasured) {
    const auto figures = measure_link(1, "no-such-program");
    ASSERT_FALSE(figures);
    EXPECT_FALSE(figures.error().what.empty());
    EXPECT_FALSE(figures.error().next_step.empty());
}

}  // namespace
}  // namespace basalt::measure
