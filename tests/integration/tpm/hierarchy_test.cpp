#include "tpm/hierarchy.h"

#include "tests/integration/tpm/fresh_tpm.h"

namespace basalt::tpm {
namespace {

using namespace test;
using HierarchyTest = FreshTpm;

TEST_F(HierarchyTest, OnceClosedNobodyCountsOrRemovesAPlatformCounterAndAllReadIt) {
    provision_version();
    must(close_platform(tpm_));
    EXPECT_EQ(increment(tpm_, version_counter).error().code, ErrorCode::refused);
    EXPECT_EQ(undefine(tpm_, version_counter).error().code, ErrorCode::refused);
    EXPECT_EQ(must(read_counter(tpm_, version_counter)), 1U);
    EXPECT_EQ(define(tpm_, generation_counter).error().code, ErrorCode::refused);
    EXPECT_TRUE(close_platform(tpm_)) << "closing it twice is no error";
    reset();
    EXPECT_TRUE(increment(tpm_, version_counter));
}

TEST_F(HierarchyTest, AnOwnerCannotTakeAPlatformCounterAway) {
    provision_version();
    Index as_owner = version_counter;
    as_owner.hierarchy = Hierarchy::owner;
    EXPECT_EQ(undefine(tpm_, as_owner).error().code, ErrorCode::refused);
}

TEST_F(HierarchyTest, ClearingIsRefusedUntilBootAllowsIt) {
    const Name root = must(make_storage_root(tpm_));
    must(allow_clear(tpm_, false));
    EXPECT_EQ(clear(tpm_).error().code, ErrorCode::refused);
    reset();
    EXPECT_EQ(clear(tpm_).error().code, ErrorCode::refused) << "the setting outlives a reset";
    must(close_platform(tpm_));
    EXPECT_EQ(allow_clear(tpm_, true).error().code, ErrorCode::refused);
    reset();
    must(allow_clear(tpm_, true));
    must(clear(tpm_));
    EXPECT_EQ(SecureChannel::open(tpm_, root).error().code, ErrorCode::missing);
}

TEST_F(HierarchyTest, NoPowerCutAndNoWrongAttemptCountsTowardsALockout) {
    const Name root = must(make_storage_root(tpm_));
    for (int round = 0; round < 5; ++round) {
        {
            auto channel = must(SecureChannel::open(tpm_, root));
            const Blob blob = must(create_sealed(channel, sevens(), {sha256({})}));
            EXPECT_FALSE(unseal(channel, blob, nullptr));
        }
        reset();
        EXPECT_EQ(must(lockout_count(tpm_)), 0U);
    }
}

}  // namespace
}  // namespace basalt::tpm
