// device/link/defences.h: the eight defences of EN 50159 against what a network can do to a message. Each decides in
// one function, in a file of its own (device/link/defences/), so that a training build can link a twin that is switched
// off.
#pragma once
#include "device/link/messages.h"

namespace basalt::link {

/// Bits of `switched_off`, beside those of device/common/authority.h. Production reads none of them.
enum class LinkDefence : std::uint32_t {
    sequence_number = 1U << 8,
    time_stamp = 1U << 9,
    time_out = 1U << 10,
    addresses = 1U << 11,
    feedback = 1U << 12,
    identification = 1U << 13,
    safety_code = 1U << 14,
    cryptography = 1U << 15,
};
inline constexpr std::uint32_t all_link_defences = 0xff00;

// Rely on: pure and total. In production `switched_off` changes nothing.
// Source:  EN 50159:2010, Table 1; R25.

/// The number is exactly the one that comes next: none missing, none twice, none before its turn.
bool in_sequence(std::uint64_t expected, std::uint64_t got, std::uint32_t switched_off) noexcept;

/// What the device's time may be. The device knows it; a client knows it within the time that the last answer took.
struct Now {
    constexpr Now(Tick exactly) noexcept : least{exactly}, most{exactly} {}
    constexpr Now(Tick at_least, Tick at_most) noexcept : least{at_least}, most{at_most} {}
    Tick least, most;
};

/// How old a message may be when it arrives, and how far ahead of the receiver's clock, in seconds.
inline constexpr std::uint64_t fresh_s = 10, ahead_s = 2;
/// Made after the message before it, at most fresh_s ago and not in the future.
bool is_timely(const Stamp& before, const Stamp& got, const Now& now, std::uint32_t switched_off) noexcept;

/// The deadline, by which the other end promised to be heard or was to answer, is not over.
bool in_time(std::uint64_t now_s, std::uint64_t deadline_s, std::uint32_t switched_off) noexcept;

/// From whom this session is with, to this end of it.
bool is_addressed(const Addresses& expected, const Addresses& got, std::uint32_t switched_off) noexcept;

/// The message names as received what this end did send: no more than the last, no less than it named before.
bool fits_feedback(std::uint64_t named_before, std::uint64_t last_sent, std::uint64_t got,
                   std::uint32_t switched_off) noexcept;

/// `proven`: what shows who the sender is fits (the device's signature in the handshake, each message's own code).
bool is_identified(bool proven, std::uint32_t switched_off) noexcept;

/// The safety code that the message carries is the one of its bytes.
bool is_undamaged(std::uint32_t computed, std::uint32_t carried, std::uint32_t switched_off) noexcept;

/// Messages are encrypted and authenticated. Both ends of a session must decide alike.
bool is_encrypted(std::uint32_t switched_off) noexcept;

}  // namespace basalt::link
