// tpm/release_policy.h: the file policy.bin of a slot: under which measured states, of this release, keys open. Made
// and signed by the manufacturer, without a TPM; the same on every device. Page: docs/formats/release-policy.md.
#pragma once
#include "tpm/layout.h"
#include "tpm/policy.h"

namespace basalt::tpm {

/// One state, and the policy key's word for each use in it.
struct ApprovedState {
    Digest approved{};                                  ///< approved_digest() of that state
    std::array<Signature, key_use_count> signatures{};  ///< of signed_digest(approved, use); index: KeyUse
};

/// A refused gateway costs the network alone: the state without it is approved as well.
enum class GatewayImage : std::uint8_t { present = 0, absent = 1 };
inline constexpr std::size_t gateway_image_count = 2;

struct ReleasePolicy {
    std::uint64_t version = 0;  ///< opens as long as version_counter is at most this
    Point policy_key{};         ///< objects name it in their own policy, so another key here opens nothing
    std::array<ApprovedState, gateway_image_count> states{};  ///< index: GatewayImage
};

/// PolicyPCR over sealing_pcrs, then "version_counter is at most `version`".
Digest approved_digest(const PcrValues& values, std::uint64_t version);
/// What the policy key signs: SHA-256(approved || policy_ref(use)).
Digest signed_digest(const Digest& approved, KeyUse use);
/// The policy of an object or index for `use`: whatever the policy key approves.
Digest authorized_policy(const Point& policy_key, KeyUse use);
/// The same, and the class must be alive: its counter holds exactly `alive`.
Digest authorized_while_alive(const Point& policy_key, KeyUse use, std::uint64_t alive);

/// Every policy.bin has this size.
inline constexpr std::size_t release_policy_size = 8 + 8 + 65 + gateway_image_count * (32 + key_use_count * 64);
ByteVector encode(const ReleasePolicy& policy);
/// Errors: unreadable. Reads no signature: the TPM judges them.
Result<ReleasePolicy> decode_release_policy(ByteView file);

}  // namespace basalt::tpm
