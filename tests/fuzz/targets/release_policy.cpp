#include "tpm/release_policy.h"

#include "tests/fuzz/target.h"

#include <algorithm>

namespace basalt::fuzz {

std::vector<Input> seeds() {
    tpm::ReleasePolicy policy;
    policy.version = 3;
    policy.policy_key.fill(0x11);
    for (tpm::ApprovedState& state : policy.states) state.approved.fill(0x22);
    return {encode(policy)};
}

}  // namespace basalt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const tpm::ByteView in{data, size};
    const auto policy = tpm::decode_release_policy(in);
    fuzz::require(!policy || std::ranges::equal(encode(*policy), in), "one policy has one spelling");
    return 0;
}
