// tpm/layout.h: what a Basalt device keeps where in its TPM. Boot, firmware and factory read this one table.
#pragma once
#include "tpm/lock.h"
#include "tpm/nv.h"
#include "tpm/pcr.h"

namespace basalt::tpm {

/// The storage root key: ECC P-256, made again from the TPM's seed after nothing but a clear can change it.
inline constexpr std::uint32_t storage_root_handle = 0x81000001;

/// Data keys and the channel key open under these PCRs (docs/formats/release-policy.md).
inline constexpr PcrSet sealing_pcrs = PcrSet::of({0, 1, 2, 3, 6});
/// Zero until the firmware has opened its keys; then extended once.
inline constexpr unsigned cap_pcr = 6;

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
