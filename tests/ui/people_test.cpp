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

TEST_F(Console, ANurseSetsATemporaryRateAndEndsIt) {
    open("Normal delivery", {"--speed", "1"});
    log_in("nurse");
    screen_.key("F9");
    type_fields({"55", "30"});
    ASSERT_TRUE(shows("Type 30 to 100 for less")) << "a refusal says what is allowed";
    type_fields({"50", "30"});
    ASSERT_TRUE(shows("50 % less basal for 30 min?"));
    screen_.key("Return");
    ASSERT_TRUE(shows("Press the pump's button now"));
    screen_.key("F12");
    ASSERT_TRUE(shows("Basal rate 50 % lower"));
    screen_.key("Escape");
    screen_.key("F9");
    type_fields({"0"});
    ASSERT_TRUE(shows("End the temporary rate?"));
    screen_.key("Return");
    ASSERT_TRUE(shows("Press the pump's button now"));
    screen_.key("F12");
    EXPECT_TRUE(shows("plan")) << screen_.name();
    close();
}

TEST_F(Console, TheSealedCodeAndTheButtonOpenTheEmergencyAndAWrongCodeDoesNot) {
    open("Normal delivery", {"--speed", "1"});
    screen_.key("F10");
    ASSERT_TRUE(shows("Connected to the pump"));
    screen_.key("Next");  // the emergency's badge; and yet a code was typed, so it alone counts
    type_fields({"AAAA-AAAA-AAAA-AAAA"});
    ASSERT_TRUE(shows("This is not the sealed code"));
    type_fields({code_of("emergency")});
    ASSERT_TRUE(shows("Press the pump's button now"));
    screen_.key("F12");
    ASSERT_TRUE(shows("EMERGENCY ACCESS OPEN"));
    close();
}

TEST_F(Console, TheEmergencyBadgeAloneOpensTheEmergencyToo) {
    open("Normal delivery", {"--speed", "1"});
    screen_.key("F10");
    ASSERT_TRUE(shows("Connected to the pump"));
    screen_.key("Return");
    ASSERT_TRUE(shows("Choose the emergency badge, or type")) << "none is chosen by itself";
    screen_.key("Next");
    screen_.key("Return");
    ASSERT_TRUE(shows("Press the pump's button now"));
    screen_.key("F12");
    ASSERT_TRUE(shows("EMERGENCY ACCESS OPEN"));
    close();
}

TEST_F(Console, AStopEndsTheSessionTheConsoleComesBackByItselfAndWhatIsTypedMeanwhileIsNotLost) {
    open("Normal delivery", {"--speed", "1"});
    log_in("nurse");
    screen_.key("F1");
    ASSERT_TRUE(shows(stopped));
    ASSERT_TRUE(shows("Your log-in ended with the connection"));
    screen_.type("nurse");  // while it is away
    screen_.key("Tab");
    screen_.type("a blue horse");
    ASSERT_TRUE(shows("The connection is back. Log in again"));
    screen_.type(" at noon");
    screen_.key("Return");
    ASSERT_TRUE(shows("You are logged in as"));
    close();
}

TEST_F(Console, APhysicianAsksForABolusAboveTheLimitAndTheNurseSignsItByKeysAlone) {
    open("Normal delivery", {"--speed", "1"});
    log_in("physician");
    std::vector<std::string> names;
    const auto badge = [&](const std::string& whose) {
        namespace fs = std::filesystem;
        names.clear();
        for (const auto& file : fs::directory_iterator{fs::path{state_} / "host" / "badges"})
            if (file.path().extension() == ".pem") names.push_back(file.path().stem().string());
        std::ranges::sort(names);
        return std::ranges::find(names, whose) - names.begin() + 1;  // presses from none on
    };
    const auto physician = badge("physician"), nurse = badge("nurse");
    for (int i = 0; i < physician; ++i) screen_.key("Next");  // who is logged in
    screen_.key("Insert");
    screen_.key("Insert");                                    // the place of use: the ward
    for (int i = 0; i < physician; ++i) screen_.key("Next");  // who chooses it
    screen_.key("Return");
    ASSERT_TRUE(shows("ward")) << screen_.name();
    screen_.key("F8");
    screen_.key("F8");  // above the limit
    type_fields({"", "8.5"});
    ASSERT_TRUE(shows("Give 8.5 units?"));
    screen_.key("Return");
    ASSERT_TRUE(shows("Press the pump's button now"));
    screen_.key("F12");
    ASSERT_TRUE(shows("Waits for the second person: 8.5 units"));
    screen_.key("Insert");
    const auto round = static_cast<std::ptrdiff_t>(names.size()) + 1;  // "none" is one of them
    for (auto i = (nurse - physician + round) % round; i > 0; --i) screen_.key("Next");
    screen_.key("Return");
    ASSERT_TRUE(shows("give a bolus above the patient's limit: 8.5 units. Asked by physician"));
    screen_.key("Return");
    EXPECT_TRUE(shows("of 8.5 units given")) << screen_.name();
    close();
}

TEST_F(Console, TwoBadgesAtTheReaderLeaveFailsafeAndOneAloneDoesNot) {
    namespace fs = std::filesystem;
    const fs::path flash = fs::path{state_} / "flash", kept = scratch_.path() / "flash";
    fs::copy(flash, kept, fs::copy_options::recursive);
    for (const char* slot : {"slot-a", "slot-b"}) {
        std::fstream image{flash / slot / "firmware.img", std::ios::binary | std::ios::in | std::ios::out};
        image.seekp(4'000);
        image << "xy";
    }
    open("FAILSAFE");
    fs::copy(kept, flash, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    screen_.key("F11");
    for (int i = 0; i < 6; ++i) screen_.key("Next");  // the second badge: the physician's
    screen_.key("Return");
    ASSERT_TRUE(shows("Choose two badges"));
    screen_.key("Prior");
    screen_.key("Prior");  // the first: biomedical service's
    screen_.key("Return");
    EXPECT_TRUE(shows("Normal delivery"));
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

INSTANTIATE_TEST_SUITE_P(OfPeople, Panel, testing::Values("F7", "F8", "F9", "F10", "F11", "Insert"),
                         [](const auto& panel) { return std::string{panel.param}; });

}  // namespace
}  // namespace basalt::test
