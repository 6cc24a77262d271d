// device/guardian/mode.h: the mode machine, whole. Every mode times every event stands in one table; a test walks all
// of it.
#pragma once
#include "device/hal/board_frames.h"

#include <array>
#include <utility>

namespace basalt::guardian {

enum class ModeEvent : std::uint8_t {
    accepted,   ///< the firmware proved by the TPM that it is the verified one
    reset,      ///< the firmware side starts from zero
    integrity,  ///< a trigger whose response is failsafe, or one that is latched since an earlier start
    stop,       ///< a person, or nothing to deliver from
    resume,     ///< a person, at the pump. What is latched is then applied again, so a resumed failsafe is a failsafe
    released,   ///< two people's badges; what is latched was cleared, and is latched again where its cause is still there
};

/// Failsafe is left by two people's release alone: what latched it outlives a restart too. Stopped is left by a person
/// alone, and not by a release.
constexpr hal::Mode next_mode(hal::Mode mode, ModeEvent event) noexcept {
    using enum hal::Mode;
    constexpr std::array<std::array<hal::Mode, 6>, 4> table{{
        //            accepted  reset     integrity stop     resume    released
        /* start_up */ {normal, start_up, failsafe, stopped, start_up, start_up},
        /* normal   */ {normal, start_up, failsafe, stopped, normal, normal},
        /* failsafe */ {failsafe, failsafe, failsafe, stopped, failsafe, start_up},
        /* stopped  */ {stopped, stopped, stopped, stopped, start_up, stopped},
    }};
    return table[std::to_underlying(mode)][std::to_underlying(event)];
}

}  // namespace basalt::guardian
