// A nurse in front of the window: log-in, bolus, temporary rate, emergency. Every key comes as fast as it can.
#include "tests/ui/console_on_screen.h"

namespace basalt::test {
namespace {

TEST_F(Console, ANurseLogsInGivesABolusWithReadBackCancelsItAndTheStateSaysWhatWasGiven) {
    open("Normal delivery", {"--speed", "1"});
    log_in("nurse");
    screen_.key("F8");
    type_fields({"", "2"});
    ASSERT_TRUE(shows("Give 2 units?"));
    screen_.key("Return");
    ASSERT_TRUE(shows("Press the pump's button now"));
    screen_.key("F12");
    ASSERT_TRUE(shows("of 2 units given"));
    screen_.key("Return");
    ASSERT_TRUE(shows("CANCELLED. Given until then"));
    EXPECT_EQ(screen_.name().find("until then: 2 units"), std::string::npos) << "it was not given whole";
    close();
}

class Panel : public Console, public testing::WithParamInterface<const char*> {};

TEST_P(Panel, HalfFilledOneKeyStopsTheInsulin) {
    open("Normal delivery");
    screen_.key(GetParam());
    screen_.type("12");
    screen_.key("F1");
    EXPECT_TRUE(shows(stopped));
    close();
}

INSTANTIATE_TEST_SUITE_P(OfPeople, Panel, testing::Values("F7", "F8", "F9", "F10", "F11"),
                         [](const auto& panel) { return std::string{panel.param}; });

}  // namespace
}  // namespace basalt::test
