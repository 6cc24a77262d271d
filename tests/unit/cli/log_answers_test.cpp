#include "ui/cli/log_answers.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace basalt::cli {
namespace {

using Bodies = std::vector<std::string>;

std::string row(std::uint64_t seq) {
    return fmt::format(R"({{"hash":"{}","record":{{"schema":1,"seq":{}}}}})", std::string(64, 'a'), seq);
}
std::string page(const std::string& rows, std::uint64_t next, bool more) {
    return fmt::format(R"({{"schema":1,"rows":[{}],"next_seq":{},"more":{}}})", rows, next, more);
}
ErrorCode taken(const std::string& body) {
    LogRows rows;
    const auto took = rows.take(body);
    EXPECT_FALSE(took) << body;
    return took ? ErrorCode::usage : took.error().code;
}

TEST(LogAnswers, AWholeLogIsPutTogetherFromItsPages) {
    std::vector<std::uint64_t> asked;
    const auto rows = whole_log([&](std::uint64_t from) -> Result<Bodies> {
        asked.push_back(from);
        if (from == 1)
            return Bodies{page(row(1) + "," + row(2), 3, true), page(R"({"seq":3,"too_long":true})", 4, true)};
        return Bodies{page("", 4, false)};
    });
    ASSERT_TRUE(rows) << rows.error().what;
    EXPECT_EQ(asked, (std::vector<std::uint64_t>{1, 4}));
    ASSERT_EQ(rows->size(), 3U);
    EXPECT_EQ((*rows)[1].record, R"({"schema":1,"seq":2})");
    EXPECT_EQ((*rows)[1].hash, std::string(64, 'a'));
    EXPECT_EQ((*rows)[2].seq, 3U);
    EXPECT_TRUE((*rows)[2].record.empty());
}

TEST(LogAnswers, WhateverStandsInTheFieldsItIsReadOrSaidToBeUnreadable) {
    const char* const strange[] = {
        "null", "true", "-1", "1.5", "\"\\u001b[2J\"", "[]", "{}", "[[]]", "18446744073709551615", "\"\""};
    for (const std::string value : strange) {
        EXPECT_EQ(taken(value), ErrorCode::unreadable);
        EXPECT_EQ(taken(R"({"rows":[],"next_seq":1,"more":)" + (value == "true" ? "0" : value) + "}"),
                  ErrorCode::unreadable);
        if (value != "[]") {
            EXPECT_EQ(taken(R"({"rows":)" + value + R"(,"next_seq":1,"more":true})"), ErrorCode::unreadable);
        }
        EXPECT_EQ(taken(page(value, 2, true)), ErrorCode::unreadable);
        EXPECT_EQ(taken(page(R"({"hash":)" + value + R"(,"record":{"seq":1}})", 2, true)), ErrorCode::unreadable);
        EXPECT_EQ(taken(page(R"({"too_long":true,"seq":)" + value + "}", 2, true)), ErrorCode::unreadable);
        EXPECT_EQ(taken(page(R"({"hash":")" + std::string(64, 'a') + R"(","record":{"seq":)" + value + "}}", 2, true)),
                  ErrorCode::unreadable);
        const auto verdict = [&](const std::string& body) {
            return log_verdict([&] { return Result<Bodies>{Bodies{body}}; }, [] { return Result<void>{}; });
        };
        for (const std::string& body :
             {std::string{value}, R"({"records":1,"words":"w","ok":)" + (value == "true" ? "1" : value) + "}",
              R"({"ok":true,"words":"w","records":)" + value + "}",
              R"({"checking":true,"words":"w","records":)" + value + "}",
              R"({"ok":true,"records":1,"words":)" + (value[0] == '"' ? "1" : value) + "}"}) {
            const auto found = verdict(body);
            ASSERT_FALSE(found) << body;
            EXPECT_EQ(found.error().code, ErrorCode::unreadable) << body;
        }
    }
    EXPECT_EQ(taken(""), ErrorCode::unreadable);
    EXPECT_EQ(taken("\xff"), ErrorCode::unreadable);
    EXPECT_EQ(taken(std::string(2'000, '[')), ErrorCode::unreadable);
}

TEST(LogAnswers, NumbersThatDoNotGrowAreRefused) {
    EXPECT_EQ(taken(page(row(2) + "," + row(2), 3, true)), ErrorCode::unreadable);
    EXPECT_EQ(taken(page(row(2) + "," + row(1), 3, true)), ErrorCode::unreadable);
    EXPECT_EQ(taken(page(row(0), 3, true)), ErrorCode::unreadable);
}

TEST(LogAnswers, ALogThatAlwaysPromisesMoreIsNotReadForEver) {
    for (const Bodies& said : {Bodies{page("", 1, true)}, Bodies{page("", 999, true)}, Bodies{}}) {
        int asks = 0;
        const auto rows = whole_log([&](std::uint64_t) -> Result<Bodies> { return ++asks, said; });
        ASSERT_FALSE(rows);
        EXPECT_EQ(rows.error().code, ErrorCode::unreadable);
        EXPECT_EQ(asks, 1);
    }
    const auto endless = whole_log([&](std::uint64_t from) -> Result<Bodies> {
        std::string rows = row(from);
        for (std::uint64_t n = 1; n < 1'000; ++n) rows += "," + row(from + n);
        return Bodies{page(rows, from + 1'000, true)};
    });
    ASSERT_FALSE(endless) << "it grows, and has a limit all the same";
    EXPECT_EQ(endless.error().code, ErrorCode::unreadable);
}

TEST(LogAnswers, ACheckThatGetsNoFurtherIsGivenUp) {
    for (const bool grows : {false, true}) {
        int asks = 0;
        int waits = 0;
        const auto found = log_verdict(
            [&]() -> Result<Bodies> {
                ++asks;
                return Bodies{fmt::format(R"({{"checking":true,"records":{},"words":"so far"}})", grows ? asks : 7)};
            },
            [&]() -> Result<void> { return ++waits, Result<void>{}; });
        ASSERT_FALSE(found);
        EXPECT_EQ(exit_status(found.error().code), 1);
        EXPECT_EQ(asks, grows ? most_asks : patience_asks + 1);
        EXPECT_EQ(waits, asks - 1);
    }
}

TEST(LogAnswers, ACheckThatGetsFurtherIsWaitedFor) {
    int asks = 0;
    const auto found = log_verdict(
        [&]() -> Result<Bodies> {
            if (++asks == 100)
                return Bodies{
                    R"({"schema":1,"ok":true,"records":9,"words":"Tout est l\u00e0 : \u00e9t\u00e9.\u001b[2J\u202e"})"};
            return Bodies{fmt::format(R"({{"checking":true,"records":{},"of":9,"words":"w"}})", asks / 10)};
        },
        [] { return Result<void>{}; });
    ASSERT_TRUE(found) << found.error().what;
    EXPECT_TRUE(found->intact);
    EXPECT_EQ(found->words, "Tout est là : été.?[2J???");
    for (const char byte : found->json) EXPECT_TRUE((byte >= ' ' && byte <= '~') || byte == '\n') << found->json;
}

}  // namespace
}  // namespace basalt::cli
