// The examples and offsets of docs/formats/ are what the code reads and writes.
#include "device/factory/dev_keys.h"
#include "device/factory/provision.h"
#include "device/factory/state_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace basalt::factory {
namespace {

/// The indented block of a page that begins with `first_line`.
std::string example(const char* page, const std::string& first_line) {
    std::ifstream in{std::filesystem::path{BASALT_SOURCE_DIR} / "docs/formats" / page};
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

TEST(FormatPages, TheStateFileOfThePageIsTheOneOfItsSeed) {
    const std::string text =
        example("state-directory.md", "# What this directory is. Basalt reads it before anything else here.");
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
