#include "scenarios/bench/delivery_check.h"

#include "device/guardian/memory.h"

#include <gtest/gtest.h>

namespace basalt::bench {
namespace {

using hal::RingEntry;
using hal::RingKind;

RingEntry dose(std::uint32_t seq, std::uint32_t slot, std::int32_t amount) {
    RingEntry entry;
    entry.seq = seq;
    entry.kind = RingKind::dose;
    entry.amount = {amount};
    entry.detail = guardian::as_detail(guardian::SlotDetail{slot, {}, 0, 0});
    return entry;
}
RingEntry correction(std::uint32_t seq, std::int32_t amount) {
    RingEntry entry;
    entry.seq = seq;
    entry.kind = RingKind::correction;
    entry.amount = {amount};
    return entry;
}

const std::vector<RingEntry> good{dose(1, 0, 100), dose(2, 1, 100), correction(3, -40), dose(4, 2, 100)};

TEST(DeliveryCheck, SaysNothingWhereEverythingFits) {
    EXPECT_TRUE(check_ring(good, 0, 260, 0, {900}).empty());
    EXPECT_TRUE(check_ring(good, 1'000, 1'200, 60, {900}).empty()) << "what is on its way counts";
}

TEST(DeliveryCheck, FindsInsulinThatNobodyWroteDownAndThatNobodyGot) {
    EXPECT_EQ(check_ring(good, 0, 261, 0, {900}).size(), 1U);
    EXPECT_EQ(check_ring(good, 0, 259, 0, {900}).size(), 1U);
}

TEST(DeliveryCheck, FindsASlotThatWasGivenTwiceOrNotAtAll) {
    const std::vector<RingEntry> twice{dose(1, 0, 100), dose(2, 1, 100), dose(3, 1, 100)};
    ASSERT_EQ(check_ring(twice, 0, 300, 0, {600}).size(), 1U);
    EXPECT_NE(check_ring(twice, 0, 300, 0, {600})[0].find("slot 1 was given 2 times"), std::string::npos);
    const std::vector<RingEntry> hole{dose(1, 0, 100), dose(2, 2, 100)};
    ASSERT_EQ(check_ring(hole, 0, 200, 0, {900}).size(), 1U);
    EXPECT_NE(check_ring(hole, 0, 200, 0, {900})[0].find("slot 1 has no dose"), std::string::npos);
    EXPECT_EQ(check_ring(good, 0, 260, 0, {1'200}).size(), 1U) << "the slot at 900 is missing by 1200";
    EXPECT_EQ(check_ring({}, 0, 0, 0, {900}).size(), 1U);
}

TEST(DeliveryCheck, FindsAnEntryThatIsGone) {
    const std::vector<RingEntry> gap{dose(1, 0, 100), dose(3, 1, 100)};
    EXPECT_EQ(check_ring(gap, 0, 200, 0, {600}).size(), 1U);
}

TEST(DeliveryCheck, HoldsTheRecordsAgainstTheRing) {
    const std::vector<RecordedDose> same{{1, 100}, {2, 100}, {3, -40}, {4, 100}};
    EXPECT_TRUE(check_records(good, same).empty());
    EXPECT_EQ(check_records(good, std::span{same}.first(3)).size(), 1U) << "one is missing";
    for (const RecordedDose& odd : {RecordedDose{4, 100}, RecordedDose{9, 100}}) {
        auto more = same;
        more.push_back(odd);
        EXPECT_EQ(check_records(good, more).size(), 1U) << "one too many";
    }
    auto other = same;
    other[1].amount_mu = 99;
    EXPECT_EQ(check_records(good, other).size(), 1U) << "another amount";
}

TEST(DeliveryCheck, ReadsThePumpsAnswer) {
    const auto doses =
        recorded_doses({R"({"schema":1,"rows":[{"row":1,"amount_mu":104,"ring_seq":3}],"next_row":2,"more":true})",
                        R"({"schema":1,"rows":[{"row":2,"amount_mu":-5}],"next_row":3,"more":false})"});
    ASSERT_TRUE(doses);
    ASSERT_EQ(doses->size(), 2U);
    EXPECT_EQ((*doses)[0].ring_seq, 3U);
    EXPECT_EQ((*doses)[1].amount_mu, -5);
    EXPECT_EQ((*doses)[1].ring_seq, 0U);
    for (const char* odd : {"", "[]", "{\"rows\":3}", "{"}) EXPECT_FALSE(recorded_doses({odd})) << odd;
}

}  // namespace
}  // namespace basalt::bench
