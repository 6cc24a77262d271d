// tests/integration/therapy/small_firmware.h: the therapy in a slot of the guardian, in the order that
// docs/formats/therapy.md gives, with no more around it than that needs.
#pragma once
#include "device/firmware/therapy/kept.h"
#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

namespace basalt::firmware::test {

class SmallFirmware {
  public:
    SmallFirmware(const guardian::Profile& profile, const BasalRates& rates)
        : limits_{profile.limits.per_dose, profile.limits.per_hour, profile.limits.beyond_profile_in_4_h,
                  profile.limits.per_day, profile.limits.doses_per_hour},
          rates_(rates) {}

    Bolus bolus;
    TemporaryBasal temporary;
    std::string kept = to_text(Bolus{});  ///< what the last slot that ended made durable
    Moment moment;
    std::optional<DoseRoom> room;
    int portions_asked = 0, refused = 0;

    /// Power came back: nothing is left but what was kept and the guardian's ring.
    void begin_again(Tick now) {
        const auto found = bolus_of(kept);
        ASSERT_TRUE(found);
        bolus = after_restart(*found, now);
        doses_.clear();
        ring_next_ = 1;
    }

    void slot(guardian::test::World& world, const hal::FirmwareTick& tick) {
        if (!world.welcome || !world.welcome->accepted) {
            world.say(hal::ShareRequest{});
            world.prove(world.challenge);
        }
        read_ring(world);
        look(tick);
        bool answered = true;
        const bool normal = tick.mode == hal::Mode::normal && world.welcome && world.welcome->accepted;
        if (tick.basal_due && normal) {
            const MilliUnits amount = basal_due(rates_, tick.second_of_day, 300, tick.tick, temporary);
            if (world.ask(amount, hal::DoseKind::basal) != hal::DoseVerdict::accepted) ++refused;
        } else {
            const Step step = advance(bolus, moment);
            bolus = step.bolus;
            if (step.ask) {
                ++portions_asked;
                hal::DoseRequest request;
                request.request_id = step.ask->request_id;
                request.amount = step.ask->amount;
                request.kind = hal::DoseKind::bolus;
                world.answer.reset();
                world.say(request);
                answered = world.answer.has_value();
                if (answered) {
                    EXPECT_EQ(world.answer->verdict, hal::DoseVerdict::accepted);
                    bolus = note_answer(bolus, world.answer->request_id, world.answer->verdict, tick.tick);
                }
            }
        }
        read_ring(world);
        look(tick);
        if (world.guardian && answered) kept = to_text(bolus);
        world.firmware_wish_s = is_over(bolus) ? 300 : 1;
    }

    /// With this temporary rate instead of the present one.
    Room room_with(const TemporaryBasal& other) const {
        return DoseRoom{limits_, doses_, moment.now, basal_to_come(rates_, other, true)}.room();
    }

  private:
    void look(const hal::FirmwareTick& tick) {
        room.emplace(limits_, doses_, tick.tick, basal_to_come(rates_, temporary, tick.basal_due));
        moment = {tick.tick, tick.mode, tick.motor, tick.target, ring_next_ - 1, room->room()};
    }
    void read_ring(guardian::test::World& world) {
        for (;;) {
            world.ring_answer.reset();
            hal::RingRequest request;
            request.from = ring_next_;
            world.say(request);
            if (!world.ring_answer || world.ring_answer->count == 0) return;
            for (std::size_t i = 0; i < world.ring_answer->count; ++i) note(world.ring_answer->entries[i]);
        }
    }
    void note(const hal::RingEntry& entry) {
        ring_next_ = entry.seq + 1;
        bolus = note_ring(bolus, entry);
        if (entry.kind != hal::RingKind::dose) return;
        PastDose dose{.at = entry.tick, .amount = entry.amount, .moved = entry.amount};
        dose.bolus = entry.code == static_cast<std::uint8_t>(hal::DoseSource::firmware_bolus);
        for (int byte = 3; byte >= 0 && !dose.bolus; --byte)
            dose.of_profile.count = dose.of_profile.count * 256 + entry.detail[static_cast<std::size_t>(4 + byte)];
        doses_.push_back(dose);
    }

    KnownLimits limits_;
    BasalRates rates_;
    std::vector<PastDose> doses_;
    std::uint32_t ring_next_ = 1;
};

}  // namespace basalt::firmware::test
