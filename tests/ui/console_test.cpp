// A person in front of the window. "Insulin stopped" takes one action from every screen and in every mode; two are
// allowed.
#include "tests/ui/console_on_screen.h"

namespace basalt::test {
namespace {
namespace fs = std::filesystem;

TEST_F(Console, FromTheFirstScreenOneKeyStopsTheInsulinAndAPowerLossDoesNotResumeIt) {
    open("Normal delivery");
    screen_.key("F1");
    EXPECT_TRUE(shows(stopped));
    close();
    EXPECT_EQ(mode_without_window(), "stopped");
}

TEST_F(Console, OneClickStopsTheInsulin) {
    open("Normal delivery");
    screen_.key("Return");
    screen_.click(226, 748);
    EXPECT_TRUE(shows(stopped));
    close();
}

TEST_F(Console, WhileAnAttackPlaysOnTwoPumpsOneKeyStopsTheInsulinOfTheOwnPump) {
    open("Normal delivery");
    screen_.key("F6");
    screen_.key("F1");
    EXPECT_TRUE(shows(stopped));
    close();
}

TEST_F(Console, InFrenchAndInHighContrastTheSameKeyStopsIt) {
    open("Normal delivery");
    screen_.key("F2");
    EXPECT_TRUE(shows("Fonctionnement normal"));
    screen_.key("F4");
    screen_.key("F1");
    EXPECT_TRUE(shows("INSULINE ARR"));
    close();
}

TEST_F(Console, InFailsafeOneKeyStopsTheInsulin) {
    for (const char* slot : {"slot-a", "slot-b"}) {
        std::fstream image{fs::path{state_} / "flash" / slot / "firmware.img",
                           std::ios::binary | std::ios::in | std::ios::out};
        image.seekp(4'000);
        image << "xy";
    }
    open("FAILSAFE");
    screen_.key("F1");
    EXPECT_TRUE(shows(stopped));
    close();
}

TEST_F(Console, ResumingIsAnotherGestureWithAQuestion) {
    open("Normal delivery");
    screen_.key("F1");
    ASSERT_TRUE(shows(stopped));
    screen_.key("F1");      // the question
    screen_.key("Escape");  // no
    screen_.key("F1");
    screen_.key("Return");  // yes
    EXPECT_TRUE(shows("Normal delivery"));
    close();
    EXPECT_EQ(mode_without_window(), "normal");
}

TEST_F(Console, ItsPictureIsAPictureOfTheWindow) {
    const auto file = (scratch_.path() / "console.png").string();
    Command picture{scratch_.path(),
                    {"run", "--state", state_, "--hours", "2", "--screenshot", file},
                    {},
                    {screen_.display(), "SDL_AUDIODRIVER=dummy", "ASAN_OPTIONS=detect_leaks=0"}};
    const auto ended = picture.end();
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_GT(fs::file_size(file), 20'000U) << "one colour alone would be a few thousand bytes";
}

TEST(ConsoleAway, WithoutADisplayThereIsNoPictureAndItIsSaid) {
    Scratch scratch;
    const auto ended = run(scratch.path(), {"run", "--hours", "1", "--screenshot", "x.png"});
    EXPECT_EQ(ended.status, 4);
    EXPECT_NE(ended.err.find("There is no display"), std::string::npos);
}

}  // namespace
}  // namespace basalt::test
