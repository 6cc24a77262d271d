// device/firmware/people/done_by.h: who in the firmware carries out an operation with these values. The desk asks it
// before anybody presses or signs; PeopleAtWork answers the desk from it.
#pragma once
#include "device/firmware/people/hands.h"

namespace basalt::firmware {

enum class DoneBy : std::uint8_t {
    nobody,   ///< the operation is not built, or not with these values
    desk,     ///< accounts, badges, the place of use, reviews
    therapy,  ///< insulin: PeopleAtWork
};
/// Whether the values are in range is not looked at: whoever carries it out refuses in words.
DoneBy done_by(access::Operation operation, const Values& values) noexcept;

/// What a temporary rate is now, whichever of temporary_basal_down and temporary_basal_up was named, beside one of
/// `running` percent that has `left_s` to go (0 and 0: none): up where at any moment more insulin would flow than
/// without it, else down. So the end of a lowered rate (`percent` 0) is up, and the end of a raised one down. Every
/// other operation is what it was named.
access::Operation by_effect(access::Operation named, const Values& values, std::int32_t running,
                            std::uint64_t left_s) noexcept;

}  // namespace basalt::firmware
