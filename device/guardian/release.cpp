// How failsafe is left: two people, two badges, two roles, over this guardian's own nonce, device and triggers. By the
// board's badge seam alone: neither the firmware nor a network can say it.
#include "device/guardian/core.h"

#include <algorithm>

namespace basalt::guardian {
namespace {
constexpr std::uint8_t releases_a_tick =
    2;  // four signatures: whoever holds the badge reader does not hold up the pump

ByteView bytes_of(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
}  // namespace

// The generation changes with each reset, so with each release; what is latched stands beside it, for the time until a
// new latch has its own generation.
hal::ReleaseTerms Core::release_terms() const noexcept {
    constexpr std::string_view domain = "basalt release nonce 1";
    std::array<std::uint8_t, domain.size() + 16> moment{};
    std::ranges::copy(bytes_of(domain), moment.begin());
    codec::Writer writer{std::span{moment}.subspan(domain.size())};
    writer(header.generation);
    writer(header.latched);
    return {sha256(s.kept.identity.nonce_secret, moment), s.kept.identity.device, header.latched};
}

// The signatures are held against our own terms. Those that came with them only tell why they cannot fit.
hal::ReleaseVerdict Core::judge(const hal::Release& release) noexcept {
    using enum hal::ReleaseVerdict;
    if (s.ticking || !s.ticked || s.releases >= releases_a_tick) return later;
    ++s.releases;
    const hal::ReleaseTerms terms = release_terms();
    if ((header.latched & failsafe_alarms) == 0) return not_in_failsafe;
    if (release.terms.nonce != terms.nonce) return old_nonce;
    if (release.terms.device != terms.device) return other_device;
    if (release.terms.triggers != terms.triggers) return other_triggers;
    const auto& [first, second] = release.by;
    const auto& keys = s.kept.profile.release_keys;  // all unused while no profile is verified
    if (std::max(first.key, second.key) >= keys.size()) return unknown_badge;
    const ReleaseKey &a = keys[first.key], &b = keys[second.key];
    if (std::min(a.role, b.role) == ReleaseRole::none) return unknown_badge;
    if (first.key == second.key || a.key == b.key) return same_badge;
    if (a.role == b.role) return same_role;
    if (std::max(a.role, b.role) != ReleaseRole::biomedical) return wrong_role;  // and the other is then a physician
    if (release.day == 0) return day_unknown;
    if (release.day >= std::min(a.expires_day, b.expires_day)) return expired;
    std::array<std::uint8_t, 56> signed_bytes{};
    codec::Writer{signed_bytes}(terms);
    const Digest digest = sha256(bytes_of(hal::release_domain), signed_bytes);
    const bool fits = signature_fits(digest, first.signature, a.key) && signature_fits(digest, second.signature, b.key);
    return fits ? released : bad_signature;
}

// The ring entry comes first, and reading it back clears the same latches: cut after it the release is done, cut before
// it is not, and nobody was told that it was. Boot and firmware then earn normal mode anew.
void Core::on(const hal::Release& release) noexcept {
    hal::ReleaseVerdict verdict = judge(release);
    const hal::ReleaseDetail detail{header.latched & failsafe_alarms, {release.by[0].key, release.by[1].key}, 0};
    if (verdict == hal::ReleaseVerdict::released &&
        !note_event(entry_of(hal::RingKind::release, 0, as_detail(detail)), corrections_a_day))
        verdict = hal::ReleaseVerdict::no_room;
    if (verdict == hal::ReleaseVerdict::released) {
        s.alarms &= ~failsafe_alarms;
        change_mode(ModeEvent::released);
        pull_reset(reset_hold_s);
    }
    out.add(hal::ReleaseAnswer{verdict});
}

}  // namespace basalt::guardian
