// What an account may be called, and what of Unicode deceives the eye.
#include "device/firmware/access/names.h"

#include "device/firmware/access/unicode.h"

#include <gtest/gtest.h>

namespace basalt::access {
namespace {

TEST(Names, AShortNameIsWhatTheLogCanSpell) {
    for (const char* good : {"n.martin", "dr-roy", "a1", "claire_b", "abcdefghijklmnopqrstuvwxyz012345"})
        EXPECT_EQ(short_name(good).value_or(""), good);
    for (const char* bad : {"", "a", "N.Martin", "1a", ".a", "n martin", "n:martin", "josé",
                            "abcdefghijklmnopqrstuvwxyz0123456", "guardian", "firmware", "nobody", "a\n", "a\x7f", "-"})
        EXPECT_FALSE(short_name(bad).has_value()) << bad;
    EXPECT_FALSE(short_name(std::string_view{"ab\0", 3}).has_value());
}

TEST(Names, AShownNameHasOneFormHoweverItWasTyped) {
    EXPECT_EQ(shown_name("Jose\xCC\x81 Le\xCC\x81ger").value_or(""), "José Léger");
    EXPECT_EQ(shown_name("José Léger").value_or(""), "José Léger");
    EXPECT_EQ(shown_name("Åsa Öberg").value_or(""), "Åsa Öberg");
    EXPECT_EQ(shown_name("\xE2\x84\xABsa").value_or(""), "Åsa");  // the Angstrom sign
    EXPECT_EQ(shown_name("山田太郎").value_or(""), "山田太郎");
}

TEST(Names, AShownNameHoldsNothingThatIsUnseenOrTurnsTheLine) {
    for (const char* bad : {"",
                            " ",
                            "Claire ",
                            " Claire",
                            "Claire  B",
                            "Claire\nB",
                            "Claire\tB",
                            "Cla\x07ire",
                            "Cla\xE2\x80\x8Bire" /* zero width space */,
                            "Cla\xE2\x80\x8Dire" /* joiner */,
                            "\xEF\xBB\xBF"
                            "Claire" /* byte order mark */,
                            "Cla\xE2\x80\xA8ire" /* line separator */,
                            "Claire\xE2\x80\xAE"
                            "B" /* turns the rest round */,
                            "\xE2\x81\xA7"
                            "Claire" /* isolate */,
                            "\xD7\x93\xD7\xA0\xD7\x94" /* Hebrew */,
                            "\xD8\xA3\xD8\xAD\xD9\x85\xD8\xAF" /* Arabic */,
                            "\xEE\x80\x80" /* private use */,
                            "\xCD\xB8" /* unassigned */,
                            "Cla\xC0\xAF" /* overlong */,
                            "Cla\xED\xA0\x80" /* half of a pair */,
                            "Cla\xFF",
                            "Cla\xC3"})
        EXPECT_FALSE(shown_name(bad).has_value()) << bad;
    EXPECT_FALSE(shown_name(std::string_view{"Cla\0ire", 7}).has_value());
    EXPECT_TRUE(shown_name(std::string(64, 'a')).has_value());
    EXPECT_FALSE(shown_name(std::string(65, 'a')).has_value());
    EXPECT_FALSE(shown_name(std::string(100'000, 'a')).has_value());
    std::string letters;
    for (int i = 0; i < 64; ++i) letters += "e\xCC\x81";
    EXPECT_TRUE(shown_name(letters).has_value());  // 64 characters once composed
}

TEST(Unicode, TheFormOfAFormIsItself) {
    for (const char* text : {"plain", "Jose\xCC\x81", "\xEF\xBC\xA1\xEF\xBC\xA2" /* full-width AB */,
                             "\xEF\xAC\x81ne" /* ligature */, "\xE1\x84\x80\xE1\x85\xA1" /* Hangul */, "Straße",
                             "\xCC\x81\xCC\x82"
                             "a"})
        for (const NormalForm form : {NormalForm::composed, NormalForm::compatible_composed, NormalForm::folded}) {
            std::array<char, 64> once{}, twice{};
            const auto size = normalise(text, form, once);
            ASSERT_TRUE(size.has_value()) << text;
            const auto again = normalise({once.data(), *size}, form, twice);
            EXPECT_EQ(size, again);
            EXPECT_EQ(once, twice) << text;
        }
}

TEST(Unicode, WhatDoesNotFitIsRefusedAndNotCut) {
    std::array<char, 4> small{};
    EXPECT_EQ(normalise("abcde", NormalForm::composed, small), std::nullopt);
    EXPECT_EQ(normalise("abcd", NormalForm::composed, small), 4U);
    std::array<char, 4096> large{};
    EXPECT_EQ(normalise(std::string(1'000, 'a'), NormalForm::composed, large), 1'000U);
    EXPECT_EQ(normalise(std::string(1'001, 'a'), NormalForm::composed, large), std::nullopt);
    EXPECT_EQ(normalise("\xFF", NormalForm::composed, large), std::nullopt);
    // One character that is 18 in the compatible form, many times.
    std::string long_one;
    for (int i = 0; i < 100; ++i) long_one += "\xEF\xB7\xBA";
    EXPECT_EQ(normalise(long_one, NormalForm::compatible_composed, large), std::nullopt);
}

}  // namespace
}  // namespace basalt::access
