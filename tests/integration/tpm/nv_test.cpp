#include "tpm/nv.h"

#include "tests/integration/tpm/fresh_tpm.h"

namespace basalt::tpm {
namespace {

using namespace test;
using Nv = FreshTpm;

TEST_F(Nv, TheFirstCounterOfAFreshTpmStartsAtOne) {
    // One signed policy fits all devices only because of this: the version starts equal on all.
    provision_version();
    EXPECT_EQ(must(read_counter(tpm_, version_counter)), 1U);
    must(define(tpm_, generation_counter));
    must(increment(tpm_, generation_counter));
    EXPECT_EQ(must(read_counter(tpm_, generation_counter)), 1U);
}

TEST_F(Nv, ACounterIsMissingBeforeItsFirstCount) {
    EXPECT_EQ(read_counter(tpm_, version_counter).error().code, ErrorCode::missing);
    must(define(tpm_, version_counter));
    EXPECT_EQ(read_counter(tpm_, version_counter).error().code, ErrorCode::missing);
}

TEST_F(Nv, ACountThatWasAnsweredSurvivesPowerCuts) {
    provision_version();
    for (std::uint64_t round = 1; round <= 10; ++round) {
        EXPECT_EQ(must(read_counter(tpm_, version_counter)), round);
        must(increment(tpm_, version_counter));
        reset();
    }
}

TEST_F(Nv, AnIndexThatSomebodyReplacedIsNotBelieved) {
    provision_version();
    must(undefine(tpm_, version_counter));
    Index forged = version_counter;  // one that anyone may write again and again
    forged.attributes = nv_attribute::platformcreate | nv_attribute::authwrite | nv_attribute::authread |
                        nv_attribute::ownerread | nv_attribute::no_da;
    must(define(tpm_, forged));
    const auto count = read_counter(tpm_, version_counter);
    ASSERT_FALSE(count);
    EXPECT_EQ(count.error().code, ErrorCode::refused);
    EXPECT_FALSE(increment(tpm_, version_counter));
    EXPECT_FALSE(exists(tpm_, version_counter));
}

TEST_F(Nv, TakingAwayWhatIsNotThereIsNoError) {
    EXPECT_TRUE(undefine(tpm_, version_counter));
    EXPECT_FALSE(must(exists(tpm_, version_counter)));
    must(define(tpm_, version_counter));
    EXPECT_TRUE(must(exists(tpm_, version_counter)));
    EXPECT_FALSE(define(tpm_, version_counter));
}

}  // namespace
}  // namespace basalt::tpm
