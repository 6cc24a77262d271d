#include "device/factory/dev_keys.h"

#include "device/factory/sign.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

namespace basalt::factory {
namespace {

class DevKeysTest : public testing::Test {
  protected:
    DevKeysTest() {
        std::string name = (std::filesystem::temp_directory_path() / "basalt-keys-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    ~DevKeysTest() override { std::filesystem::remove_all(folder_); }
    std::filesystem::path folder_;
};

mode_t mode_of(const std::filesystem::path& path) {
    struct stat status{};
    ::stat(path.c_str(), &status);
    return status.st_mode & 0777;
}

TEST_F(DevKeysTest, AreMadeOnceAndTheSameEverAfter) {
    const auto first = make_or_load(folder_, Variant::production);
    ASSERT_TRUE(first) << first.error().what;
    const auto second = make_or_load(folder_, Variant::production);
    ASSERT_TRUE(second) << second.error().what;
    EXPECT_EQ(first->image.point(), second->image.point());
    EXPECT_EQ(first->physician.point(), second->physician.point());
    EXPECT_NE(first->image.point(), first->policy.point());
    EXPECT_NE(first->devices.point(), first->clients.point());
}

TEST_F(DevKeysTest, ProductionAndTrainingShareNoKey) {
    const auto production = make_or_load(folder_, Variant::production);
    const auto training = make_or_load(folder_, Variant::training);
    ASSERT_TRUE(production && training);
    EXPECT_NE(production->image.point(), training->image.point());
    EXPECT_NE(production->policy.point(), training->policy.point());
    EXPECT_NE(production->hospital.point(), training->hospital.point());
    EXPECT_NE(production->physician.point(), training->physician.point());
}

TEST_F(DevKeysTest, NobodyElseOnTheComputerCanReadThem) {
    ASSERT_TRUE(make_or_load(folder_, Variant::production));
    EXPECT_EQ(mode_of(folder_ / "production"), 0700U);
    for (const auto& file : std::filesystem::directory_iterator{folder_ / "production"})
        EXPECT_EQ(mode_of(file.path()), 0600U) << file.path();
}

TEST_F(DevKeysTest, AFileThatIsNoKeyIsNamedAndLeftAsItIs) {
    std::filesystem::create_directories(folder_ / "production");
    std::ofstream{folder_ / "production" / "policy.pem"} << "no key";
    const auto keys = make_or_load(folder_, Variant::production);
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().code, ErrorCode::unreadable);
    EXPECT_NE(keys.error().what.find("policy.pem"), std::string::npos);
    EXPECT_EQ(std::filesystem::file_size(folder_ / "production" / "policy.pem"), 6U);
}

TEST_F(DevKeysTest, WhatTheySignTheDeviceAccepts) {
    const auto keys = make_or_load(folder_, Variant::production);
    ASSERT_TRUE(keys);
    const std::array<std::uint8_t, 3> payload{1, 2, 3};
    for (int i = 0; i < 50; ++i) {  // r and s with leading zeros are rare, so one round would miss them
        const auto file = make_signed_file({.kind = FileKind::gateway, .version = 7}, payload, keys->image);
        ASSERT_TRUE(file);
        const Expected expected{FileKind::gateway, Variant::production, any_device};
        const auto verified = verify(*file, expected, keys->image.point());
        ASSERT_TRUE(verified) << in_words(verified.error());
        EXPECT_EQ(verified->header().version, 7U);
        EXPECT_EQ(verify(*file, expected, keys->policy.point()).error(), ImageVerdict::bad_signature);
    }
}

TEST_F(DevKeysTest, AProductionAuthorityHasNoSwitches) {
    const auto keys = make_or_load(folder_, Variant::production);
    ASSERT_TRUE(keys);
    EXPECT_FALSE(authority_of(*keys, Variant::production, 1));
    EXPECT_TRUE(authority_of(*keys, Variant::training, 1));
    EXPECT_TRUE(authority_of(*keys, Variant::production, 0));
}

}  // namespace
}  // namespace basalt::factory
