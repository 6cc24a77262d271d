// The heart of measured boot: under which states a key opens, and under which it does not.
#include "tpm/release_policy.h"

#include "tests/integration/tpm/fresh_tpm.h"

#include <utility>

namespace basalt::tpm {
namespace {

using namespace test;

constexpr KeyUse use = KeyUse::patient;

class ReleasePolicyOnATpm : public FreshTpm {
  protected:
    ReleasePolicyOnATpm() {
        provision_version();
        must(define(tpm_, alive_counter(use)));
        must(increment(tpm_, alive_counter(use)));
        alive_ = must(read_counter(tpm_, alive_counter(use)));
        root_ = must(make_storage_root(tpm_));
        {
            auto channel = must(SecureChannel::open(tpm_, root_));
            blob_ = must(create_sealed(channel, sevens(), {authorized_while_alive(policy_key_.point(), use, alive_)}));
            must(define(tpm_, nv_half_));
            must(write_secret(channel, nv_half_, sevens()));
        }
        reset();
    }

    /// Opens the sealed half as the firmware does.
    Result<Secret> open(const ReleasePolicy& release) {
        auto channel = must(SecureChannel::open(tpm_, root_));
        const auto session = open_policy(tpm_, release, use);
        if (!session) return std::unexpected{session.error()};
        if (const auto alive = require_alive(tpm_, *session, alive_counter(use), alive_); !alive)
            return std::unexpected{alive.error()};
        return unseal(channel, blob_, &*session);
    }
    Result<Secret> open_nv_half(const ReleasePolicy& release) {
        auto channel = must(SecureChannel::open(tpm_, root_));
        const auto session = open_policy(tpm_, release, use);
        if (!session) return std::unexpected{session.error()};
        return read_secret(channel, nv_half_, &*session);
    }

