// The sound of the real program, recorded where a loudspeaker would be.
#include "tests/support/heard.h"
#include "tests/ui/console_on_screen.h"

namespace basalt::test {
namespace {

TEST_F(Console, StoppedInsulinIsHeardAsAHighPriorityAlarmAndThePauseOfTheSoundIsSilent) {
    const auto file = scratch_.path() / "sound.raw";
    audio_ = {"SDL_AUDIODRIVER=disk", "SDL_DISKAUDIOFILE=" + file.string()};
    open("Normal delivery");
    EXPECT_TRUE(pulses_in(recorded(file)).empty()) << "no alarm, no sound";
    screen_.key("F1");
    ASSERT_TRUE(shows(stopped));
    // The pause between two bursts of high priority is 5 s: in 12 s there is a whole one.
    const auto heard_s = [&] { return static_cast<double>(recorded(file).size()) / view::sample_rate_hz; };
    const auto lasts = [&](double seconds) {
        for (const double from_s = heard_s(); heard_s() < from_s + seconds;) ::poll(nullptr, 0, 50);
    };
    lasts(12);
    const auto samples = recorded(file);
    const auto burst = first_burst(samples);
    EXPECT_EQ(recognised(samples), hal::Priority::high);
    for (const auto& pulse : burst) EXPECT_NEAR(pitch_hz(samples, pulse), 523, 4);

    screen_.key("F5");
    lasts(4);  // what was queued before the pause is gone, too
    const auto paused_from = recorded(file).size();
    lasts(9);
    const auto after = recorded(file);
    EXPECT_TRUE(pulses_in(std::span{after}.subspan(paused_from)).empty());
    close();
}

}  // namespace
}  // namespace basalt::test
