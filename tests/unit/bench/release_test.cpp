#include "scenarios/bench/release.h"

#include <gtest/gtest.h>

#include <set>

namespace basalt::bench {
namespace {

TEST(ReleaseWordsTest, EachVerdictHasItsOwnNameAndWordsInBothLanguages) {
    std::set<std::string_view> ids, sentences;
    for (const ReleaseWords& row : release_words()) {
        SCOPED_TRACE(row.id);
        EXPECT_EQ(&words_of(row.verdict), &row);
        EXPECT_TRUE(ids.insert(row.id).second);
        for (const auto sentence : {row.what.english, row.what.french}) {
            EXPECT_TRUE(sentences.insert(sentence).second);
            EXPECT_TRUE(sentence.ends_with('.'));
        }
        EXPECT_TRUE(row.next.english.ends_with('.') && row.next.french.ends_with('.'));
    }
}

}  // namespace
}  // namespace basalt::bench
