// device/guardian/memory.h: what the guardian remembers over restarts and power loss, how it lies in its 64 KiB, and
// how it is read back when a part of it is torn, damaged or gone. Page: docs/formats/guardian-memory.md.
#pragma once
#include "device/common/authority.h"
#include "device/guardian/profile.h"
#include "device/hal/board_frames.h"

namespace basalt::guardian {

using MemoryBytes = std::array<std::uint8_t, hal::memory_size>;

namespace layout {
inline constexpr std::uint32_t identity = 0, identity_size = 256;    // inverted again at twice_after
inline constexpr std::uint32_t headers = 1024, header_size = 256;    // the second at + 1024
inline constexpr std::uint32_t profile = 4096, profile_size = 4096;  // size (u16), file; inverted again behind it
inline constexpr std::uint32_t ring = 16 * 1024, entry_size = 48, ring_entries = 1024;
inline constexpr std::uint32_t twice_after = 512;
static_assert(ring + entry_size * ring_entries == hal::memory_size);
constexpr std::uint32_t header_at(std::uint64_t write) noexcept {
    return headers + static_cast<std::uint32_t>(write % 2) * 1024;
}
constexpr std::uint32_t entry_at(std::uint32_t seq) noexcept { return ring + (seq - 1) % ring_entries * entry_size; }
}  // namespace layout

/// Who this device is. Written once, by provisioning.
struct Identity {
    DeviceId device{};
    std::array<std::uint8_t, 32> share{}, nonce_secret{};
    PublicKey channel_key{};
    // clang-format off
    template <class C> void fields(C& c) { c(device); c(share); c(nonce_secret); c(channel_key); }
    // clang-format on
};

/// What changes seldom. Two halves are written in turn; `write` says which is newer.
struct Header {
    std::uint64_t write = 0;
    std::uint64_t generation = 0;   ///< new_generation() of core.h: no two BootStarts carry the same
    std::uint32_t starts = 0;       ///< of the guardian
    std::uint8_t boot_tries = 0;    ///< boots in a row that ended without a report
    std::uint64_t latched = 0;      ///< alarms that outlive a restart: bit_of() of alarms.h. The mode follows from them
    std::array<Tick, 3> lost{};     ///< when the firmware side was lost, newest first
    std::uint32_t ring_newest = 0;  ///< as of this write; the ring itself may be newer
    std::uint32_t next_slot = 0;    ///< the first basal slot without its dose; as of this write
    std::uint16_t remainder = 0;    ///< of the basal doses, 1/3600 mU; as of this write
    MotorCount target;              ///< as of this write
    std::uint32_t configuration_version = 0;  ///< the highest that was accepted
    // clang-format off
    template <class C> void fields(C& c) {
        c(write); c(generation); c(starts); c(boot_tries); c(latched); c(lost); c(ring_newest); c(next_slot);
        c(remainder); c(target); c(configuration_version);
    }
    // clang-format on
};

/// `detail` of a dose: which slot it belongs to, and what the profile gives in that slot. A bolus has `slot` no_slot.
struct SlotDetail {
    static constexpr std::uint32_t no_slot = 0xffff'ffff;
    std::uint32_t slot = no_slot;  ///< tick / basal_slot_s
    MilliUnits of_profile;
    std::uint16_t remainder = 0;
    std::uint16_t unused = 0;
    // clang-format off
    template <class C> void fields(C& c) { c(slot); c(of_profile); c(remainder); c(unused); }
    // clang-format on
};
/// `detail` of a correction: when the dose was written down that did not move as told.
struct CorrectionDetail {
    Tick dose;
    std::uint32_t unused = 0;
    // clang-format off
    template <class C> void fields(C& c) { c(dose); c(unused); }
    // clang-format on
};
template <class T>
std::array<std::uint8_t, 12> as_detail(const T& from) noexcept {
    std::array<std::uint8_t, 12> out{};
    codec::Writer writer{out};
    writer(from);
    return out;
}
template <class T>
T from_detail(const hal::RingEntry& entry) noexcept {
    T out{};
    codec::Reader reader{entry.detail};
    reader(out);
    return out;
}

/// The last 1024 entries. An entry that is not there, or could not be read, has sequence number 0.
struct Ring {
    std::array<hal::RingEntry, layout::ring_entries> entries{};
    std::uint32_t newest = 0;  ///< sequence number; 0: empty
    const hal::RingEntry& at(std::uint32_t seq) const noexcept { return entries[(seq - 1) % entries.size()]; }
    hal::RingEntry& at(std::uint32_t seq) noexcept { return entries[(seq - 1) % entries.size()]; }
    std::uint32_t oldest() const noexcept {
        return newest < entries.size() ? 1 : newest - static_cast<std::uint32_t>(entries.size()) + 1;
    }
};

/// Fields, zeros, and in the last 8 bytes the first 8 of their SHA-256: so a write that was cut is seen.
template <std::uint32_t Size, class T>
std::array<std::uint8_t, Size> sealed(const T& fields) noexcept {
    std::array<std::uint8_t, Size> out{};
    codec::Writer writer{std::span{out}.first(Size - 8)};
    writer(fields);
    const auto sum = sha256(ByteView{out}.first(Size - 8));
    std::memcpy(out.data() + Size - 8, sum.data(), 8);
    return out;
}
/// False, and `fields` as they were or half read, when the seal is not whole.
template <class T>
bool unseal(ByteView in, T& fields) noexcept {
    const auto sum = sha256(in.first(in.size() - 8));
    codec::Reader reader{in.first(in.size() - 8)};
    reader(fields);
    return reader.ok() && std::memcmp(sum.data(), in.data() + in.size() - 8, 8) == 0;
}

/// Everything remembered, and what was wrong with it.
struct Kept {
    bool provisioned = false;   ///< an identity stands in one of its copies
    bool header_whole = false;  ///< one half of the header is whole
    bool damaged = false;       ///< an entry of the ring or one copy of profile or identity is not what it should be
    ImageVerdict profile_verdict = ImageVerdict::missing;
    ProfileFault profile_fault = ProfileFault::none;
    Identity identity;
    Header header;
    Profile profile;  ///< good only when has_profile()
    Digest profile_digest{};
    Ring ring;
    /// An unreadable entry may have been a dose of any size: until a day after its successor the windows count as full.
    Tick full_until;
    bool full_from_first_tick = false;  ///< no successor is known: a day from the first tick
    bool has_profile() const noexcept {
        return profile_verdict == ImageVerdict::accepted && profile_fault == ProfileFault::none;
    }
};

/// What a dose, a correction or a release changes in the header. The one place where that is said: at the time, and
/// when it is read back.
void note(const hal::RingEntry& entry, Header& header) noexcept;

/// Reads the memory back. What ring entries say that are newer than the header goes into the header.
/// Rely on: total; any 64 KiB are safe. Torn is not damaged: the entry that was being written when the power went has
/// not moved the motor yet, and a torn header half leaves the other.
void remember(const MemoryBytes& bytes, const Authority& rom, Kept& kept) noexcept;

}  // namespace basalt::guardian
