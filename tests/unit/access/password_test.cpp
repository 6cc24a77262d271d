// What may be a password, by length and words, and what the settings can ask for beyond.
#include "device/firmware/access/password.h"

#include <gtest/gtest.h>

namespace basalt::access {
namespace {

const std::vector<std::string> place{"PUMP-4711", "Hôpital Saint-Éloi", "n.martin", "Nadia Martin"};

Result<void> choose(std::string_view text, bool only_factor = true, const PasswordRules& rules = {}) {
    const auto password = Password::typed(text);
    if (!password) return std::unexpected{password.error()};
    return may_be_chosen(*password, rules, only_factor, place);
}

TEST(Passwords, LengthCountsInCharactersFifteenAloneAndEightBesideAnotherProof) {
    EXPECT_TRUE(choose("trois chats gri").has_value());
    EXPECT_FALSE(choose("trois chats gr").has_value());
    EXPECT_TRUE(choose("vert olm", false).has_value());
    EXPECT_FALSE(choose("vert ol", false).has_value());
    EXPECT_TRUE(choose("é è à ç ù ô î ê").has_value());  // 15 characters, 23 bytes
    EXPECT_TRUE(choose("山川草木花鳥風月雪雲雨空海石火").has_value());
    EXPECT_FALSE(choose("é è à ç ù ô î").has_value());
}

TEST(Passwords, SixtyFourCharactersAndSpacesAndSymbolsAreTakenAndMoreThan128Refused) {
    std::string words;
    while (words.size() < 64) words += std::string{"drei kleine Fische schwimmen weg, "}.substr(0, 64 - words.size());
    EXPECT_TRUE(choose(words).has_value());
    EXPECT_TRUE(choose("  vier  Räder 🚲🚲 am See").has_value());
    std::string longest;
    for (int i = 0; longest.size() < 128; ++i) longest += std::to_string(i * 7919);
    longest.resize(128);
    EXPECT_TRUE(choose(longest).has_value());
    EXPECT_FALSE(Password::typed(longest + "x").has_value());
    EXPECT_FALSE(Password::typed(std::string(1'000'000, 'a')).has_value());
    EXPECT_FALSE(Password::typed("").has_value());
    EXPECT_FALSE(Password::typed("tab\tinside it").has_value());
    EXPECT_FALSE(Password::typed("\xFFnot text").has_value());
}

TEST(Passwords, EveryKeyboardGivesTheSameBytes) {
    EXPECT_EQ(Password::typed("caf\xC3\xA9")->text(), Password::typed("cafe\xCC\x81")->text());
    EXPECT_EQ(Password::typed("\xEF\xBC\xA1")->text(), "A");  // a full-width letter
    EXPECT_NE(Password::typed("Cafe")->text(), Password::typed("cafe")->text());
}

TEST(Passwords, CommonWordsAndWordsOfThisPlaceCarryNothing) {
    for (const char* bad :
         {"password12345678", "PassWord PassWord", "motdepassemotdepasse", "aaaaaaaaaaaaaaaaaaaa",
          "abcdefghijklmnopqrst", "1357913579135791", "azertyuiop1234567", "pump-4711 pump-4711",
          "Saint-Eloi Hôpital 12", "hôpital saint-éloi 1", "nadia martin nadia martin", "N.Martin n.martin 1",
          "qwertyuiop azerty 1", "insulininsulin123", "ＰＡＳＳＷＯＲＤ12345678"})
        EXPECT_FALSE(choose(bad).has_value()) << bad;
    for (const char* good : {"nadia liebt grüne Boote", "der password Kuchen riecht gut", "4711 Boote auf dem Fluss"})
        EXPECT_TRUE(choose(good).has_value()) << good;
    for (const char* bad : {"password", "12345678", "nadia123", "Soleil12", "eloi2024"})
        EXPECT_FALSE(choose(bad, false).has_value()) << bad;
}

TEST(Passwords, NoKindOfCharacterIsAskedForUnlessAHospitalSetsIt) {
    EXPECT_TRUE(choose("vier kleine enten im gras").has_value());
    const PasswordRules mixed{.mixed = true};
    EXPECT_FALSE(choose("vier kleine enten im gras", true, mixed).has_value());
    EXPECT_TRUE(choose("Vier kleine Enten im 2. Gras", true, mixed).has_value());
}

TEST(Passwords, TheRulesAreNistsOwn) {
    const PasswordRules standard;
    EXPECT_EQ(standard.least_alone, 15U);
    EXPECT_EQ(standard.least_with_other, 8U);
    EXPECT_FALSE(standard.mixed);
    EXPECT_EQ(standard.history, 0U);
    EXPECT_EQ(standard.renew_after_days, 0U);
}

}  // namespace
}  // namespace basalt::access
