// scenarios/bench/release.h: two people at the device's own badge reader release failsafe. A badge is a token file: a
// P-256 key as PEM, as device init makes them in host/badges. What is signed: docs/formats/hal-frames.md, "The badge
// seam".
#pragma once
#include "scenarios/bench/simulation.h"
#include "scenarios/engine/text.h"

#include <filesystem>
#include <span>
#include <vector>

namespace basalt::bench {

struct ReleaseTry {
    hal::ReleaseVerdict verdict = hal::ReleaseVerdict::later;
    std::uint64_t triggers = 0;  ///< what was latched when they signed: bits of the alarm table
};

/// Both badges sign what the guardian asks for. `memory` is the guardian's: the profile in it says in which place each
/// badge stands; a badge that stands in none is shown to the guardian all the same, and refused by it. `day`: what the
/// board's clock says, days since 1 January 1970; 0 when it was lost.
/// Errors: missing, unreadable (a badge file); usage (the device is off); check_failed (no answer).
Result<ReleaseTry> release_by_badges(Simulation& simulation, MemoryStore& memory,
                                     const std::array<std::filesystem::path, 2>& badges, std::uint32_t day);

/// Something that holds a pump in failsafe, as the alarm table says it.
struct FailsafeCause {
    std::string_view id;  ///< for programs
    scenarios::Words what, next;
};
/// Those among these bits of the alarm table that failsafe follows from.
std::vector<FailsafeCause> failsafe_causes(std::uint64_t alarms);

struct ReleaseWords {
    hal::ReleaseVerdict verdict;
    std::string_view id;    ///< for programs
    scenarios::Words what;  ///< cause
    scenarios::Words next;  ///< next step
};
const ReleaseWords& words_of(hal::ReleaseVerdict verdict) noexcept;
/// One row for each verdict.
std::span<const ReleaseWords> release_words() noexcept;

}  // namespace basalt::bench
