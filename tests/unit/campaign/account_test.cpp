// The account that campaigns judge by finds each kind of fault: else a campaign without faults says nothing.
#include "scenarios/campaign/account.h"

#include "device/guardian/memory.h"

#include <gtest/gtest.h>

namespace basalt::campaign {
namespace {

/// Two hours in which each slot has its 100 mU.
Account good() {
    Account account;
    account.end = {7'200};
    account.limits = {10_U, 15_U, 10_U, 60_U, 24};
    for (std::uint32_t slot = 0; slot < 24; ++slot) {
        hal::RingEntry entry;
        entry.seq = slot + 1;
        entry.tick = {slot * hal::basal_slot_s};
        entry.kind = hal::RingKind::dose;
        entry.amount = 100_mU;
        entry.detail = guardian::as_detail(guardian::SlotDetail{.slot = slot, .of_profile = 100_mU});
        account.ring.push_back(entry);
        account.motor_mu += 100;
    }
    return account;
}

TEST(Account, OfADayAsItMustBeHasNoFault) { EXPECT_TRUE(faults_of(good()).empty()); }

TEST(Account, ADoseThatIsMissingOrGivenTwiceIsFound) {
    Account missing = good();
    missing.ring.pop_back();
    missing.motor_mu -= 100;
    EXPECT_EQ(faults_of(missing).size(), 1U);
    Account twice = good();
    twice.ring.push_back(twice.ring.back());
    twice.ring.back().seq = 25;
    twice.motor_mu += 100;
    EXPECT_EQ(faults_of(twice).size(), 1U);
}

TEST(Account, AMotorThatIsMoreThanOneStepAwayIsFound) {
    Account account = good();
    account.motor_mu += 1;
    EXPECT_TRUE(faults_of(account).empty());
    account.motor_mu += 1;
    EXPECT_EQ(faults_of(account).size(), 1U);
}

TEST(Account, AnHourOverItsLimitIsFoundToTheMilliUnit) {
    Account account = good();
    account.limits.per_hour = 1'200_mU;  // twelve slots
    EXPECT_TRUE(faults_of(account).empty());
    account.limits.per_hour = 1'199_mU;
    EXPECT_EQ(faults_of(account).size(), 1U);
}

TEST(Account, AHoleInTheRingIsFound) {
    Account account = good();
    account.ring[5].seq = 60;
    EXPECT_FALSE(faults_of(account).empty());
}

}  // namespace
}  // namespace basalt::campaign
