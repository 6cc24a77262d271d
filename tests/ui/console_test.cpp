// A person in front of the window. "Insulin stopped" takes one action from every screen and in every mode; two are
// allowed.
#include "tests/integration/run/command.h"
#include "tests/support/scratch.h"
#include "tests/ui/screen.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace basalt::test {
namespace {
namespace fs = std::filesystem;

constexpr const char* stopped = "INSULIN STOPPED";

class Console : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(screen_.works()) << "Xvfb is needed";
        ASSERT_EQ(run(scratch_.path(), {"device", "init", "--state", state_}).status, 0);
    }
    void open(const std::string& first_title, std::vector<std::string> more = {}) {
        std::vector<std::string> words{"run", "--state", state_};
        words.insert(words.end(), more.begin(), more.end());
        // The graphics libraries of a display without a card keep what they allocate until the process ends.
        program_ = std::make_unique<Command>(
            scratch_.path(), words, std::function<void()>{},
            std::vector<std::string>{screen_.display(), "SDL_AUDIODRIVER=dummy", "ASAN_OPTIONS=detect_leaks=0"});
        ASSERT_TRUE(screen_.shows(first_title, program_->pid())) << program_->err();
    }
    bool shows(std::string_view words) const { return screen_.shows(words, program_->pid()); }
    void close() {
        program_->signal(SIGINT);
        const auto ended = program_->end();
        EXPECT_EQ(ended.status, 0) << ended.err;
        program_.reset();
    }
    std::string mode_without_window() {
        const auto later = run(scratch_.path(), {"run", "--headless", "--json", "--hours", "0.05", "--state", state_});
        return later.status == 0 ? nlohmann::json::parse(later.out)["mode"].get<std::string>() : later.err;
    }

    Scratch scratch_;
    const std::string state_ = (scratch_.path() / "device").string();
    Screen screen_;
    std::unique_ptr<Command> program_;
};

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

TEST_F(Console, FromAPanelAboutPeopleOneKeyStopsTheInsulin) {
    open("Normal delivery");
    for (const char* panel : {"F8", "F10"}) {
        screen_.key(panel);
        screen_.key("F1");
        EXPECT_TRUE(shows(stopped)) << panel;
        screen_.key("F1");
        screen_.key("Return");
        ASSERT_TRUE(shows("Normal delivery")) << panel;
    }
    close();
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
