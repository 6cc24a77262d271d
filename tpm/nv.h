// tpm/nv.h: indexes of the TPM's own non-volatile memory. What a call answered survives a power cut.
#pragma once
#include "tpm/handle.h"
#include "tpm/secret.h"
#include "tpm/tpm.h"

#include <optional>

namespace basalt::tpm {

class SecureChannel;

enum class Hierarchy : std::uint8_t { owner, platform };

/// What an index is. Its Name is made of these fields alone, nothing of it is per device.
struct Index {
    std::uint32_t handle = 0;
    std::uint32_t attributes = 0;  ///< TPMA_NV, without TPMA_NV_WRITTEN
    std::uint16_t size = 0;        ///< bytes; 8 for a counter
    std::optional<Digest> policy;  ///< for reading, where the attributes say so
    Hierarchy hierarchy = Hierarchy::owner;
};

/// A counter, never counted for dictionary attacks. Anyone may read it. Who may count: for a platform index, the
/// platform hierarchy alone; for an owner index, whoever reaches the TPM (that destroys a class of data, and opens
/// nothing).
constexpr Index counter_index(std::uint32_t handle, Hierarchy hierarchy) noexcept;
/// Written by the owner, read under `policy` alone.
constexpr Index policy_read_index(std::uint32_t handle, std::uint16_t size, const Digest& policy) noexcept;
/// Written by the owner, read by anyone. Only training devices keep a secret in one.
constexpr Index open_index(std::uint32_t handle, std::uint16_t size) noexcept;

/// The Name after the first write (TPMA_NV_WRITTEN is part of it): what policies speak of. Needs no TPM.
Name name_of(const Index& index);

/// Makes the index. Errors: refused (hierarchy closed), check_failed (there is one already).
Result<void> define(Tpm& tpm, const Index& index);
/// Takes it away, with all that it held. One that is not there is no error.
Result<void> undefine(Tpm& tpm, const Index& index);
Result<bool> exists(Tpm& tpm, const Index& index);

/// Counts one up; the first time makes it readable (1 on a fresh TPM, else above the highest counter ever deleted).
Result<void> increment(Tpm& tpm, const Index& counter);
/// Errors: missing when it was never defined or never counted.
Result<std::uint64_t> read_counter(Tpm& tpm, const Index& counter);

/// Writes a secret into a policy-read index; it crosses the bus encrypted.
Result<void> write_secret(SecureChannel& channel, const Index& index, const Secret& secret);
/// Reads it; encrypted on the bus. `policy`: a session that satisfies the index's policy (policy_session.h); nullptr
/// for an open index. Errors: refused (policy), missing (erased).
Result<Secret> read_secret(SecureChannel& channel, const Index& index, const Session* policy);

// ---- the two kinds, spelled out
// -----------------------------------------------------------------------------------------
namespace nv_attribute {
inline constexpr std::uint32_t ppwrite = 1U << 0, ownerwrite = 1U << 1, authwrite = 1U << 2, counter = 1U << 4,
                               ppread = 1U << 16, ownerread = 1U << 17, authread = 1U << 18, policyread = 1U << 19,
                               no_da = 1U << 25, written = 1U << 29, platformcreate = 1U << 30;
}
constexpr Index counter_index(std::uint32_t handle, Hierarchy hierarchy) noexcept {
    using namespace nv_attribute;
    const std::uint32_t who =
        hierarchy == Hierarchy::platform ? platformcreate | ppwrite | ppread : ownerwrite | authwrite;
    return {handle, who | counter | ownerread | authread | no_da, 8, std::nullopt, hierarchy};
}
constexpr Index policy_read_index(std::uint32_t handle, std::uint16_t size, const Digest& policy) noexcept {
    using namespace nv_attribute;
    return {handle, ownerwrite | policyread | no_da, size, policy, Hierarchy::owner};
}

constexpr Index open_index(std::uint32_t handle, std::uint16_t size) noexcept {
    using namespace nv_attribute;
    return {handle, ownerwrite | authread | ownerread | no_da, size, std::nullopt, Hierarchy::owner};
}

}  // namespace basalt::tpm
