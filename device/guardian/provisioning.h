// device/guardian/provisioning.h: makes and changes the guardian's 64 KiB of persistent memory from outside, before the
// device is started. Host side: the guardian's program does not hold it. Page: docs/formats/guardian-memory.md.
#pragma once
#include "device/common/result.h"
#include "device/common/signed_file.h"
#include "device/hal/board_frames.h"

#include <vector>

namespace basalt::guardian {

struct Provisioning {
    DeviceId device{};                            ///< not all zero
    std::array<std::uint8_t, 32> share{};         ///< the guardian's part of the storage keys; given out once a reset
    std::array<std::uint8_t, 32> nonce_secret{};  ///< secret of the challenges
    PublicKey channel_key{};                      ///< the TPM's channel key, its public half
    ByteView profile_file;                        ///< the complete signed file
};

/// The memory of a new device: hal::memory_size bytes, for chip/guardian.mem. What it did before is gone: for a device
/// that gave insulin within the last day this is a way around the limits, so only provisioning does it. Refuses: a
/// device identity of zeros; a profile file that is longer than the memory has room for. It does not check the
/// profile's signature: the guardian does so at every start.
Result<std::vector<std::uint8_t>> new_memory(const Provisioning& provisioning);

/// The memory of a device that was never provisioned, or was erased: the guardian stands stopped on it.
std::vector<std::uint8_t> blank_memory();

/// Puts another profile in place of the present one; doses, mode and counters stay. The device must be off.
Result<void> replace_profile(std::vector<std::uint8_t>& memory, ByteView profile_file);

}  // namespace basalt::guardian
