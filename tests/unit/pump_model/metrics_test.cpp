#include "pump_model/metrics.h"

#include "tests/unit/pump_model/rows.h"

namespace basalt::pump_model {
namespace {

TEST(Metrics, AreThoseOfTheReferenceForEveryTrajectory) {
    const auto table = test::rows("metrics.csv");
    ASSERT_EQ(table.size(), 11U);  // a header and ten trajectories
    for (std::size_t i = 1; i < table.size(); ++i) {
        const auto& row = table[i];
        SCOPED_TRACE(row[0]);
        std::vector<double> cgm;
        for (const auto& r : test::rows(row[0] + ".csv"))
            if (r[0] == "at") cgm.push_back(test::number(r[3]));
        const auto m = measure(cgm, {1, 1e6});  // the reference clamps nothing
        EXPECT_EQ(m.readings, std::stoul(row[1]));
        const double got[] = {m.mean_mg_dl,     m.sd_mg_dl,      m.cv_percent,    m.gmi_percent,
                              m.tir_percent,    m.tbr70_percent, m.tbr54_percent, m.tar180_percent,
                              m.tar250_percent, m.lbgi,          m.hbgi};
        for (std::size_t c = 0; c < std::size(got); ++c)
            EXPECT_NEAR(got[c], test::number(row.at(2 + c)), 2e-6) << table[0].at(2 + c);
    }
}

TEST(Metrics, BordersBelongWhereThePaperPutsThem) {
    const auto m = measure(std::vector<double>{53.9, 54, 69.9, 70, 180, 180.1, 250, 250.1});
    EXPECT_DOUBLE_EQ(m.tir_percent, 25);
    EXPECT_DOUBLE_EQ(m.tbr54_percent, 12.5);
    EXPECT_DOUBLE_EQ(m.tbr70_percent, 37.5);
    EXPECT_DOUBLE_EQ(m.tar180_percent, 37.5);
    EXPECT_DOUBLE_EQ(m.tar250_percent, 12.5);
    EXPECT_DOUBLE_EQ(m.min_mg_dl, 53.9);
    EXPECT_DOUBLE_EQ(m.max_mg_dl, 250.1);
}

TEST(Metrics, NothingOneReadingAndZeroGlucoseAreSafe) {
    EXPECT_EQ(measure({}).readings, 0U);
    EXPECT_DOUBLE_EQ(measure(std::vector<double>{100}).sd_mg_dl, 0);
    const auto empty = measure(std::vector<double>{0, 0});
    EXPECT_DOUBLE_EQ(empty.cv_percent, 0);
    EXPECT_NEAR(empty.lbgi, measure(std::vector<double>{20}).lbgi, 1e-12);
    EXPECT_NEAR(measure(std::vector<double>{5'000}).hbgi, 100, 2);  // one impossible reading does not rule the rest
}

TEST(Harm, ALowCountsOnceItLastedFifteenMinutesWithoutABreak) {
    const auto low_for = [](int minutes) {
        std::vector<double> g(100, 100.0);
        for (int m = 0; m <= minutes; ++m) g[static_cast<std::size_t>(20 + m)] = 53.9;
        return g;
    };
    EXPECT_FALSE(harmed_by_low(low_for(14), 1));
    EXPECT_TRUE(harmed_by_low(low_for(15), 1));
    auto broken = low_for(25);
    broken[33] = 54;  // 54 itself is not below
    EXPECT_DOUBLE_EQ(longest_below_min(broken, hypo_mg_dl, 1), 12);
    EXPECT_FALSE(harmed_by_low(broken, 1));
    EXPECT_DOUBLE_EQ(longest_below_min(std::vector<double>{50}, hypo_mg_dl, 5), 0);
    EXPECT_DOUBLE_EQ(longest_below_min(std::vector<double>{50, 50, 50, 50}, hypo_mg_dl, 5), 15);
    EXPECT_DOUBLE_EQ(longest_above_min(std::vector<double>{260, 251, 250}, 250, 5), 5);
}

}  // namespace
}  // namespace basalt::pump_model
