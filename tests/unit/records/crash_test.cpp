// The journal beside a guardian and a motor, cut after any of its acts: the ring is the truth for what was written
// down, the motor for what moved.
#include "tests/unit/records/record_keeper.h"

#include <random>

namespace basalt::firmware {
namespace {

struct PowerCut {};

constexpr int ticks = 12;
constexpr std::uint64_t slot_s = 300;

/// What is asked in a tick: basal always, sometimes a bolus, sometimes too much.
std::vector<test::Wish> wishes_of(int tick, std::uint32_t& next_request) {
    std::vector<test::Wish> wishes{{++next_request, {40 + tick}, hal::DoseKind::basal}};
    if (tick % 3 == 1) wishes.push_back({++next_request, {1000}, hal::DoseKind::bolus});
    if (tick % 4 == 2) wishes.push_back({++next_request, {6000}, hal::DoseKind::bolus});  // refused
    return wishes;
}

/// Plays `ticks` slots. cut(n) says whether the power goes after the n-th act of the firmware; the guardian then gives
/// the profile's dose alone for some slots, until the firmware is back. Returns how many acts there were.
std::size_t play(const std::function<bool(std::size_t)>& cut, std::size_t ring_size = 1024) {
    test::CrashDisk disk;
    test::FakeGuardian guardian{ring_size};
    std::optional<Journal> journal;
    std::uint32_t next_request = 0;
    std::size_t acts = 0;
    int down_for = 0;
    const auto act = [&] {
        guardian.move(25);
        if (cut(++acts)) throw PowerCut{};
    };
    const auto start = [&] {
        auto opened = test::open_journal(disk, guardian.now);
        ASSERT_TRUE(opened) << opened.error().what;
        journal.emplace(std::move(*opened));
        act();
    };
    const auto turn = [&](int tick) {
        try {
            if (!journal) start();
            test::keep_records(*journal, guardian, wishes_of(tick, next_request), act);
        } catch (const PowerCut&) {
            journal.reset();
            down_for = 1 + static_cast<int>(acts % 3);
        }
    };
    for (int tick = 0; tick < ticks; ++tick) {
        guardian.now = {slot_s * static_cast<std::uint64_t>(tick + 1)};
        if (tick % 5 == 3) guardian.enter(hal::Mode::normal);
        if (down_for > 0) {
            --down_for;
            guardian.give_profile_dose({50});
        } else {
            turn(tick);
        }
        guardian.move(tick % 4 == 0 ? 100 : 10'000);
        if (tick % 6 == 5) guardian.give_up();
    }
    guardian.move(1'000'000);
    guardian.now = guardian.now + slot_s;
    if (!journal) {
        auto opened = test::open_journal(disk, guardian.now);
        EXPECT_TRUE(opened) << opened.error().what;
        if (!opened) return acts;
        journal.emplace(std::move(*opened));
    }
    EXPECT_TRUE(journal->note_tick(guardian.tick()));
    test::import_all(*journal, guardian);
    // Nothing more to come: a tick later all answers are known.
    guardian.now = guardian.now + 1;
    EXPECT_TRUE(journal->note_tick(guardian.tick()));
    EXPECT_TRUE(journal->commit());
    test::expect_truth(*journal, guardian);
    EXPECT_GT(guardian.motor().milli_units, 200);
    return acts;
}

TEST(JournalCrash, WithoutACutEveryDoseIsOnRecord) {
    EXPECT_GT(play([](std::size_t) { return false; }), 60U);
}

TEST(JournalCrash, CutAfterAnyActNoDoseIsTwiceAndNoneIsMissing) {
    const std::size_t acts = play([](std::size_t) { return false; });
    for (std::size_t at = 1; at <= acts; ++at) {
        SCOPED_TRACE(at);
        play([at](std::size_t n) { return n == at; });
        if (testing::Test::HasFailure()) return;
    }
}

TEST(JournalCrash, CutAgainAndAgainAtRandomActsNoDoseIsTwiceAndNoneIsMissing) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 random{seed};
        const std::uint64_t one_in = 3 + seed % 12;
        play([&](std::size_t) { return random() % one_in == 0; });
        if (testing::Test::HasFailure()) return;
    }
}

}  // namespace
}  // namespace basalt::firmware
