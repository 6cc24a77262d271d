#include "tpm/event_log.h"

#include "tpm/policy.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace basalt::tpm {
namespace {

ByteView bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

EventLog some_log() {
    EventLog log;
    log.add(0, EventType::compact_hash, bytes_of("guardian"));
    log.add(2, EventType::compact_hash, bytes_of("firmware"));
    log.add(2, EventType::separator, bytes_of("more"));
    return log;
}

TEST(EventLog, WhatWasAddedIsReadBackAndReplaysToThePcrs) {
    const EventLog log = some_log();
    const auto events = parse_event_log(log.bytes());
    ASSERT_TRUE(events) << events.error().what;
    ASSERT_EQ(events->size(), 3U);
    EXPECT_EQ((*events)[1].pcr, 2U);
    EXPECT_TRUE(std::ranges::equal((*events)[1].data, bytes_of("firmware")));

    const PcrValues values = replay(*events);
    EXPECT_EQ(values[0], sha256(Digest{}, sha256(bytes_of("guardian"))));
    EXPECT_EQ(values[2], sha256(sha256(Digest{}, sha256(bytes_of("firmware"))), sha256(bytes_of("more"))));
    EXPECT_EQ(values[6], Digest{});
}

TEST(EventLog, CutAnywhereButBetweenTwoEventsItIsRefused) {
    const ByteVector whole = some_log().bytes();
    EventLog start;
    std::vector<std::size_t> ends{start.bytes().size()};
    start.add(0, EventType::compact_hash, bytes_of("guardian"));
    ends.push_back(start.bytes().size());
    start.add(2, EventType::compact_hash, bytes_of("firmware"));
    ends.push_back(start.bytes().size());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(parse_event_log(ByteView{whole}.first(size)).has_value(), std::ranges::count(ends, size) == 1)
            << size;
}

TEST(EventLog, EachFlippedBitIsRefusedOrChangesPcrOrTypeAlone) {
    const ByteVector whole = some_log().bytes();
    const auto original = *parse_event_log(whole);
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (unsigned bit = 0; bit < 8; ++bit) {
            ByteVector changed = whole;
            changed[at] = static_cast<std::uint8_t>(changed[at] ^ (1U << bit));
            const auto events = parse_event_log(changed);
            if (!events) continue;
            ASSERT_EQ(events->size(), original.size()) << at;
            for (std::size_t i = 0; i < original.size(); ++i) {
                EXPECT_EQ((*events)[i].digest, original[i].digest) << at;
                EXPECT_EQ((*events)[i].data, original[i].data) << at;
            }
        }
}

TEST(EventLog, AHugeSizeInAnEventReadsNothingBeyondTheLog) {
    ByteVector log = some_log().bytes();
    log.insert(log.end(), {2, 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 0x0B, 0});
    log.insert(log.end(), 32, 0);
    log.insert(log.end(), {0xFF, 0xFF, 0xFF, 0xFF});
    const auto events = parse_event_log(log);
    ASSERT_FALSE(events);
    EXPECT_EQ(events.error().code, ErrorCode::unreadable);
}

}  // namespace
}  // namespace basalt::tpm
