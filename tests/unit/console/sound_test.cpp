// What leaves for the loudspeaker, recorded where SDL hands it to the driver: silence and the wrong alarm are heard
// here.
#include "ui/console/sound.h"

#include "tests/support/heard.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>

#include <poll.h>

namespace basalt::console {
namespace {
using hal::Priority;

/// The loudspeaker is a file. The driver writes it as fast as it can: what counts as time is the samples.
class Loudspeaker : public testing::Test {
  protected:
    void SetUp() override {
        ::setenv("SDL_AUDIODRIVER", "disk", 1);
        ::setenv("SDL_DISKAUDIOFILE", file_.c_str(), 1);
        ::setenv("SDL_DISKAUDIODELAY", "1", 1);
    }
    /// The first burst and the silence after it; or a minute of silence.
    test::Samples heard() const {
        for (;;) {
            auto samples = test::recorded(file_);
            const auto pulses = test::pulses_in(samples);
            const double length_s = static_cast<double>(samples.size()) / view::sample_rate_hz;
            if (pulses.empty() ? length_s > 60 : length_s > pulses.back().end_s + 2) return samples;
            ::poll(nullptr, 0, 10);  // the driver tells nobody how far it is
        }
    }
    test::Scratch scratch_;
    const std::string file_ = (scratch_.path() / "sound.raw").string();
};

struct Alarm {
    Priority priority;
    std::size_t pulses;
    int hz;
    double shortest_s, longest_s;  // of a pulse
};
// IEC 60601-1-8, pulse and burst characteristics: 75 to 200 ms for high priority, 125 to 250 ms else.
constexpr Alarm alarms[] = {{Priority::high, 10, 523, 0.075, 0.200},
                            {Priority::medium, 3, 440, 0.125, 0.250},
                            {Priority::low, 1, 349, 0.125, 0.250}};

TEST_F(Loudspeaker, EachPriorityLeavesAsItsOwnBurst) {
    for (const Alarm& alarm : alarms) {
        SCOPED_TRACE(alarm.pulses);
        Sound sound;
        ASSERT_FALSE(sound.silent());
        sound.play(alarm.priority, 0);
        const auto samples = heard();
        const auto burst = test::first_burst(samples);
        ASSERT_EQ(burst.size(), alarm.pulses);
        EXPECT_EQ(test::recognised(samples), alarm.priority);
        for (const auto& pulse : burst) {
            EXPECT_NEAR(test::pitch_hz(samples, pulse), alarm.hz, 4);
            EXPECT_GE(pulse.length_s(), alarm.shortest_s);
            EXPECT_LE(pulse.length_s(), alarm.longest_s);
        }
    }
}

TEST_F(Loudspeaker, TheHighBurstKeepsItsRhythmOnTheWay) {
    Sound sound;
    sound.play(Priority::high, 0);
    const auto burst = test::first_burst(heard());
    ASSERT_EQ(burst.size(), 10U);
    constexpr double begins_s[] = {0.00, 0.25, 0.50, 1.00, 1.25, 2.00, 2.25, 2.50, 3.00, 3.25};
    for (std::size_t i = 0; i < burst.size(); ++i)
        EXPECT_NEAR(burst[i].begin_s - burst[0].begin_s, begins_s[i], 0.01) << i;
}

TEST_F(Loudspeaker, TheBurstComesAgainAfterItsPauseAndNotBefore) {
    Sound sound;
    sound.play(Priority::medium, 0);
    sound.play(Priority::medium, 5'000);
    (void)heard();
    EXPECT_EQ(test::pulses_in(test::recorded(file_)).size(), 3U) << "too early";
    sound.play(Priority::medium, 11'100);
    while (test::pulses_in(test::recorded(file_)).size() < 6) ::poll(nullptr, 0, 10);
}

TEST_F(Loudspeaker, WithoutAnAlarmThereIsSilence) {
    Sound sound;
    sound.play(Priority::none, 0);
    while (test::recorded(file_).size() < 5U * view::sample_rate_hz) ::poll(nullptr, 0, 10);
    EXPECT_TRUE(test::pulses_in(test::recorded(file_)).empty());
}

}  // namespace
}  // namespace basalt::console
