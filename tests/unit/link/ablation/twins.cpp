// The eight defences as a training build has them: each reads its bit, and without it decides as device/link/defences/
// does.
#include "device/link/defences.h"

#include <utility>

namespace basalt::link {
namespace {
bool without(LinkDefence defence, std::uint32_t switched_off) noexcept {
    return (switched_off & std::to_underlying(defence)) != 0;
}
}  // namespace

bool in_sequence(std::uint64_t expected, std::uint64_t got, std::uint32_t switched_off) noexcept {
    return without(LinkDefence::sequence_number, switched_off) || got == expected;
}
bool is_timely(const Stamp& before, const Stamp& got, const Now& now, std::uint32_t switched_off) noexcept {
    const std::uint64_t made = got.tick.seconds;
    const bool young = now.least.seconds <= made || now.least.seconds - made <= fresh_s;
    const bool past = made <= now.most.seconds || made - now.most.seconds <= ahead_s;
    return without(LinkDefence::time_stamp, switched_off) || (before < got && young && past);
}
bool in_time(std::uint64_t now_s, std::uint64_t deadline_s, std::uint32_t switched_off) noexcept {
    return without(LinkDefence::time_out, switched_off) || now_s <= deadline_s;
}
bool is_addressed(const Addresses& expected, const Addresses& got, std::uint32_t switched_off) noexcept {
    return without(LinkDefence::addresses, switched_off) || got == expected;
}
bool fits_feedback(std::uint64_t named_before, std::uint64_t last_sent, std::uint64_t got,
                   std::uint32_t switched_off) noexcept {
    return without(LinkDefence::feedback, switched_off) || (named_before <= got && got <= last_sent);
}
bool is_identified(bool proven, std::uint32_t switched_off) noexcept {
    return without(LinkDefence::identification, switched_off) || proven;
}
bool is_undamaged(std::uint32_t computed, std::uint32_t carried, std::uint32_t switched_off) noexcept {
    return without(LinkDefence::safety_code, switched_off) || computed == carried;
}
bool is_encrypted(std::uint32_t switched_off) noexcept { return !without(LinkDefence::cryptography, switched_off); }

}  // namespace basalt::link