    factory::P256Key policy_key_ = must(factory::P256Key::generate());
    ReleasePolicy release_ = release_for(policy_key_, {}, 1);
    Index nv_half_ = nv_half(use, {authorized_policy(policy_key_.point(), use)});
    std::uint64_t alive_ = 0;
    Name root_{};
    Blob blob_;
};

TEST_F(ReleasePolicyOnATpm, TheApprovedStateOpensBothHalves) {
    measure({});
    const auto sealed = open(release_);
    ASSERT_TRUE(sealed) << sealed.error().what;
    EXPECT_TRUE(is_sevens(*sealed));
    const auto in_nv = open_nv_half(release_);
    ASSERT_TRUE(in_nv) << in_nv.error().what;
    EXPECT_TRUE(is_sevens(*in_nv));
}

TEST_F(ReleasePolicyOnATpm, TheApprovedStateWithoutAGatewayOpensToo) {
    measure({.gateway = no_gateway});
    EXPECT_TRUE(open(release_));
}

TEST_F(ReleasePolicyOnATpm, OneOtherMeasurementAndNeitherHalfOpens) {
    for (const Measured changed :
         {Measured{.rom = 9}, Measured{.authority = 9}, Measured{.firmware = 9}, Measured{.gateway = 9}}) {
        reset_and_measure(changed);
        const auto sealed = open(release_);
        ASSERT_FALSE(sealed);
        EXPECT_EQ(sealed.error().code, ErrorCode::refused) << sealed.error().what;
        EXPECT_FALSE(open_nv_half(release_));
    }
}

TEST_F(ReleasePolicyOnATpm, BeforeAnythingIsMeasuredNothingOpens) { EXPECT_FALSE(open(release_)); }

TEST_F(ReleasePolicyOnATpm, OnceCappedNothingOpensUntilTheNextReset) {
    measure({});
    ASSERT_TRUE(open(release_));
    must(extend(tpm_, cap_pcr, measurement(1)));
    EXPECT_EQ(open(release_).error().code, ErrorCode::refused);
    EXPECT_EQ(open_nv_half(release_).error().code, ErrorCode::refused);
    reset_and_measure({});
    EXPECT_TRUE(open(release_));
}

TEST_F(ReleasePolicyOnATpm, AnUpdateKeepsTheDataAndTheOldReleaseOpensUntilTheVersionIsRaised) {
    const Measured new_firmware{.firmware = 30};
    const ReleasePolicy new_release = release_for(policy_key_, new_firmware, 2);
    reset_and_measure(new_firmware);
    EXPECT_TRUE(open(new_release)) << "the same blob opens under the signed update";
    EXPECT_FALSE(open(release_));
    reset_and_measure({});
    EXPECT_TRUE(open(release_)) << "a trial start of the new release must not lock the old one out";

    must(increment(tpm_, version_counter));
    const auto withdrawn = open(release_);
    ASSERT_FALSE(withdrawn);
    EXPECT_EQ(withdrawn.error().tpm_rc, 0x126U);
    EXPECT_NE(withdrawn.error().what.find("withdrawn"), std::string::npos) << withdrawn.error().what;
    reset_and_measure(new_firmware);
    EXPECT_TRUE(open(new_release));
}

TEST_F(ReleasePolicyOnATpm, AnOldStateUnderANewerVersionNumberIsNotApproved) {
    measure({});
    must(increment(tpm_, version_counter));
    ReleasePolicy renumbered = release_;
    renumbered.version = 2;
    EXPECT_EQ(open(renumbered).error().code, ErrorCode::refused);
}

TEST_F(ReleasePolicyOnATpm, ASignatureForAnotherUseOpensNothing) {
    measure({});
    ReleasePolicy swapped = release_;
    for (ApprovedState& state : swapped.states)
        state.signatures[std::to_underlying(use)] = state.signatures[std::to_underlying(KeyUse::log)];
    const auto opened = open(swapped);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().tpm_rc, 0x2DBU);
}

TEST_F(ReleasePolicyOnATpm, ASessionForAnotherUseOpensNothing) {
    measure({});
    auto channel = must(SecureChannel::open(tpm_, root_));
    const auto session = must(open_policy(tpm_, release_, KeyUse::log));
    must(require_alive(tpm_, session, alive_counter(use), alive_));
    EXPECT_EQ(unseal(channel, blob_, &session).error().tpm_rc, 0x99DU);
}

TEST_F(ReleasePolicyOnATpm, AnotherPolicyKeysWordOpensNothing) {
    measure({});
    const factory::P256Key stranger = must(factory::P256Key::generate());
    EXPECT_EQ(open(release_for(stranger, {}, 1)).error().tpm_rc, 0x99DU);
    EXPECT_FALSE(open_nv_half(release_for(stranger, {}, 1)));
}

TEST_F(ReleasePolicyOnATpm, WithoutTheQuestionWhetherItIsAliveTheHalfStaysClosed) {
    measure({});
    auto channel = must(SecureChannel::open(tpm_, root_));
    const auto session = must(open_policy(tpm_, release_, use));
    EXPECT_EQ(unseal(channel, blob_, &session).error().code, ErrorCode::refused);
}

TEST_F(ReleasePolicyOnATpm, WithoutASessionTheHalfStaysClosed) {
    measure({});
    auto channel = must(SecureChannel::open(tpm_, root_));
    EXPECT_EQ(unseal(channel, blob_, nullptr).error().code, ErrorCode::refused);
}

TEST_F(ReleasePolicyOnATpm, OnceErasedAClassIsDeadForEver) {
    measure({});
    must(increment(tpm_, alive_counter(use)));
    EXPECT_EQ(open(release_).error().tpm_rc, 0x126U);
    must(undefine(tpm_, alive_counter(use)));
    EXPECT_EQ(open(release_).error().code, ErrorCode::missing);
    // A new counter starts above every one that was ever deleted: the old number does not come back.
    must(define(tpm_, alive_counter(use)));
    must(increment(tpm_, alive_counter(use)));
    EXPECT_EQ(open(release_).error().tpm_rc, 0x126U);

    must(undefine(tpm_, nv_half_));
    EXPECT_EQ(open_nv_half(release_).error().code, ErrorCode::missing);
}

TEST_F(ReleasePolicyOnATpm, TheNvHalfIsReadByNobodyElse) {
    measure({});
    // The same index, asked for as its owner or with its empty password.
    Index readable = nv_half_;
    readable.size = 8;
    const auto count = read_counter(tpm_, readable);
    ASSERT_FALSE(count);
    EXPECT_EQ(count.error().code, ErrorCode::refused);
}

TEST_F(ReleasePolicyOnATpm, ACopiedBlobIsUselessInAnotherTpm) {
    TemporaryDirectory elsewhere;
    auto other = must(Simulator::start({.state = elsewhere.path() / "state", .run = elsewhere.path()}));
    auto tpm = must(Tpm::connect(other.tcti()));
    const Name root = must(make_storage_root(tpm));
    auto channel = must(SecureChannel::open(tpm, root));
    EXPECT_EQ(unseal(channel, blob_, nullptr).error().code, ErrorCode::unreadable);
}

}  // namespace
}  // namespace basalt::tpm
