#include "tpm/policy.h"

#include <gtest/gtest.h>

namespace basalt::tpm {
namespace {

// That these digests are a TPM's is shown on a TPM, in tests/integration/tpm/policy_test.cpp.

TEST(PolicyDigest, TheOrderOfTwoStepsMatters) {
    const Index a = counter_index(0x01800001, Hierarchy::owner), b = counter_index(0x01800002, Hierarchy::owner);
    EXPECT_NE(PolicyDigest{}.counter_equals(a, 1).counter_equals(b, 1).value(),
              PolicyDigest{}.counter_equals(b, 1).counter_equals(a, 1).value());
}

TEST(PolicyDigest, AuthorizeReplacesWhatStoodBefore) {
    const Index counter = counter_index(0x01800001, Hierarchy::owner);
    const Name key = name_of_key(Point{0x04});
    const std::uint8_t ref[]{'x'};
    EXPECT_EQ(PolicyDigest{}.counter_equals(counter, 1).authorize(key, ref).value(),
              PolicyDigest{}.authorize(key, ref).value());
    EXPECT_NE(PolicyDigest{}.authorize(key, ref).value(), PolicyDigest{}.authorize(key, {}).value());
}

TEST(PolicyDigest, AtMostAndEqualsDiffer) {
    const Index counter = counter_index(0x01800001, Hierarchy::owner);
    EXPECT_NE(PolicyDigest{}.counter_at_most(counter, 1).value(), PolicyDigest{}.counter_equals(counter, 1).value());
}

TEST(IndexName, DependsOnEveryField) {
    const Digest policy{};
    const Index index = policy_read_index(0x01800001, 32, policy);
    Index other = index;
    other.size = 33;
    EXPECT_NE(name_of(index), name_of(other));
    other = index;
    other.attributes |= nv_attribute::authread;
    EXPECT_NE(name_of(index), name_of(other));
    other = index;
    (*other.policy)[0] = 1;
    EXPECT_NE(name_of(index), name_of(other));
}

}  // namespace
}  // namespace basalt::tpm
