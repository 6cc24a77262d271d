// The examples and offsets of docs/formats/ are what the code reads and writes.
#include "device/factory/dev_keys.h"
#include "device/factory/provision.h"
#include "device/factory/state_file.h"
#include "device/firmware/trust/key_file.h"
#include "tpm/release_policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

namespace basalt::factory {
namespace {

/// The indented block of a page that begins with `first_line`.
std::string example(const char* page, const std::string& first_line) {
    std::ifstream in{std::filesystem::path{BASALT_SOURCE_DIR} / page};
    std::string line, block;
    while (std::getline(in, line)) {
        const bool indented = line.starts_with("    ");
        if (block.empty() ? line == "    " + first_line : indented)
            block += line.substr(4) + "\n";
        else if (!block.empty())
            break;
    }
    return block;
}

struct Row {
    std::size_t offset = 0, size = 0;
};

/// The rows of a page's tables "offset size what" that give both numbers.
std::vector<Row> rows(const char* page) {
    std::ifstream in{std::filesystem::path{BASALT_SOURCE_DIR} / page};
    const std::regex row{R"(^ {4} *(\d+) +(\d+)  .*)"};
    std::vector<Row> found;
    std::smatch match;
    for (std::string line; std::getline(in, line);)
        if (std::regex_match(line, match, row)) found.push_back({std::stoul(match[1]), std::stoul(match[2])});
    return found;
}

/// Each row begins where the one before it ends. The end of the last.
std::size_t end_of(const std::vector<Row>& table) {
    std::size_t end = 0;
    for (const Row& row : table) {
        EXPECT_EQ(row.offset, end);
        end = row.offset + row.size;
    }
    return end;
}

TEST(FormatPages, TheTablesHaveNoGapsAndEndWhereTheFilesDo) {
    EXPECT_EQ(end_of(rows("docs/formats/release-policy.md")), tpm::release_policy_size);
    EXPECT_EQ(end_of(rows("docs/formats/authority.md")), AuthorityFrames::encode(AuthorityFile{}).size);
    // After the fixed fields of an empty key file stand six objects of two empty parts, three with a counter in front.
    const std::size_t objects = 6 * (2 + 2) + 3 * 8;
    EXPECT_EQ(end_of(rows("docs/formats/key-file.md")) + objects, firmware::encode(firmware::KeyFile{}).size());
}

TEST(FormatPages, TheStateFileOfThePageIsTheOneOfItsSeed) {
    const std::string text = example("docs/formats/state-directory.md",
                                     "# What this directory is. Basalt reads it before anything else here.");
    const auto state = parse_state_file(text);
    ASSERT_TRUE(state) << state.error().what;
    EXPECT_EQ(state->seed, 42U);
    EXPECT_EQ(state->device, device_with_seed(42));
    EXPECT_EQ(to_toml(*state), text);
}

TEST(FormatPages, TheAuthorityHasThePagesOffsets) {
    Authority authority{.variant = Variant::training, .switched_off = 0x04030201};
    std::uint8_t fill = 0xA0;
    for (auto* key : {&authority.image_key, &authority.policy_key, &authority.hospital_key, &authority.physician_key})
        key->fill(fill++);
    const auto file = AuthorityFrames::encode(AuthorityFile{authority});
    ASSERT_EQ(file.size, 270U);
    EXPECT_EQ(file.data[0], 'A');
    EXPECT_EQ(file.data[2], 2);
    EXPECT_EQ(file.data[3], 0x01);
    EXPECT_EQ(file.data[4], 0x0B);
    EXPECT_EQ(file.data[5], 1);
    EXPECT_EQ(file.data[6], 0xA0);
    EXPECT_EQ(file.data[71], 0xA1);
    EXPECT_EQ(file.data[136], 0xA2);
    EXPECT_EQ(file.data[201], 0xA3);
    EXPECT_EQ(file.data[266], 0x01);
    EXPECT_EQ(file.data[269], 0x04);
}

}  // namespace
}  // namespace basalt::factory
