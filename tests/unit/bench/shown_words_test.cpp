#include "scenarios/bench/shown_words.h"

#include <gtest/gtest.h>

namespace basalt::bench {
namespace {

TEST(ShownWords, SentencesOfEnglishAndFrenchStayAsTheyAre) {
    for (const char* said :
         {"The event log is whole.", "Le journal a été vérifié\u202f: 1,25\u00a0U à 7\u202fh – « bien »…",
          "l’œuf, ÇÀÉ, 100 µg ≥ 5 °C → 3 €"})
        EXPECT_EQ(shown(said), said);
}

TEST(ShownWords, NothingThatSteersATerminalOrTurnsTheWritingIsLeft) {
    EXPECT_EQ(shown("\x1b[2J\x07\x7f\r"), "?[2J???");
    EXPECT_EQ(shown("\xc2\x9b"
                    "2J"),
              "??2J")
        << "C1 in UTF-8";
    EXPECT_EQ(shown("\x9b"), "?") << "C1 as one byte";
    for (const char* mark : {"\u200b", "\u200e", "\u2028", "\u202a", "\u202e", "\u2066", "\u2069", "\ufeff", "\ufff9"})
        EXPECT_EQ(shown(mark), "???");
    EXPECT_EQ(shown("\u00ad"), "??") << "a hyphen that cannot be seen";
    EXPECT_EQ(shown("a\tb\nc"), "a b c");
}

TEST(ShownWords, WhatIsNoUtf8IsNotShown) {
    EXPECT_EQ(shown("\xc3"), "?") << "cut off";
    EXPECT_EQ(shown("\xe2\x80"), "??") << "cut off";
    EXPECT_EQ(shown("\xc1\x81 \xc0\x9b"), "?? ??") << "spelled too long";
    EXPECT_EQ(shown("\xe0\x83\xa9"), "???") << "spelled too long";
    EXPECT_EQ(shown("\xf0\x9f\x98\x80"), "????");
    EXPECT_EQ(shown("\xff\xfe"), "??");
    EXPECT_EQ(shown(std::string_view{"a\0b", 3}), "a?b");
    EXPECT_EQ(shown(""), "");
}

}  // namespace
}  // namespace basalt::bench
