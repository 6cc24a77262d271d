#include "device/firmware/measured_configuration.h"

#include <gtest/gtest.h>

#include <vector>

namespace basalt::firmware {
namespace {

struct MeasuredConfigurationTest : testing::Test {
    static std::vector<std::uint8_t> file_with(std::string_view toml, FileKind kind = FileKind::configuration) {
        const ByteView payload{reinterpret_cast<const std::uint8_t*>(toml.data()), toml.size()};
        const auto header = header_bytes({.kind = kind,
                                          .version = 1,
                                          .device = {1},
                                          .payload_size = payload.size(),
                                          .payload_digest = sha256(payload)});
        std::vector<std::uint8_t> file(header.begin(), header.end());
        file.resize(SignedHeader::total);  // the signature is boot's to judge
        file.insert(file.end(), payload.begin(), payload.end());
        return file;
    }
    /// What PCR 4 holds after boot found `file` genuine.
    static Digest pcr_after(ByteView file) { return sha256(Digest{}, sha256(file.first(SignedHeader::size))); }
    static std::string toml() {
        Configuration configuration{.device_name = "pump", .glucose_unit = {}, .basal = {}};
        configuration.basal.fill({850});
        return to_toml(configuration);
    }
};

TEST_F(MeasuredConfigurationTest, TheFileThatBootMeasuredIsTaken) {
    const auto file = file_with(toml());
    const auto configuration = measured_configuration(file, "device.cfg", pcr_after(file));
    ASSERT_TRUE(configuration) << configuration.error().what;
    EXPECT_EQ(configuration->configuration.basal[0], MilliUnitsPerHour{850});
}

TEST_F(MeasuredConfigurationTest, EveryChangedByteIsRefused) {
    const auto good = file_with(toml());
    const auto pcr = pcr_after(good);
    for (std::size_t i = 0; i < good.size(); ++i) {
        if (i >= SignedHeader::size && i < SignedHeader::total)
            continue;  // two signatures of one file measure the same
        auto file = good;
        file[i] ^= 0x20;
        EXPECT_FALSE(measured_configuration(file, "device.cfg", pcr)) << i;
    }
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(measured_configuration(ByteView{good}.first(size), "device.cfg", pcr)) << size;
    auto longer = good;
    longer.push_back('\n');
    EXPECT_FALSE(measured_configuration(longer, "device.cfg", pcr));
}

TEST_F(MeasuredConfigurationTest, WithoutBootsWordNoFileIsTaken) {
    const auto file = file_with(toml());
    EXPECT_FALSE(measured_configuration(file, "device.cfg", Digest{}));  // boot extended nothing
    constexpr std::array<std::uint8_t, 6> absent{'a', 'b', 's', 'e', 'n', 't'};
    EXPECT_FALSE(measured_configuration(file, "device.cfg", sha256(Digest{}, sha256(absent))));  // boot refused it
    EXPECT_FALSE(measured_configuration({}, "device.cfg", Digest{}));
}

TEST_F(MeasuredConfigurationTest, AnotherMeasuredFileIsNoConfiguration) {
    const auto file = file_with(toml(), FileKind::profile);
    EXPECT_EQ(measured_configuration(file, "device.cfg", pcr_after(file)).error().code, ErrorCode::refused);
}

TEST_F(MeasuredConfigurationTest, AGenuineFileWithAFaultNamesTheFault) {
    const auto file = file_with("format = 2\n");
    const auto read = measured_configuration(file, "device.cfg", pcr_after(file));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::unreadable);
    EXPECT_TRUE(read.error().what.starts_with("device.cfg, line 1:")) << read.error().what;
}

}  // namespace
}  // namespace basalt::firmware
