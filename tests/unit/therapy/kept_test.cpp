#include "device/firmware/therapy/kept.h"

#include "tests/support/page.h"
#include "tests/unit/therapy/bolus_rig.h"

#include <random>

namespace basalt::firmware {
namespace {
using test::BolusRig;

/// The values of the page's example.
Bolus example_bolus() {
    BolusRig rig;
    Bolus bolus = rig.running(3'500_mU);
    const auto ask = rig.slot(bolus);
    EXPECT_TRUE(ask);
    if (ask) rig.accept(bolus, *ask);
    return bolus;
}
TemporaryBasal example_temporary() {
    return set_temporary(-50, 3'600, "nurse-2", {300'000}, hal::Mode::normal, {}).value_or(TemporaryBasal{});
}

std::string without_breaks(std::string text) {
    std::erase_if(text, [](char c) { return c == '\n' || c == ' '; });
    return text;
}

TEST(TherapyPage, ItsExamplesAreWhatIsKeptAndReadBack) {
    const auto blocks = basalt::test::example_texts("therapy.md");
    ASSERT_EQ(blocks.size(), 2U);
    EXPECT_EQ(without_breaks(blocks[0]), to_text(example_bolus()));
    EXPECT_EQ(without_breaks(blocks[1]), to_text(example_temporary()));
}

TEST(KeptTherapy, EveryValueComesBackAsItWasAndFitsASetting) {
    const Bolus bolus = example_bolus();
    const auto back = bolus_of(to_text(bolus));
    ASSERT_TRUE(back);
    EXPECT_EQ(to_text(*back), to_text(bolus));
    EXPECT_EQ(back->accepted, bolus.accepted);
    EXPECT_TRUE(bolus_of(to_text(Bolus{})));
    EXPECT_TRUE(temporary_of(to_text(example_temporary())));
    EXPECT_TRUE(temporary_of(to_text(TemporaryBasal{})));
    Bolus longest = bolus;  // with both names as long as they may be
    longest.who = longest.ended_by = *account_name(std::string(32, 'x'));
    EXPECT_LE(to_text(longest).size(), 512U);
}

TEST(KeptTherapy, WhatCannotHaveBeenMadeHereIsNotUsed) {
    const auto refused = [](auto change) {
        Bolus b = example_bolus();
        change(b);
        EXPECT_FALSE(bolus_of(to_text(b)));
    };
    refused([](Bolus& b) { b.amount = {3'510}; });
    refused([](Bolus& b) { b.amount = 30'050_mU; });
    refused([](Bolus& b) { b.accepted = b.amount + 1_mU; });
    refused([](Bolus& b) { b.accepted = {-1}; });
    refused([](Bolus& b) { b.asked = b.amount; });
    refused([](Bolus& b) { b.portion = 0_mU; });
    refused([](Bolus& b) { b.last_short = b.last + 1_mU; });
    refused([](Bolus& b) { b.who = {}; });
    refused([](Bolus& b) { b.confirmed_at = {UINT64_MAX}; });
    refused([](Bolus& b) { b.last_end = {-1}; });
    refused([](Bolus& b) {  // found by fuzzing: no bolus, of which less than nothing was given
        b = {};
        b.last_short = {1};
    });
    refused([](Bolus& b) { b.who.data[0] = 0x1b; });
    TemporaryBasal t = example_temporary();
    t.percent = -25;
    EXPECT_FALSE(temporary_of(to_text(t)));
    t = example_temporary();
    t.until = t.from + longest_temporary_s + 1;
    EXPECT_FALSE(temporary_of(to_text(t)));
    t = example_temporary();
    t.from = {UINT64_MAX - 10};
    t.until = {UINT64_MAX};
    EXPECT_FALSE(temporary_of(to_text(t)));
    EXPECT_FALSE(bolus_of(to_text(example_temporary())));  // another value
    EXPECT_FALSE(bolus_of(""));
    EXPECT_FALSE(bolus_of("5"));
    EXPECT_FALSE(bolus_of(std::string(100'000, '0')));
    EXPECT_FALSE(
        temporary_of("5402"
                     "0X"));
    EXPECT_FALSE(bolus_of("5403"));  // a number that no value has
}

TEST(KeptTherapy, ADamagedTextIsReadAsNothingOrAsSomethingThatCouldBe) {
    const std::string whole = to_text(example_bolus());
    for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
        std::mt19937_64 rng{seed};
        std::string text = whole.substr(0, whole.size() - rng() % 3);
        text[rng() % text.size()] = "0123456789abcdefg"[rng() % 17];
        const auto bolus = bolus_of(text);
        if (!bolus) continue;
        EXPECT_LE(bolus->accepted + bolus->asked, bolus->amount);
        EXPECT_GE(given(*bolus), 0_mU);
        const Step step = advance(after_restart(*bolus, {1}), {.now = {1}, .mode = hal::Mode::normal});
        EXPECT_FALSE(step.ask);
    }
}

}  // namespace
}  // namespace basalt::firmware
