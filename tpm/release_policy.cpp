#include "tpm/release_policy.h"

#include <algorithm>
#include <utility>

namespace basalt::tpm {
namespace {

constexpr std::array<std::uint8_t, 8> magic{'B', 'A', 'S', 'P', 'O', 'L', '1', 0};

}  // namespace

Digest approved_digest(const PcrValues& values, std::uint64_t version) {
    return PolicyDigest{}.pcrs(sealing_pcrs, values).counter_at_most(version_counter, version).value();
}

Digest signed_digest(const Digest& approved, KeyUse use) { return sha256(approved, policy_ref(use)); }

Digest authorized_policy(const Point& policy_key, KeyUse use) {
    return PolicyDigest{}.authorize(name_of_key(policy_key), policy_ref(use)).value();
}

Digest authorized_while_alive(const Point& policy_key, KeyUse use, std::uint64_t alive) {
    return PolicyDigest{}
        .authorize(name_of_key(policy_key), policy_ref(use))
        .counter_equals(alive_counter(use), alive)
        .value();
}

ByteVector encode(const ReleasePolicy& policy) {
    ByteVector file;
    file.reserve(release_policy_size);
    const auto put = [&file](ByteView bytes) { file.insert(file.end(), bytes.begin(), bytes.end()); };
    put(magic);
    for (unsigned shift = 0; shift < 64; shift += 8) file.push_back(static_cast<std::uint8_t>(policy.version >> shift));
    put(policy.policy_key);
    for (const ApprovedState& state : policy.states) {
        put(state.approved);
        for (const Signature& signature : state.signatures) put(signature);
    }
    return file;
}

Result<ReleasePolicy> decode_release_policy(ByteView file) {
    if (file.size() != release_policy_size || !std::ranges::equal(file.first(magic.size()), magic))
        return fail(ErrorCode::unreadable, "policy.bin is no release policy.",
                    "Install the release again: both its images and its policy.");
    std::size_t at = magic.size();
    const auto take = [&](std::span<std::uint8_t> into) {
        std::ranges::copy(file.subspan(at, into.size()), into.begin());
        at += into.size();
    };
    ReleasePolicy policy;
    std::array<std::uint8_t, 8> version;
    take(version);
    for (unsigned i = 0; i < 8; ++i) policy.version |= static_cast<std::uint64_t>(version[i]) << (8 * i);
    take(policy.policy_key);
    for (ApprovedState& state : policy.states) {
        take(state.approved);
        for (Signature& signature : state.signatures) take(signature);
    }
    return policy;
}

}  // namespace basalt::tpm
