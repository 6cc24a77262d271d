#include "tpm/policy.h"

#include "tests/integration/tpm/fresh_tpm.h"
#include "tpm/tss.h"

namespace basalt::tpm {
namespace {

using namespace test;

class PolicyDigestOnATpm : public FreshTpm {
  protected:
    Digest digest_of(const Session& session) {
        Answer<TPM2B_DIGEST> digest;
        EXPECT_EQ(
            Esys_PolicyGetDigest(tpm_.context(), session.get(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, out(digest)),
            0U);
        Digest plain{};
        std::copy_n(digest->buffer, plain.size(), plain.begin());
        return plain;
    }
};

TEST_F(PolicyDigestOnATpm, WhatIsComputedOfflineIsWhatTheTpmComputes) {
    provision_version();
    must(define(tpm_, alive_counter(KeyUse::log)));
    must(increment(tpm_, alive_counter(KeyUse::log)));
    measure({});
    const auto policy_key = must(factory::P256Key::generate());
    // open_policy succeeds only where the TPM's digest before PolicyAuthorize is approved_digest().
    const auto session = must(open_policy(tpm_, release_for(policy_key, {}, 1), KeyUse::log));
    EXPECT_EQ(digest_of(session), authorized_policy(policy_key.point(), KeyUse::log));
    const auto alive = must(read_counter(tpm_, alive_counter(KeyUse::log)));
    must(require_alive(tpm_, session, alive_counter(KeyUse::log), alive));
    EXPECT_EQ(digest_of(session), authorized_while_alive(policy_key.point(), KeyUse::log, alive));
}

TEST_F(PolicyDigestOnATpm, ThePcrsReadAreTheOnesThatWereExtended) {
    measure({});
    EXPECT_EQ(must(read_pcrs(tpm_)), values_after({}));
}

}  // namespace
}  // namespace basalt::tpm
