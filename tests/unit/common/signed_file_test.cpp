#include "device/common/signed_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

namespace basalt {
namespace {

/// The blocks of hexadecimal lines on docs/formats/signed-file.md, as bytes: the file, then the key.
std::vector<std::vector<std::uint8_t>> blocks_of_the_page() {
    std::ifstream page{std::string{BASALT_SOURCE_DIR} + "/docs/formats/signed-file.md"};
    std::vector<std::vector<std::uint8_t>> blocks;
    bool in_block = false;
    for (std::string line; std::getline(page, line);) {
        const std::size_t start = line.find_first_not_of(' ');
        const bool hex = start == 4 && line.find_first_not_of("0123456789abcdef", start) == std::string::npos;
        if (hex && !in_block) blocks.emplace_back();
        in_block = hex;
        for (std::size_t i = 4; hex && i + 1 < line.size(); i += 2)
            blocks.back().push_back(static_cast<std::uint8_t>(std::stoi(line.substr(i, 2), nullptr, 16)));
    }
    return blocks;
}

constexpr Expected a_firmware{FileKind::firmware, Variant::production, any_device};

class SignedFileTest : public ::testing::Test {
  protected:
    void SetUp() override {
        const auto blocks = blocks_of_the_page();
        ASSERT_EQ(blocks.size(), 2U);
        file = blocks[0];
        ASSERT_EQ(blocks[1].size(), key.size());
        std::ranges::copy(blocks[1], key.begin());
    }
    std::vector<std::uint8_t> file;
    PublicKey key{};
};

TEST_F(SignedFileTest, TheExampleOfThePageVerifies) {
    const auto verified = verify(file, a_firmware, key);
    ASSERT_TRUE(verified) << in_words(verified.error());
    EXPECT_EQ(verified->header().version, 3U);
    const std::string payload{verified->payload().begin(), verified->payload().end()};
    EXPECT_EQ(payload, "a program");
    EXPECT_TRUE(std::ranges::equal(header_bytes(verified->header()), ByteView{file}.first(SignedHeader::size)));
    EXPECT_EQ(verified->measurement(), sha256(ByteView{file}.first(SignedHeader::size)));
}

TEST_F(SignedFileTest, EveryBitOfTheExampleCounts) {
    for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
        file[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        EXPECT_FALSE(verify(file, a_firmware, key)) << "byte " << bit / 8;
        file[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    }
    EXPECT_TRUE(verify(file, a_firmware, key));
}

TEST_F(SignedFileTest, ATrueFileInAnotherPlaceIsRefusedForThatReason) {
    const auto as = [this](Expected expected) {
        const auto verified = verify(file, expected, key);
        return verified ? ImageVerdict::accepted : verified.error();
    };
    EXPECT_EQ(as({FileKind::gateway, Variant::production, any_device}), ImageVerdict::wrong_kind);
    EXPECT_EQ(as({FileKind::firmware, Variant::training, any_device}), ImageVerdict::wrong_variant);
    EXPECT_EQ(as({FileKind::firmware, Variant::production, {1}}), ImageVerdict::accepted) << "it fits every device";
    key[40] ^= 1;
    EXPECT_EQ(as(a_firmware), ImageVerdict::bad_signature) << "a point that is on no curve is no key";
}

}  // namespace
}  // namespace basalt
