#include "device/firmware/configuration.h"

#include "device/firmware/base64.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

namespace basalt::firmware {
namespace {

std::string good() {
    Configuration configuration{.device_name = "Ward 3, pump 7", .glucose_unit = GlucoseUnit::mg_dl, .basal = {}};
    configuration.basal.fill({850});
    return to_toml(configuration);
}

std::string with(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

/// The indented lines at the page's end.
std::string example_of_the_page() {
    std::ifstream page{std::string{BASALT_SOURCE_DIR} + "/docs/formats/device-configuration.md"};
    std::string text;
    for (std::string line; std::getline(page, line);)
        if (line.starts_with("    "))
            text += line.substr(4) + "\n";
        else if (!text.empty())
            text += "\n";
    return text;
}

TEST(Configuration, TheExampleOnItsPageIsOne) {
    const auto read = read_configuration(example_of_the_page(), "device.cfg");
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(read->device_name, "Ward 3, pump 7");
    EXPECT_EQ(read->basal[0], MilliUnitsPerHour{800});
    EXPECT_EQ(read->basal[15], MilliUnitsPerHour{1'000});
    EXPECT_EQ(read->client_authority, (std::vector<std::uint8_t>{0x30, 0, 0x30, 0, 0x30, 0}));
}

TEST(Configuration, WhatIsWrittenIsReadBackAsItWas) {
    Configuration configuration{
        .device_name = "\"Le pancréas\" \\ 7", .glucose_unit = GlucoseUnit::mmol_l, .basal = {}};
    for (std::size_t i = 0; i < 48; ++i) configuration.basal[i] = {static_cast<std::int32_t>(i * 50)};
    configuration.client_authority = {0x30, 0x01, 0xFF, 0x7F};
    const auto read = read_configuration(to_toml(configuration), "device.cfg");
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(read->client_authority, configuration.client_authority);
    EXPECT_EQ(read->device_name, configuration.device_name);
    EXPECT_EQ(read->glucose_unit, configuration.glucose_unit);
    EXPECT_EQ(read->basal, configuration.basal);
}

TEST(Configuration, EachFaultIsRefusedWithFileLineAndWhatWasExpected) {
    const std::string rates_23 = with(good(), good().substr(good().find("[\n")),
                                      "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23]\n");
    struct Case {
        std::string text;
        std::string_view line, why;
    };
    for (const auto& [text, line, why] : std::initializer_list<Case>{
             {rates_23, "line 11", "has 23 rates. Expected 48"},
             {with(good(), "850,", "nan,"), "line 12", "no whole number. Expected mU/h"},
             {with(good(), "850,", "inf,"), "line 12", "no whole number"},
             {with(good(), "850,", "0.85,"), "line 12", "no whole number"},
             {with(good(), "850,", "\"850\","), "line 12", "no whole number"},
             {with(good(), "850,", "5050,"), "line 12", "is 5050. Expected 0 to 5000 mU/h in steps of 50"},
             {with(good(), "850,", "-50,"), "line 12", "is -50"},
             {with(good(), "850,", "825,"), "line 12", "is 825"},
             {with(good(), "850,", "4294968146,"), "line 12", "is 4294968146"},  // 850 once cut to 32 bits
             {with(good(), "850,", "99999999999999999999,"), "line 12", "no TOML"},
             {with(good(), "[basal]", "[basel]"), "line 9",
              "\"basel\" is no setting. Expected: format, device, display, basal"},
             {with(good(), "rates_mu_per_h = [", "rates = ["), "line 11", "\"rates\" is no setting"},
             {with(good(), "name = ", "nom = "), "line 4", "\"nom\" is no setting"},
             {with(good(), "[device]\nname = \"Ward 3, pump 7\"\n", ""), "line", "\"device\" is missing"},
             {with(good(), "name = \"Ward 3, pump 7\"", ""), "line 3", "\"device.name\" is missing"},
             {with(good(), "\"Ward 3, pump 7\"", "7"), "line 4", "\"device.name\" has the wrong type"},
             {with(good(), "Ward 3", "\\u0007"), "line 4", "\"device.name\" is no name"},
             {with(good(), "Ward 3, pump 7", ""), "line 4", "\"device.name\" is no name"},
             {with(good(), "mg/dL", "mg"), "line 7", "\"display.glucose_unit\" is unknown"},
             {with(good(), "format = 1", "format = 2"), "line 1", "\"format\" is 2. Expected 1"},
             {with(good(), "format = 1", "format = 1\nformat = 1"), "line 2", "no TOML"},
             {good() + "[network]\n", "line", "\"network.client_authority\" is missing"},
             {good() + "[network]\nclient_authority = \"\"\n", "line 20", "none. Expected a certificate of 1 to 600"},
             {good() + "[network]\nclient_authority = \"MAA\"\n", "line 20", "Expected a certificate"},
             {good() + "[network]\nclient_authority = \"MAB=\"\n", "line 20", "Expected a certificate"},
             {good() + "[network]\nclient_authority = \"" + to_base64(std::vector<std::uint8_t>(601)) + "\"\n",
              "line 20", "Expected a certificate"},
             {good() + "[network]\nport = 1\n", "line 20", "\"port\" is no setting"},
             {"\x80", "line 1", "no TOML"},
             {"", "line", "\"format\" is missing"}}) {
        const auto read = read_configuration(text, "device.cfg");
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code, ErrorCode::unreadable);
        EXPECT_TRUE(read.error().what.starts_with(fmt::format("device.cfg, {}", line))) << read.error().what;
        EXPECT_NE(read.error().what.find(why), std::string::npos) << read.error().what;
        EXPECT_FALSE(read.error().next_step.empty());
    }
}

TEST(Base64, BytesOfEachLengthComeBackAndNothingHasTwoSpellings) {
    EXPECT_EQ(to_base64({}), "");
    EXPECT_EQ(to_base64(std::vector<std::uint8_t>{'f', 'o', 'o', 'b'}), "Zm9vYg==");  // RFC 4648, 10
    std::mt19937_64 rng{1};
    for (std::size_t size = 0; size < 100; ++size) {
        std::vector<std::uint8_t> bytes(size);
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(rng());
        EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    }
    for (const char* text : {"Zm9vYg=", "Zm9vYg", "Zm9vYh==", "Zm9v Yg==", "Zm9vYg==\n", "=", "Z", "Zm-_"})
        EXPECT_FALSE(from_base64(text)) << text;
}

TEST(Configuration, LongAndDeepInputIsRefusedAndNothingElseHappens) {
    EXPECT_FALSE(read_configuration(good() + std::string(max_configuration_size, '#'), "device.cfg"));
    EXPECT_FALSE(read_configuration("a = " + std::string(15'000, '['), "device.cfg"));
    EXPECT_FALSE(read_configuration(std::string(16'000, '{'), "device.cfg"));
}

TEST(Configuration, NoChangedByteMakesARateThatCannotBeSet) {
    for (std::uint64_t seed = 1; seed <= 3'000; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 rng{seed};
        std::string text = good();
        for (int i = 0; i < 3; ++i) text[rng() % text.size()] = static_cast<char>(rng());
        const auto read = read_configuration(text, "device.cfg");
        if (!read) continue;
        for (const auto rate : read->basal) EXPECT_TRUE(is_settable(rate));
    }
}

}  // namespace
}  // namespace basalt::firmware
