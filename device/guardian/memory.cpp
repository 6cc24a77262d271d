#include "device/guardian/memory.h"

#include "device/guardian/alarms.h"
#include "device/guardian/dose_window.h"

#include <algorithm>

namespace basalt::guardian {
namespace {

template <std::size_t Size>
std::array<std::uint8_t, Size> inverted(ByteView bytes) noexcept {
    std::array<std::uint8_t, Size> out;
    for (std::size_t i = 0; i < Size; ++i) out[i] = static_cast<std::uint8_t>(~bytes[i]);
    return out;
}

void read_identity(ByteView all, Kept& kept) noexcept {
    const auto first = all.subspan(layout::identity, layout::identity_size);
    const auto second =
        inverted<layout::identity_size>(all.subspan(layout::identity + layout::twice_after, layout::identity_size));
    const bool first_whole = unseal(first, kept.identity);
    Identity from_second;
    const bool second_whole = unseal(second, from_second);
    if (!first_whole) kept.identity = from_second;
    kept.provisioned = (first_whole || second_whole) && !(kept.identity.device == any_device);
    kept.damaged = kept.damaged || (kept.provisioned && !(first_whole && second_whole));
}

void read_header(ByteView all, Kept& kept) noexcept {
    for (std::uint64_t half = 0; half < 2; ++half) {
        Header header;
        if (!unseal(all.subspan(layout::header_at(half), layout::header_size), header)) continue;
        if (!kept.header_whole || header.write > kept.header.write) kept.header = header;
        kept.header_whole = true;
    }
}

void read_profile_copy(ByteView copy, const Authority& rom, Kept& kept) noexcept {
    const std::size_t size = copy[0] + 256U * copy[1];
    const auto file = copy.subspan(2).first(std::min(size, copy.size() - 2));
    const auto verified = verify(file, {FileKind::profile, rom.variant, kept.identity.device}, rom.physician_key);
    kept.profile_verdict = verified ? ImageVerdict::accepted : verified.error();
    if (!verified) return;
    kept.profile_digest = verified->measurement();
    const auto profile = read_profile(verified->payload());
    kept.profile_fault = profile ? ProfileFault::none : profile.error();
    if (profile) kept.profile = *profile;
}

void read_profile_file(ByteView all, const Authority& rom, Kept& kept) noexcept {
    const auto first = all.subspan(layout::profile, layout::profile_size);
    const auto second =
        inverted<layout::profile_size>(all.subspan(layout::profile + layout::profile_size, layout::profile_size));
    read_profile_copy(first, rom, kept);
    if (!kept.has_profile()) read_profile_copy(second, rom, kept);
    kept.damaged = kept.damaged || (kept.has_profile() && !std::ranges::equal(first, second));
}

// Every entry from the oldest that must be there to the newest is held against its number. The place behind the newest
// is the one that a cut write leaves torn; what it held before is older than a day (docs/formats/guardian-memory.md).
void read_ring(ByteView all, Kept& kept) noexcept {
    Ring& ring = kept.ring;
    for (std::uint32_t place = 1; place <= layout::ring_entries; ++place) {
        hal::RingEntry& entry = ring.at(place);
        if (!unseal(all.subspan(layout::entry_at(place), layout::entry_size), entry) ||
            layout::entry_at(entry.seq) != layout::entry_at(place))
            entry = {};
        ring.newest = std::max(ring.newest, entry.seq);
    }
    ring.newest = std::max(ring.newest, kept.header.ring_newest);
    // A ring that never went round is blank behind its newest entry and the one that may have been cut.
    for (std::uint32_t place = ring.newest + 2; place <= layout::ring_entries; ++place)
        if (std::ranges::any_of(all.subspan(layout::entry_at(place), layout::entry_size),
                                [](auto b) { return b != 0; }))
            kept.damaged = kept.full_from_first_tick = true;
    for (std::uint32_t seq = ring.newest > layout::ring_entries - 1 ? ring.oldest() + 1 : 1;
         seq <= ring.newest && seq != 0; ++seq) {
        hal::RingEntry& entry = ring.at(seq);
        if (entry.seq != seq) {
            entry = {};
            kept.damaged = kept.full_from_first_tick = true;
        } else if (kept.full_from_first_tick) {
            kept.full_until = entry.tick + a_day_s;
            kept.full_from_first_tick = false;
        }
    }
}

void catch_up_with_ring(Kept& kept) noexcept {
    for (std::uint32_t back = 0; back < layout::ring_entries; ++back) {
        const std::uint32_t seq = kept.ring.oldest() + back;
        const hal::RingEntry& entry = kept.ring.at(seq);
        if (entry.seq != seq || seq <= kept.header.ring_newest) continue;
        if (entry.kind == hal::RingKind::trigger && entry.code < trigger_count &&
            alarm_rows[entry.code].shown == Shown::latched)
            kept.header.latched |= bit_of(alarm_rows[entry.code].trigger);
        note(entry, kept.header);
    }
    kept.header.ring_newest = kept.ring.newest;
}

}  // namespace

void note(const hal::RingEntry& entry, Header& header) noexcept {
    if (entry.kind == hal::RingKind::release) header.latched &= ~from_detail<hal::ReleaseDetail>(entry).triggers;
    if (entry.kind != hal::RingKind::dose && entry.kind != hal::RingKind::correction) return;
    header.target = entry.target;
    const auto detail = from_detail<SlotDetail>(entry);
    if (entry.kind == hal::RingKind::correction || detail.slot == SlotDetail::no_slot) return;
    header.next_slot = detail.slot + 1;
    header.remainder = detail.remainder;
}

void remember(const MemoryBytes& bytes, const Authority& rom, Kept& kept) noexcept {
    const ByteView all{bytes};
    read_identity(all, kept);
    if (!kept.provisioned) return;
    read_header(all, kept);
    read_profile_file(all, rom, kept);
    read_ring(all, kept);
    catch_up_with_ring(kept);
}

}  // namespace basalt::guardian
