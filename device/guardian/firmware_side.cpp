// Boot and the firmware: started, believed, lost, and started again.
#include "device/guardian/core.h"

#include <algorithm>

namespace basalt::guardian {
namespace {
constexpr std::uint64_t crash_loop_hold_s = 300;
constexpr std::uint8_t most_boot_tries = 3, most_proofs = 3;
constexpr std::uint32_t frames_a_slot = 256, bad_frames_a_tick = 16;

// By the number of the finding.
constexpr std::array findings{Trigger::tpm_gone, Trigger::storage_damaged, Trigger::log_broken,
                              Trigger::ring_rolled_back, Trigger::storage_full};
static_assert(!is_known(hal::Finding{0}) && is_known(hal::Finding{findings.size()}) &&
              !is_known(hal::Finding{findings.size() + 1}));
/// Why an image does not run, from what is nobody's doing to what may be an attack.
enum Cause : std::uint8_t { none, not_started, missing, withdrawn, foreign };
Cause cause_of(ImageVerdict v) noexcept {
    if (v == ImageVerdict::accepted || v == ImageVerdict::not_needed) return none;
    if (v >= ImageVerdict::no_memory) return not_started;
    if (v == ImageVerdict::missing || v == ImageVerdict::unreadable) return missing;
    return v == ImageVerdict::withdrawn || v == ImageVerdict::older ? withdrawn : foreign;
}
Trigger without_firmware(Cause a, Cause b) noexcept {
    if (std::min(a, b) <= not_started) return Trigger::boot_failed;
    constexpr std::array rows{Trigger::firmware_missing, Trigger::firmware_withdrawn, Trigger::both_slots_refused};
    return rows[std::max(a, b) - missing];
}
}  // namespace

void Core::start_firmware_side() noexcept {
    if (!s.reset_pulled || !s.reset_done || now() < s.hold_until) return;
    s.reset_pulled = s.reset_done = false;
    s.boot_up = true;
    if (s.to_be_anchored) new_generation();  // latched while the line was held
    std::array<std::uint8_t, 8> generation{};
    codec::Writer{generation}(header.generation);
    s.nonce = sha256(s.kept.identity.nonce_secret, generation);
    write_header_if_changed();
    out.add(hal::Challenge{s.nonce});
    out.add(hal::BootStart{header.generation, s.kept.profile_digest, s.kept.identity.device, network_isolated(s),
                           header.configuration_version});
}

void Core::on(const hal::BootReport& report) noexcept {
    if (!s.boot_up || s.boot_reported) return on(BadFrame{hal::Side::boot});
    const bool latched_before = s.to_be_anchored;
    s.boot_reported = s.header_changed = true;
    s.firmware_up = report.launched;
    header.boot_tries = 0;
    note_event(entry_of(hal::RingKind::boot, 0, as_detail(report)), events_a_day);

    const bool trusted = report.tpm_ok && report.anchor == hal::Anchor::fresh;
    const Cause a = cause_of(report.firmware_a), b = cause_of(report.firmware_b);
    const Cause gateway = trusted ? cause_of(report.gateway) : none;
    const Cause configuration = trusted ? cause_of(report.configuration) : none;
    if (!report.tpm_ok || report.anchor == hal::Anchor::unknown) raise(Trigger::tpm_gone);
    if (report.anchor == hal::Anchor::stale) {
        raise(Trigger::memory_rolled_back);
        s.kept.full_until = now() + a_day_s;
    }
    if (!report.launched && trusted) raise(without_firmware(a, b));
    condition(Trigger::slot_a_refused, report.slot == hal::Slot::b && a != none);
    condition(Trigger::slot_b_refused, report.slot == hal::Slot::a && b != none);
    condition(Trigger::gateway_refused, gateway == foreign);
    condition(Trigger::gateway_missing, gateway == missing || gateway == not_started);
    condition(Trigger::gateway_withdrawn, gateway == withdrawn);
    if (configuration != none)
        raise(configuration == withdrawn ? Trigger::configuration_older : Trigger::configuration_refused);
    // What was raised here the next boot finds again, whatever memory it starts from. But a copy from before this
    // report would accept the older configuration: only the first one of all replaces none.
    std::uint32_t& highest = header.configuration_version;
    s.to_be_anchored = latched_before || (highest != 0 && report.configuration_version > highest);
    highest = std::max(highest, report.configuration_version);
}

void Core::on(const hal::ShareRequest&) noexcept {
    hal::Share share{.given = s.firmware_up && !s.share_given};
    if (share.given) share.share = s.kept.identity.share;
    s.share_given = s.share_given || share.given;
    out.add(share);
}

// The same program under another measured state holds no key that fits; a recorded answer fits no other nonce.
void Core::on(const hal::Proof& proof) noexcept {
    if (s.firmware_up && !s.accepted && s.proofs < most_proofs) {
        ++s.proofs;
        constexpr std::string_view domain = "basalt channel 1";
        const auto digest =
            sha256(ByteView{reinterpret_cast<const std::uint8_t*>(domain.data()), domain.size()}, s.nonce);
        s.accepted = signature_fits(digest, proof.signature, s.kept.identity.channel_key);
        condition(Trigger::firmware_not_proven, !s.accepted);
        if (s.accepted) change_mode(ModeEvent::accepted);
    }
    out.add(hal::Welcome{s.accepted, s.mode, s.accepted ? s.kept.profile.limits : hal::DoseLimits{}});
}

void Core::on(const hal::FindingReport& report) noexcept { raise(findings[std::to_underlying(report.finding) - 1U]); }

bool Core::floods() noexcept {
    if (++s.frames <= frames_a_slot) return false;
    lose(hal::Side::firmware);
    return true;
}

void Core::on(const BadFrame& bad) noexcept {
    raise(Trigger::bad_frames);
    if (++s.bad_frames > bad_frames_a_tick) lose(bad.side);
}

void Core::lose(hal::Side side) noexcept {
    if (side == hal::Side::boot ? !s.boot_up : !s.firmware_up) return;
    raise(Trigger::firmware_lost);
    header.lost = {now(), header.lost[0], header.lost[1]};
    const bool third_in_an_hour = header.lost[2] > Tick{} && header.lost[2] + an_hour_s > now();
    if (side == hal::Side::boot && !s.boot_reported && ++header.boot_tries >= most_boot_tries)
        raise(Trigger::boot_failed);
    if (third_in_an_hour) raise(Trigger::network_isolated);
    pull_reset(third_in_an_hour ? crash_loop_hold_s : reset_hold_s);
    if (s.ticking) finish_tick();
}

// What a person stopped, or what latched failsafe, would be forgotten by a copy of the memory from before it that bears
// the same generation. So it gets one that no such copy bears, and the next BootStart tells the TPM: the one that is
// due anyway while the line is held, else (finish_tick) one that is brought about at once, or as soon as boot has
// reported.
void Core::new_generation() noexcept {
    ++header.generation;
    s.header_changed = true;
    s.to_be_anchored = false;
}

void Core::pull_reset(std::uint64_t hold_s) noexcept {
    s.reset_pulled = true;
    s.reset_done = s.boot_up = s.boot_reported = s.firmware_up = s.accepted = s.share_given = false;
    s.proofs = 0;
    s.gateway = hal::GatewayState::down;
    s.hold_until = now() + hold_s;
    new_generation();
    change_mode(ModeEvent::reset);
    condition(Trigger::emergency_access, false);  // nobody can use it now; the next firmware says whether it is open
    write_header_if_changed();
    out.add(hal::PullReset{});
}

}  // namespace basalt::guardian
