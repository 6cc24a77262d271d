// tests/unit/firmware/therapy_slot_rig.h: a ring, a motor and a journal for one TherapySlot; the guardian's part as
// small as it can be.
#pragma once
#include "device/firmware/therapy_slot.h"
#include "tests/support/fake_chip.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>

namespace basalt::firmware::test {

struct TherapySlotRig : testing::Test {
    Configuration configuration{.device_name = "Pump", .glucose_unit = GlucoseUnit::mg_dl, .basal = flat({1'200})};
    KnownLimits limits{10_U, 15_U, 12_U, 60_U, 24};
    std::optional<TherapySlot> therapy;
    hal::FirmwareTick tick;
    std::vector<hal::RingEntry> ring;
    basalt::test::Scratch scratch;
    std::optional<Journal> journal;

    static BasalRates flat(MilliUnitsPerHour rate) {
        BasalRates rates{};
        rates.fill(rate);
        return rates;
    }
    static CalculatorSettings settings() {
        CalculatorSettings s;
        s.carb_ratio.fill(100);
        s.correction_factor.fill(50);
        s.target.fill(110);
        s.most_at_once = 8_U;
        return s;
    }
    void SetUp() override {
        tick.tick = {300'000};
        tick.mode = hal::Mode::normal;
        configuration.calculator = settings();
        auto opened =
            Journal::open(basalt::test::keys_for(std::array<std::uint8_t, 32>{}),
                          {.directory = scratch.path(), .durability = storage::Durability::process_only}, tick.tick);
        ASSERT_TRUE(opened) << opened.error().what;
        journal.emplace(std::move(*opened));
        start();
    }
    /// Another start of the firmware, with what is on record.
    void start() {
        therapy.emplace(&configuration);
        therapy->set_limits(limits);
        const auto bolus = journal->setting("therapy.bolus"), temporary = journal->setting("therapy.temporary_basal");
        ASSERT_TRUE(bolus && temporary);
        EXPECT_TRUE(therapy->remember(*bolus, *temporary, tick.tick).empty());
        begin();
    }
    void begin() {
        therapy->begin(tick);
        read_ring();
    }
    void read_ring() {
        while (therapy->ring_waiting(newest())) {
            hal::RingEntries frame{.oldest = 1, .newest = newest()};
            for (std::uint32_t seq = therapy->ring_next(); seq <= newest() && frame.count < 16; ++seq)
                frame.entries[frame.count++] = ring[seq - 1];
            ASSERT_TRUE(therapy->note_ring(frame));
        }
        therapy->ring_read(newest());
    }
    std::uint32_t newest() const { return static_cast<std::uint32_t>(ring.size()); }
    /// So many seconds pass, the motor moves 25 mU in each; then a tick.
    void wait(std::uint64_t seconds = 1) {
        tick.tick = tick.tick + seconds;
        tick.second_of_day.seconds = static_cast<std::uint32_t>(tick.tick.seconds % 86'400);
        tick.motor.milli_units = std::min(
            tick.target.milli_units, tick.motor.milli_units + std::int64_t{25} * static_cast<std::int64_t>(seconds));
        begin();
    }
    void give(MilliUnits amount, hal::DoseSource source, MilliUnits of_profile = 100_mU) {
        tick.target = tick.target + amount;
        hal::RingEntry entry = append(hal::RingKind::dose, amount);
        entry.code = static_cast<std::uint8_t>(source);
        for (int i = 0; i < 4 && source != hal::DoseSource::firmware_bolus; ++i)
            entry.detail[static_cast<std::size_t>(4 + i)] = static_cast<std::uint8_t>(of_profile.count >> (8 * i));
        ring.back() = entry;
    }
    /// The motor is halted where it stands, as TakeBack and a stop do.
    MilliUnits halt() {
        const MilliUnits off{static_cast<std::int32_t>(tick.motor.milli_units - tick.target.milli_units)};
        tick.target = tick.motor;
        if (off != 0_mU) append(hal::RingKind::correction, off);
        return {-off.count};
    }
    /// A motor that was halted goes on for a moment, and the guardian finds it.
    void slide(MilliUnits by) {
        tick.target = tick.motor = tick.motor + by;
        append(hal::RingKind::correction, by);
        begin();
    }
    /// A slot without a basal dose: a portion is given when one is asked for. What was given.
    MilliUnits slot() {
        const auto ask = therapy->portion();
        if (!ask) return {};
        give(ask->amount, hal::DoseSource::firmware_bolus);
        therapy->note_answer(ask->request_id, hal::DoseVerdict::accepted);
        read_ring();
        return ask->amount;
    }
    bool order(MilliUnits amount, std::string_view who = "patient") {
        const auto proposed = therapy->propose({.amount = amount, .who = who}, 30_U);
        return proposed && therapy->confirm(amount, who);
    }
    void commit() {
        ASSERT_TRUE(therapy->record(*journal));
        ASSERT_TRUE(journal->commit());
    }
    /// The records of this kind, as people read them.
    std::vector<std::string> said(std::string_view what) const {
        std::vector<std::string> out;
        const auto events = journal->events(1, 1'000);
        for (const auto& logged : *events)
            if (logged.event.what == what)
                out.push_back(logged.event.who + ": " + in_words(logged.event, storage::Language::english));
        return out;
    }

  private:
    hal::RingEntry& append(hal::RingKind kind, MilliUnits amount) {
        hal::RingEntry entry;
        entry.seq = newest() + 1;
        entry.tick = tick.tick;
        entry.kind = kind;
        entry.amount = amount;
        entry.target = tick.target;
        ring.push_back(entry);
        return ring.back();
    }
};

}  // namespace basalt::firmware::test
