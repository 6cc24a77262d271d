#include "device/firmware/trust/key_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace basalt::firmware {
namespace {

tpm::Blob blob_of(std::uint8_t fill) {
    return {.public_part = tpm::ByteVector(90, fill),
            .private_part = tpm::ByteVector(160, static_cast<std::uint8_t>(fill + 1))};
}

KeyFile some_keys() {
    KeyFile keys;
    keys.storage_root.fill(1);
    keys.policy_key.fill(2);
    keys.switched_off = 0x03020100;
    keys.channel_key = blob_of(3);
    keys.identity_key = blob_of(5);
    keys.pepper = blob_of(7);
    for (std::size_t i = 0; i < keys.classes.size(); ++i)
        keys.classes[i] = {tpm::data_classes[i], 40 + i, blob_of(static_cast<std::uint8_t>(10 * i))};
    return keys;
}

TEST(KeyFile, ComesBackAsItWas) {
    const auto back = decode_key_file(encode(some_keys()));
    ASSERT_TRUE(back) << back.error().what;
    const KeyFile keys = some_keys();
    EXPECT_EQ(back->storage_root, keys.storage_root);
    EXPECT_EQ(back->policy_key, keys.policy_key);
    EXPECT_EQ(back->switched_off, keys.switched_off);
    EXPECT_EQ(back->channel_key.public_part, keys.channel_key.public_part);
    EXPECT_EQ(back->identity_key.private_part, keys.identity_key.private_part);
    EXPECT_EQ(back->pepper.public_part, keys.pepper.public_part);
    for (std::size_t i = 0; i < keys.classes.size(); ++i) {
        EXPECT_EQ(back->classes[i].use, keys.classes[i].use);
        EXPECT_EQ(back->classes[i].alive, keys.classes[i].alive);
        EXPECT_EQ(back->classes[i].sealed_half.private_part, keys.classes[i].sealed_half.private_part);
    }
}

TEST(KeyFile, HasTheOffsetsOfItsPage) {
    const tpm::ByteVector file = encode(some_keys());
    EXPECT_EQ(std::string(file.begin(), file.begin() + 8), (std::string{"BASKEY2", 8}));
    EXPECT_EQ(file[8], 1);    // storage root
    EXPECT_EQ(file[42], 2);   // policy key
    EXPECT_EQ(file[107], 0);  // switched off
    EXPECT_EQ(file[110], 3);
    EXPECT_EQ(file[111], 90);  // the channel key's public part: size, then bytes
    EXPECT_EQ(file[113], 3);
    constexpr std::size_t object = 2 + 90 + 2 + 160;
    EXPECT_EQ(file[111 + object + 2], 5);      // identity key
    EXPECT_EQ(file[111 + 2 * object + 2], 7);  // pepper
    EXPECT_EQ(file[111 + 3 * object], 40);     // the first class's counter
}

TEST(KeyFile, OneOfTheVersionBeforeIsRefused) {
    tpm::ByteVector file = encode(some_keys());
    file[6] = '1';
    const auto refused = decode_key_file(file);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().what.find("another version"), std::string::npos);
}

TEST(KeyFile, CutOrGrownItIsRefused) {
    const tpm::ByteVector file = encode(some_keys());
    for (std::size_t size = 0; size < file.size(); ++size)
        EXPECT_FALSE(decode_key_file(ByteView{file}.first(size))) << size;
    tpm::ByteVector longer(file.size() + 1);
    std::ranges::copy(file, longer.begin());
    EXPECT_FALSE(decode_key_file(longer));
}

TEST(KeyFile, ABlobThatSaysItIsHugeIsRefused) {
    tpm::ByteVector file = encode(some_keys());
    constexpr std::size_t first_size = 8 + 34 + 65 + 4;  // where the channel key's public part says how long it is
    ASSERT_EQ(file[first_size], 90);
    file[first_size] = 0xFF;
    file[first_size + 1] = 0xFF;
    EXPECT_FALSE(decode_key_file(file));
    KeyFile keys = some_keys();
    keys.channel_key.public_part.resize(tpm::blob_max + 1);
    EXPECT_FALSE(decode_key_file(encode(keys)));
}

TEST(KeyFile, AFileThatIsNotThereOrTooLongIsNamed) {
    const auto missing = read_key_file("/nowhere/keys.bin");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::missing);
    EXPECT_NE(missing.error().what.find("/nowhere/keys.bin"), std::string::npos);

    const auto file = std::filesystem::temp_directory_path() / "basalt-long-keys.bin";
    std::ofstream{file} << std::string(key_file_max + 1, 'x');
    EXPECT_EQ(read_key_file(file).error().code, ErrorCode::unreadable);
    std::filesystem::remove(file);
    EXPECT_FALSE(read_key_file(std::filesystem::temp_directory_path())) << "a directory is no key file";
}

}  // namespace
}  // namespace basalt::firmware
