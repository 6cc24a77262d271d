// tpm/policy.h: what a TPM's policy digest will be, computed without a TPM. The manufacturer signs states with it.
// Source: TPM 2.0 Library, part 3: PolicyPCR, PolicyNV, PolicyAuthorize. Compared with a TPM bit for bit in
// tests/integration/tpm/policy_test.cpp.
#pragma once
#include "tpm/nv.h"
#include "tpm/pcr.h"

namespace basalt::tpm {

/// A running policy digest, from zeros. Each step is one command of an opening session, in the same order.
class PolicyDigest {
  public:
    /// The PCRs of `set` hold these values.
    PolicyDigest& pcrs(PcrSet set, const PcrValues& values);
    /// The counter is at most `value`: a signed state stops working once the counter is higher.
    PolicyDigest& counter_at_most(const Index& counter, std::uint64_t value);
    /// The counter is exactly `value`.
    PolicyDigest& counter_equals(const Index& counter, std::uint64_t value);
    /// The digest so far was approved, together with `ref`, by the key of that Name. Replaces what stood before.
    PolicyDigest& authorize(const Name& key, ByteView ref);

    const Digest& value() const noexcept { return digest_; }

  private:
    PolicyDigest& step(std::uint32_t command, ByteView arguments);
    PolicyDigest& counter_is(const Index& counter, std::uint64_t value, std::uint16_t comparison);
    Digest digest_{};
};

/// The Name under which a TPM knows this ECDSA P-256 public key, as this folder loads it.
Name name_of_key(const Point& key);

/// SHA-256 over the concatenation.
Digest sha256(ByteView a, ByteView b = {}, ByteView c = {});

}  // namespace basalt::tpm
