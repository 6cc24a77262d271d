// device/firmware/therapy/temporary_basal.h: less or a little more basal insulin for a while. A value with who set it;
// what each basal slot gets follows from it and from the tick alone. None until a person resumes is the guardian's
// stop: docs/decisions/0030-one-way-of-being-stopped.md.
#pragma once
#include "device/firmware/therapy/account_name.h"
#include "device/firmware/therapy/basal.h"
#include "device/firmware/therapy/dose_room.h"
#include "device/firmware/therapy/words.h"

#include <expected>

namespace basalt::firmware {

/// 30 to 100 % less, or 10 to 30 % more, in steps of 10 %.
constexpr bool is_settable_percent(std::int32_t percent) noexcept {
    return percent % 10 == 0 && ((percent >= -100 && percent <= -30) || (percent >= 10 && percent <= 30));
}
/// In steps of 15 minutes, at most 4 hours.
inline constexpr std::uint32_t temporary_step_s = 900, longest_temporary_s = 4 * 3'600;

/// `percent` 0: none is set. Its end is a tick: no change of the clock makes it longer. Keep it by to_text() of kept.h
/// when it changes; a restart goes on with it until the same end.
struct TemporaryBasal {
    static constexpr std::uint8_t number = 2;
    std::int32_t percent = 0;
    Tick from{}, until{};
    AccountName who{};
    // clang-format off
    template <class C> void fields(C& c) { c(percent); c(from); c(until); c(who); }
    // clang-format on
};
constexpr bool is_active(const TemporaryBasal& t, Tick now) noexcept {
    return t.percent != 0 && t.from <= now && now < t.until;
}

enum class TemporaryFault : std::uint8_t {
    not_settable,
    bad_duration,
    bad_name,
    not_normal,  ///< the guardian gives the profile's rates, or nothing: no rate of the firmware's holds
    no_room,
    not_set,
};
Words in_words(TemporaryFault fault) noexcept;

/// Replaces one that is active. `with_it`: room() of dose_room.h when basal_to_come() has this rate; a higher one that
/// leaves none is refused, because its doses could break the guardian's limits.
std::expected<TemporaryBasal, TemporaryFault> set_temporary(std::int32_t percent, std::uint32_t seconds,
                                                            std::string_view who, Tick now, hal::Mode mode,
                                                            const Room& with_it);
/// Back to the plan from the next slot on. The value keeps who ended it, and is not active.
std::expected<TemporaryBasal, TemporaryFault> end_temporary(const TemporaryBasal& active, std::string_view who,
                                                            Tick now);

/// What the basal slot of `seconds` from `from` gets, which begins at `now`.
/// Rely on:  a slot that a temporary rate ends or begins in is cut there to the second; percents apply to the rates of
///           the half hours, without rounding them to a step. Spans that touch add up; each end of a temporary rate,
///           and a midnight in it, moves less than 1 mU. Without one, basal_amount() to the mU.
MilliUnits basal_due(const BasalRates& rates, SecondOfDay from, std::uint32_t seconds, Tick now,
                     const TemporaryBasal& temporary) noexcept;
/// No slot of this plan gets more, with `percent` for as long as it lasts. Rounded up.
MilliUnits most_basal_slot(const BasalRates& rates, std::int32_t percent) noexcept;
/// What dose_room.h keeps free, for a plan that is not above the profile. `due`: the slot of this tick has not had its
/// dose.
BasalToCome basal_to_come(const BasalRates& rates, const TemporaryBasal& temporary, bool due) noexcept;

/// For the screen; empty when there is nothing to say.
Sentence in_words(const TemporaryBasal& temporary, Tick now);

}  // namespace basalt::firmware
