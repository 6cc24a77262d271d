#include "tests/integration/tpm/fresh_tpm.h"

namespace basalt::tpm {
namespace {

using namespace test;
using Leaks = FreshTpm;

TEST_F(Leaks, NoObjectAndNoSessionStaysBehindAfterAHundredRoundsGoodAndBad) {
    provision_version();
    const auto policy_key = must(factory::P256Key::generate());
    const ReleasePolicy good = release_for(policy_key, {}, 1);
    ReleasePolicy bad = good;
    bad.states[0].signatures[0][5] ^= 1;
    measure({});
    const Name root = must(make_storage_root(tpm_));
    ASSERT_EQ(must(loaded_things(tpm_)), 0U);
    {
        auto channel = must(SecureChannel::open(tpm_, root));
        const Lock lock{authorized_policy(policy_key.point(), KeyUse::channel)};
        const SigningKey key = must(create_signing_key(channel, lock));
        const auto only_the_channel = must(loaded_things(tpm_));
        for (int round = 0; round < 100; ++round) {
            {
                const auto session = must(open_policy(tpm_, good, KeyUse::channel));
                must(sign(channel, key.blob, measurement(1), &session));
            }
            EXPECT_FALSE(sign(channel, key.blob, measurement(1), nullptr));
            EXPECT_FALSE(open_policy(tpm_, bad, KeyUse::channel));
            ASSERT_EQ(must(loaded_things(tpm_)), only_the_channel) << round;
        }
    }
    EXPECT_EQ(must(loaded_things(tpm_)), 0U);
}

}  // namespace
}  // namespace basalt::tpm
