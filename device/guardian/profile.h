// device/guardian/profile.h: what a physician signs for one patient: the rates that go on whatever happens, the limits
// that no message can change, and whose badges release failsafe. Payload of a signed file of kind 5; page:
// docs/formats/profile.md.
#pragma once
#include "device/common/digest.h"
#include "device/guardian/dose_limits.h"

#include <array>
#include <expected>
#include <string_view>

namespace basalt::guardian {

enum class ReleaseRole : std::uint8_t { none = 0, physician = 1, biomedical = 2, nurse = 3 };
constexpr bool is_known(ReleaseRole role) noexcept { return role <= ReleaseRole::nurse; }

/// A badge that may be one of the two which release failsafe. An unused place is all zeros.
struct ReleaseKey {
    PublicKey key{};
    ReleaseRole role = ReleaseRole::none;
    std::uint32_t expires_day = 0;  ///< days since 1 January 1970; the key is good before that day
    // clang-format off
    template <class C> void fields(C& c) { c(key); c(role); c(expires_day); }
    // clang-format on
};

inline constexpr MilliUnitsPerHour highest_rate = 5000_mU_per_h;
inline constexpr std::int32_t rate_step_mu_per_h = 50;
inline constexpr std::uint8_t most_doses_per_hour =
    30;  ///< so that the ring remembers 24 hours: docs/formats/guardian-memory.md

struct Profile {
    static constexpr std::uint8_t number = 2;
    std::uint32_t generation = 0;               ///< 1, 2, 3 ...: a profile is replaced as a whole by the next one
    std::array<MilliUnitsPerHour, 24> rates{};  ///< from midnight, one for each hour of the day
    DoseLimits limits;
    MilliUnits failsafe_bolus;  ///< by the pump's button in failsafe mode, once in failsafe_bolus_every_s; 0: none
    std::array<ReleaseKey, 4> release_keys{};  ///< two or more, the used ones first
    Bytes<32> patient;                         ///< a pseudonym, never a name
    // clang-format off
    template <class C> void fields(C& c) { c(generation); c(rates); c(limits); c(failsafe_bolus); c(release_keys); c(patient); }
    // clang-format on
};
/// The payload is one such frame and nothing else: encode with this, and sign.
using ProfileFrames = FrameSet<'P', Profile>;

enum class ProfileFault : std::uint8_t {
    none = 0,
    malformed,
    no_generation,
    rate_out_of_range,
    rate_step,
    dose_limit,
    hour_limit,
    day_limit,
    cap_limit,
    rates_over_hour,
    rates_over_day,
    doses_out_of_range,
    release_keys,
    failsafe_bolus,
};
/// A sentence that says what is wrong. Never empty, never allocates.
std::string_view in_words(ProfileFault fault) noexcept;

/// What is wrong with the values, the first fault in the order above; `none`: it may be signed and used.
/// Rely on: total. A profile without a fault never breaks its own limits, whatever the hour of the day does.
ProfileFault fault_of(const Profile& profile) noexcept;

/// Reads a payload whose signature was found right, and checks its values.
std::expected<Profile, ProfileFault> read_profile(ByteView payload) noexcept;

/// The dose of one basal slot, and what is left over for the next: insulin is neither made nor lost by rounding.
struct SlotDose {
    MilliUnits amount;
    std::uint16_t remainder = 0;  ///< 1/3600 mU, 0 to 3599
};
SlotDose slot_dose(MilliUnitsPerHour rate, std::uint16_t remainder) noexcept;

/// The rate at this time of day; with a lost clock the lowest of all.
MilliUnitsPerHour rate_at(const Profile& profile, SecondOfDay now, bool clock_ok) noexcept;

}  // namespace basalt::guardian
