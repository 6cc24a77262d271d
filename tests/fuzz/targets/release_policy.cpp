#include "tpm/release_policy.h"

#include "tests/fuzz/target.h"

#include <algorithm>

namespace basalt::fuzz {
std::vector<Input> seeds() {
    tpm::ReleasePolicy policy;
    policy.version = 3;
    return {tpm::encode(policy)};
}
}  // namespace basalt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const auto policy = tpm::decode_release_policy({data, size});
    if (!policy) {
        fuzz::require(!policy.error().what.empty() && !policy.error().next_step.empty(),
                      "a refusal says why and what to do");
        return 0;
    }
    fuzz::require(std::ranges::equal(tpm::encode(*policy), std::span{data, size}), "a policy has one spelling");
    return 0;
}
