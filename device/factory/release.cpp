#include "device/factory/release.h"

#include <algorithm>
#include <utility>

namespace basalt::factory {
namespace {

tpm::PcrValues expected_pcrs(const Release& release, tpm::GatewayImage gateway) {
    boot::MeasuredState state;
    state.guardian = release.guardian;
    state.boot = release.boot;
    state.firmware = release.firmware;
    if (gateway == tpm::GatewayImage::present) state.gateway = release.gateway;
    state.authority = release.authority;
    tpm::PcrValues values{};  // PCRs 4 and 5 differ on each device, and are in no policy
    std::ranges::copy(boot::pcr_values(state), values.begin());
    return values;
}

}  // namespace

Result<tpm::ReleasePolicy> approve(const Release& release, const P256Key& policy_key) {
    tpm::ReleasePolicy policy;
    policy.version = release.firmware.version;
    policy.policy_key = policy_key.point();
    for (const auto gateway : {tpm::GatewayImage::present, tpm::GatewayImage::absent}) {
        tpm::ApprovedState& state = policy.states[std::to_underlying(gateway)];
        state.approved = tpm::approved_digest(expected_pcrs(release, gateway), policy.version);
        for (const tpm::KeyUse use : tpm::all_key_uses) {
            const auto signature = policy_key.sign(tpm::signed_digest(state.approved, use));
            if (!signature) return std::unexpected{signature.error()};
            state.signatures[std::to_underlying(use)] = *signature;
        }
    }
    return policy;
}

}  // namespace basalt::factory
