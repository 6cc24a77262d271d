// The printed table, its page, and the words that it is made of.
#include "device/firmware/access/matrix.h"

#include "device/firmware/access/operation.h"
#include "tests/support/page.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <sstream>

namespace basalt::access {
namespace {

TEST(AccessMatrix, ThePageHoldsThePrintedTable) {
    const auto blocks = test::example_texts("access.md");
    ASSERT_FALSE(blocks.empty());
    std::string printed, block;
    std::istringstream lines{matrix_text(Language::english)};
    for (std::string line; std::getline(lines, line);)
        if (!line.empty()) printed += line + "\n";
    for (const auto& part : blocks) block += part;
    EXPECT_EQ(block, printed);
}

std::size_t columns(std::string_view line) {
    std::size_t count = 0;
    for (const char c : line) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
    return count;
}

TEST(AccessMatrix, NoLineIsTooWideInEitherLanguage) {
    for (const Language language : {Language::english, Language::french}) {
        std::istringstream lines{matrix_text(language)};
        for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), 130U) << line;
    }
}

TEST(AccessMatrix, EveryOperationHasItsOwnWordsAndItsOwnKey) {
    std::set<std::string_view> keys, english, french;
    for (std::size_t i = 0; i < operation_count; ++i) {
        const Word& operation = word(static_cast<Operation>(i));
        EXPECT_TRUE(keys.insert(operation.key).second && english.insert(operation.english).second &&
                    french.insert(operation.french).second)
            << operation.key;
        EXPECT_EQ(find_operation(operation.key), static_cast<Operation>(i));
    }
    EXPECT_EQ(find_operation("see"), std::nullopt);
    EXPECT_EQ(find_role("nurse"), Role::nurse);
    EXPECT_EQ(find_role("Nurse"), std::nullopt);
}

TEST(AccessMatrix, TheJsonListsEveryOperationWithItsLines) {
    const auto json = nlohmann::json::parse(matrix_json());
    EXPECT_EQ(json["schema"], 1);
    ASSERT_EQ(json["operations"].size(), operation_count);
    for (const auto& operation : json["operations"]) EXPECT_FALSE(operation["rules"].empty()) << operation;
    const auto& release = json["operations"][static_cast<std::size_t>(Operation::leave_failsafe)]["rules"][0];
    EXPECT_EQ(release["second_factors"], (nlohmann::json{"password", "badge"}));
}

}  // namespace
}  // namespace basalt::access
