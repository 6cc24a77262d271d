// tpm/layout.h: what a Basalt device keeps where in its TPM. Boot, firmware and factory read this one table.
#pragma once
#include "tpm/lock.h"
#include "tpm/nv.h"
#include "tpm/pcr.h"

namespace basalt::tpm {

/// The storage root key: ECC P-256, made again from the TPM's seed after nothing but a clear can change it.
inline constexpr std::uint32_t storage_root_handle = 0x81000001;

/// What is measured into which PCR of the SHA-256 bank: the one place where these numbers stand. They are those of the
/// simulated board, where swtpm's PCRs are all free; on a board whose firmware measures into PCRs 0 to 7 they must
/// move.
enum class Pcr : std::uint8_t {
    rom = 0,            ///< guardian, then boot
    authority = 1,      ///< whom the device trusts, and its variant; boot's own settings are in its image (rom)
    firmware = 2,       ///< of the slot that was taken
    gateway = 3,        ///< of the same slot
    configuration = 4,  ///< of this device
    profile = 5,        ///< of this patient
    cap = 6,            ///< zero until the firmware has opened its keys; then extended once
};
inline constexpr std::size_t pcr_count = 7;
constexpr unsigned number_of(Pcr pcr) noexcept { return static_cast<unsigned>(pcr); }

/// Data keys and the channel key open under these PCRs (docs/formats/release-policy.md).
inline constexpr PcrSet sealing_pcrs =
    PcrSet::of({number_of(Pcr::rom), number_of(Pcr::authority), number_of(Pcr::firmware), number_of(Pcr::gateway),
                number_of(Pcr::cap)});
inline constexpr unsigned cap_pcr = number_of(Pcr::cap);

/// What a key is for. The number is its place in the files.
enum class KeyUse : std::uint8_t { channel = 0, configuration = 1, patient = 2, log = 3 };
inline constexpr std::size_t key_use_count = 4;
inline constexpr std::array all_key_uses{KeyUse::channel, KeyUse::configuration, KeyUse::patient, KeyUse::log};
/// The classes of data, each with a key of its own. The channel key is no data key.
inline constexpr std::array data_classes{KeyUse::configuration, KeyUse::patient, KeyUse::log};
/// "channel", "configuration", "patient", "log".
std::string_view name_of(KeyUse use) noexcept;
/// What the policy key signs together with the state, so that a signature for one use opens no other.
/// "basalt key 1 " and the use's name.
ByteView policy_ref(KeyUse use) noexcept;

// ---- platform hierarchy: closed before anything is launched
// --------------------------------------------------------------

/// Counter: the lowest security version whose policies still open. Starts at 1 on a fresh TPM.
inline constexpr Index version_counter = counter_index(0x01400001, Hierarchy::platform);
/// Counter: the guardian's generation, as boot saw it last. Starts at 1 on a fresh TPM.
inline constexpr Index generation_counter = counter_index(0x01400002, Hierarchy::platform);

// ---- owner hierarchy: gone after a clear
// ---------------------------------------------------------------------------------

/// Counter: a class is alive as long as it holds the number that its sealed half was made with.
constexpr Index alive_counter(KeyUse use) noexcept {
    return counter_index(0x01800010U + static_cast<std::uint32_t>(use), Hierarchy::owner);
}
/// Half of a class key: 32 bytes, readable under the lock's policy alone. Erasing it destroys that half.
constexpr Index nv_half(KeyUse use, const Lock& lock) noexcept {
    const std::uint32_t handle = 0x01800020U + static_cast<std::uint32_t>(use);
    return lock.policy ? policy_read_index(handle, Secret::size, *lock.policy) : open_index(handle, Secret::size);
}

}  // namespace basalt::tpm
