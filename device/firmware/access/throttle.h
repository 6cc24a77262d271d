// device/firmware/access/throttle.h: how long somebody waits after wrong passwords. It slows the doors of passwords and
// links, and nothing else: the pump's button, a badge and emergency access never ask it.
#pragma once
#include "device/common/units.h"
#include "device/firmware/access/vocabulary.h"

#include <expected>
#include <string>

namespace basalt::access {

/// What is counted on one door: small, and stored before the answer is given, so that a power cut takes nothing back.
struct Door {
    std::uint32_t failures = 0;      ///< in a row
    std::uint64_t charged_at_s = 0;  ///< device time of the last try
    template <class C>
    void fields(C& c) {
        c(failures);
        c(charged_at_s);
    }
    friend bool operator==(const Door&, const Door&) = default;
};

/// A try at the pump itself, its button pressed, has doors of its own: who only reaches the network can never make the
/// patient at the pump wait.
enum class DoorKind : std::uint8_t { account, account_at_pump, link };

/// 256 doors of each kind, chosen by a hash of the name. So a name that no account has counts and waits like any other,
/// and invented names fill no memory. Two accounts may share a door: each then waits for the other's failures.
struct DoorId {
    DoorKind kind = DoorKind::account;
    std::uint8_t bucket = 0;
    constexpr std::uint16_t number() const noexcept {
        return static_cast<std::uint16_t>(std::to_underlying(kind) * 256U + bucket);
    }
    friend bool operator==(DoorId, DoorId) = default;
};
inline constexpr std::size_t door_count = 3 * 256;
DoorId door_of(DoorKind kind, std::string_view name) noexcept;

inline constexpr std::uint32_t free_tries = 3;
inline constexpr std::uint64_t longest_wait_s = 300;
/// After so many failures in a row an account's password is taken at the pump alone (NIST SP 800-63B-4, 3.2.2: at most
/// 100). No account is ever closed: at home a bolus needs the password.
inline constexpr std::uint32_t most_remote_failures = 100;

/// Seconds from the last try to the next: 0 for the first three failures' tries, then 2, 4, 8 ... 256, 300.
constexpr std::uint64_t wait_after(std::uint32_t failures) noexcept {
    if (failures < free_tries) return 0;
    const std::uint32_t n = failures - free_tries + 1;
    return n >= 9 ? longest_wait_s : std::uint64_t{1} << n;
}

/// Why no try is taken now. Nothing was checked and nothing is charged.
struct Hold {
    std::uint64_t wait_s = 0;   ///< 1 to longest_wait_s; 0 with only_at_pump
    bool only_at_pump = false;  ///< too many failures over the network
    friend bool operator==(Hold, Hold) = default;
};

/// The door after one more try, counted as a failure before anybody looks whether it is one. Store it, then check the
/// password. A link is forgiven one failure for each longest_wait_s that it was quiet; an account never.
/// Rely on:  total. A clock behind the last try (which device time never is) waits no longer than longest_wait_s.
std::expected<Door, Hold> charge(const Door& door, DoorKind kind, Tick now) noexcept;

/// What to store when the password was right, given the door before charge(): an account's is clear again; a link's is
/// what it was, so that one right password buys no new guesses at others.
Door after_success(const Door& before, DoorKind kind) noexcept;

/// Cause, effect and next step in one sentence each.
std::string in_words(Hold hold, Language language);

}  // namespace basalt::access
