// Failsafe is left by two people's badges, and by nothing else.
#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

namespace basalt::guardian {
namespace {
using test::World;
using enum hal::ReleaseVerdict;

/// Failsafe by a cause that is over: the case was opened and closed.
void be_in_failsafe(World& world) {
    world.become_normal();
    world.board.sensors.case_open = true;
    world.play(world.now + 1);
    world.board.sensors.case_open = false;
    world.run_for(320);
    ASSERT_EQ(world.mode(), hal::Mode::failsafe);
    ASSERT_TRUE(world.shows(Trigger::case_opened));
}

TEST(Release, TwoBadgesLeaveFailsafeAndNormalModeIsEarnedAnew) {
    World world;
    be_in_failsafe(world);
    const auto generation = world.state().kept.header.generation;
    const auto resets = world.resets;
    EXPECT_EQ(world.release(World::signed_by_both(world.ask_release())), released);
    EXPECT_EQ(world.mode(), hal::Mode::start_up);
    EXPECT_GT(world.state().kept.header.generation, generation);
    EXPECT_EQ(world.resets, resets + 1);
    world.play(world.now + 1);
    EXPECT_FALSE(world.shows(Trigger::case_opened));
    EXPECT_FALSE(world.signals.network_isolated);
    world.run_for(20);
    EXPECT_EQ(world.mode(), hal::Mode::normal);
    world.power_off();
    world.start();
    world.next = world.now;
    world.run_for(300);
    EXPECT_EQ(world.mode(), hal::Mode::normal);
    EXPECT_EQ(world.motor, world.on_record());
}

TEST(Release, TheRingSaysWhoseBadgesAndWhatWasReleased) {
    World world;
    be_in_failsafe(world);
    auto release = World::signed_by_both(world.ask_release());
    std::swap(release.by[0], release.by[1]);  // in which order they come is all the same
    ASSERT_EQ(world.release(release), released);
    const auto kept = world.kept();
    const auto entry = std::ranges::find(kept->ring.entries, hal::RingKind::release, &hal::RingEntry::kind);
    ASSERT_NE(entry, kept->ring.entries.end());
    const auto detail = from_detail<hal::ReleaseDetail>(*entry);
    EXPECT_EQ(detail.triggers, bit_of(Trigger::case_opened));
    EXPECT_EQ(detail.keys, (std::array<std::uint8_t, 2>{1, 0}));
    EXPECT_EQ(kept->header.latched, 0U);
}

TEST(Release, WhatIsStillTrueLatchesAgainAtOnce) {
    World world;
    be_in_failsafe(world);
    world.board.sensors.light_lux = 400;
    world.run_for(10);
    ASSERT_EQ(world.release(World::signed_by_both(world.ask_release())), released);
    world.play(world.now + 1);
    EXPECT_EQ(world.mode(), hal::Mode::failsafe);
    EXPECT_TRUE(world.shows(Trigger::light_in_case));
    EXPECT_FALSE(world.shows(Trigger::case_opened));

    World images;
    images.report.launched = false;
    images.report.slot = hal::Slot::none;
    images.report.firmware_a = images.report.firmware_b = ImageVerdict::bad_signature;
    images.start();
    images.next = images.now;
    images.run_for(30);
    ASSERT_EQ(images.mode(), hal::Mode::failsafe);
    ASSERT_EQ(images.release(World::signed_by_both(images.ask_release())), released);
    images.next = images.now + 1;
    images.run_for(30);
    EXPECT_EQ(images.mode(), hal::Mode::failsafe);
    EXPECT_TRUE(images.shows(Trigger::both_slots_refused));
    images.report = test::good_report();
    ASSERT_EQ(images.release(World::signed_by_both(images.ask_release())), released);
    images.next = images.now + 1;
    images.run_for(30);
    EXPECT_EQ(images.mode(), hal::Mode::normal);
}

TEST(Release, APersonsStopIsAnotherGesture) {
    World world;
    be_in_failsafe(world);
    world.hold(4);
    ASSERT_EQ(world.mode(), hal::Mode::stopped);
    const auto motor = world.motor;
    EXPECT_EQ(world.release(World::signed_by_both(world.ask_release())), released);
    world.next = world.now + 1;
    world.run_for(900);
    EXPECT_EQ(world.mode(), hal::Mode::stopped);
    EXPECT_TRUE(world.shows(Trigger::delivery_stopped));
    EXPECT_EQ(world.motor, motor);
    world.hold(10);
    world.run_for(600);
    EXPECT_EQ(world.mode(), hal::Mode::normal);
}

TEST(Release, EachThingThatIsWrongIsRefusedForItsOwnReason) {
    struct Case {
        hal::ReleaseVerdict verdict;
        void (*spoil)(hal::Release&);
    };
    World world;
    Profile profile = test::some_profile();
    profile.release_keys[2] = {test::TestKey{"another physician"}.public_key, ReleaseRole::physician, 30'000};
    profile.release_keys[3] = {test::TestKey{"a nurse"}.public_key, ReleaseRole::nurse, 30'000};
    world.memory = *new_memory(test::provisioning_with(test::signed_profile(profile)));
    be_in_failsafe(world);
    for (const Case& c : std::initializer_list<Case>{
             {old_nonce, [](hal::Release& r) { r.terms.nonce[7] ^= 1; }},
             {other_device, [](hal::Release& r) { r.terms.device[0] ^= 1; }},
             {other_triggers, [](hal::Release& r) { r.terms.triggers = 0; }},
             {other_triggers, [](hal::Release& r) { r.terms.triggers |= 1; }},
             {unknown_badge, [](hal::Release& r) { r.by[1].key = 4; }},
             {unknown_badge, [](hal::Release& r) { r.by[0].key = 255; }},
             {same_badge, [](hal::Release& r) { r.by[1] = r.by[0]; }},
             {same_role, [](hal::Release& r) { r.by[1].key = 2; }},
             {wrong_role, [](hal::Release& r) { r.by[1].key = 3; }},
             {wrong_role, [](hal::Release& r) { r.by[0].key = 3; }},
             {day_unknown, [](hal::Release& r) { r.day = 0; }},
             {expired, [](hal::Release& r) { r.day = 30'000; }},
             {bad_signature, [](hal::Release& r) { r.by[0].signature[20] ^= 1; }},
             {bad_signature, [](hal::Release& r) { r.by[1].signature = {}; }},
             {bad_signature, [](hal::Release& r) { std::swap(r.by[0].signature, r.by[1].signature); }}}) {
        auto release = World::signed_by_both(world.ask_release());
        c.spoil(release);
        EXPECT_EQ(world.release(release), c.verdict);
        world.play(world.now + 1);
        EXPECT_EQ(world.mode(), hal::Mode::failsafe);
    }
    auto last_day = World::signed_by_both(world.ask_release());
    last_day.day = 29'999;
    EXPECT_EQ(world.release(last_day), released);
    EXPECT_EQ(world.release(last_day), not_in_failsafe);
}

TEST(Release, WhatWasSignedForAnotherMomentOrDeviceOrListFitsNoOther) {
    // The terms that come with it are forged to be the present ones: the signatures are over what was signed.
    World world;
    be_in_failsafe(world);
    const auto earlier = world.ask_release();
    for (int change = 0; change < 3; ++change) {
        auto signed_terms = world.ask_release();
        if (change == 0) signed_terms.nonce[0] ^= 1;
        if (change == 1) signed_terms.device[3] ^= 1;
        if (change == 2) signed_terms.triggers = bit_of(Trigger::bad_frames);
        auto release = World::signed_by_both(signed_terms);
        release.terms = world.ask_release();
        EXPECT_EQ(world.release(release), bad_signature);
        world.play(world.now + 1);
    }
    // A new latch, a reset, a release: each makes what was signed before worthless.
    world.board.sensors.light_lux = 100;
    world.play(world.now + 1);
    world.board.sensors.light_lux = 0;
    world.play(world.now + 1);
    EXPECT_NE(world.ask_release().nonce, earlier.nonce);
    EXPECT_EQ(world.release(World::signed_by_both(earlier)), old_nonce);
    world.run_for(20);
    const auto before_reset = world.ask_release();
    world.power_off();
    world.start();
    world.next = world.now;
    world.run_for(20);
    EXPECT_EQ(world.ask_release().triggers, before_reset.triggers);
    EXPECT_EQ(world.release(World::signed_by_both(before_reset)), old_nonce);
    const auto used = World::signed_by_both(world.ask_release());
    ASSERT_EQ(world.release(used), released);
    world.board.sensors.light_lux = 100;
    world.board.sensors.case_open = true;
    world.play(world.now + 1);
    world.board.sensors.case_open = false;
    world.board.sensors.light_lux = 0;
    world.run_for(20);
    ASSERT_EQ(world.mode(), hal::Mode::failsafe);
    EXPECT_EQ(world.release(used), old_nonce);  // the same list is latched, and it was released once
}

TEST(Release, OnlyTwoAreLookedAtBetweenTwoTicksAndNoneInTheMidstOfOne) {
    World world;
    be_in_failsafe(world);
    const auto good = World::signed_by_both(world.ask_release());
    auto bad = good;
    bad.by[0].signature[0] ^= 1;
    EXPECT_EQ(world.release(bad), bad_signature);
    EXPECT_EQ(world.release(bad), bad_signature);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(world.release(good), later);
    bool tried = false;
    world.firmware = [&](World& w, const hal::FirmwareTick&) {
        tried = true;
        w.board_says(good);
    };
    world.release_answer.reset();
    world.run_for(300);
    ASSERT_TRUE(tried && world.release_answer);
    EXPECT_EQ(world.release_answer->verdict, later);
    EXPECT_EQ(world.mode(), hal::Mode::failsafe);
}

TEST(Release, CutAtEveryEffectItIsDoneOrNotAndTheRecordSaysWhich) {
    bool both[2] = {false, false};
    for (std::size_t cut = 0; cut < 12; ++cut) {
        SCOPED_TRACE(cut);
        World world;
        be_in_failsafe(world);
        const auto release = World::signed_by_both(world.ask_release());
        world.release_answer.reset();
        world.cut_after = cut;
        world.board_says(release);
        world.cut_after.reset();
        const bool told = world.release_answer && world.release_answer->verdict == released;
        if (!world.guardian) world.start();
        world.next = world.now + 1;
        world.run_for(300);
        const auto kept = world.kept();
        const bool on_record = std::ranges::find(kept->ring.entries, hal::RingKind::release, &hal::RingEntry::kind) !=
                               kept->ring.entries.end();
        EXPECT_EQ(world.mode(), on_record ? hal::Mode::normal : hal::Mode::failsafe);
        EXPECT_TRUE(on_record || !told);
        both[on_record ? 1 : 0] = true;
    }
    EXPECT_TRUE(both[0] && both[1]);
}

TEST(Release, APumpWhoseProfileDoesNotVerifyHasNoReleaseKeys) {
    World world;
    be_in_failsafe(world);
    world.power_off();
    world.memory[layout::profile + 300] ^= 1;
    world.memory[layout::profile + layout::profile_size + 300] ^= 1;
    world.start();
    world.play(world.now + 1);
    EXPECT_EQ(world.release(World::signed_by_both(world.ask_release())), unknown_badge);
    EXPECT_EQ(world.mode(), hal::Mode::stopped);
}

TEST(Release, NothingElseThatIsSaidLeavesFailsafe) {
    for (const std::uint64_t seed : test::seeds(8)) {
        SCOPED_TRACE(seed);
        test::Rng rng{seed};
        World world;
        be_in_failsafe(world);
        const auto earlier = World::signed_by_both(world.ask_release());
        world.power_off();
        world.start();
        world.next = world.now;
        world.firmware_wish_s = 30;
        world.firmware = [&](World& w, const hal::FirmwareTick& tick) {
            test::good_firmware()(w, tick);
            w.say(hal::ResumeRequest{});
            w.say(hal::StopRequest{});
            w.say(hal::TakeBack{});
            // A frame of the badge seam in the firmware's own channel is no frame of it.
            auto stray = hal::BoardFrames::encode(earlier);
            if (rng.one_in(2)) stray.data[0] = 'D';
            w.firmware_says(stray.view());
        };
        for (int i = 0; i < 200; ++i) {
            world.play(std::max(world.next, world.now + 1));
            auto release = earlier;
            if (rng.one_in(2)) release.terms = world.ask_release();
            if (rng.one_in(3)) release.by[rng.one_in(2) ? 1 : 0].key = static_cast<std::uint8_t>(rng.between(0, 255));
            if (rng.one_in(3)) release.day = static_cast<std::uint32_t>(rng.between(0, 40'000));
            if (rng.one_in(3))
                for (auto& byte : release.by[1].signature) byte = static_cast<std::uint8_t>(rng.between(0, 255));
            EXPECT_NE(world.release(release), released);
            auto packet = hal::BoardFrames::encode(release);
            packet.data[static_cast<std::size_t>(rng.between(0, 100))] ^= 0x10;
            world.guardian->on_board(packet.view().first(static_cast<std::size_t>(rng.between(2, 196))));
            ASSERT_EQ(world.mode(), hal::Mode::failsafe);
        }
    }
}

}  // namespace
}  // namespace basalt::guardian
