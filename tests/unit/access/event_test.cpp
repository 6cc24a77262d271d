// What the log says of people: in words, and only with keys that the access table has.
#include "storage/event.h"

#include "device/firmware/access/decide.h"

#include <gtest/gtest.h>

namespace basalt::access {
namespace {

using storage::EventId;
using storage::make_event;
using storage::Outcome;

TEST(AccessEvents, ARefusalIsOneRecordThatFitsTheLogAndReadsAsASentence) {
    std::size_t refusals = 0;
    for (std::size_t o = 0; o <= operation_count; ++o)
        for (std::size_t r = 0; r < role_count; ++r) {
            const auto decision =
                decide(static_cast<Operation>(o), Context::ward, {.role = static_cast<Role>(r), .factors = {}});
            if (decision.allowed()) continue;
            const Refused& refused = decision.refused();
            const auto event =
                make_event(EventId::access_refused, 5, "n.martin", Outcome::refused,
                           {std::string{word(refused.operation).key}, std::string{word(refused.role).key},
                            std::string{word(refused.context).key}, std::string{key_of(refused.reason)}});
            ASSERT_TRUE(storage::canonical(1, event).has_value());
            const std::string english = in_words(event, Language::english), french = in_words(event, Language::french);
            EXPECT_NE(english, french);
            EXPECT_EQ(english.find('_'), std::string::npos) << english;  // no key is left in the sentence
            EXPECT_EQ(french.find('_'), std::string::npos) << french;
            ++refusals;
        }
    EXPECT_GT(refusals, 300U);
}

TEST(AccessEvents, ASentenceNamesThePersonsWordsAsTheyAre) {
    const auto event = make_event(EventId::access_refused, 5, "n.martin", Outcome::refused,
                                  {"resume_delivery", "nurse", "ward", "factors_missing"});
    EXPECT_EQ(in_words(event, Language::english),
              "Refused: resume the insulin (nurse, on the ward): too little proof was shown.");
    const auto opened =
        make_event(EventId::emergency_opened, 5, "dr.roy", Outcome::done, {std::int64_t{1}, "badge", "pump"});
    EXPECT_EQ(in_words(opened, Language::english),
              "Emergency access 1 was opened by badge, from: the pump itself. It lasts 30 min and waits for a review.");
    const auto named = make_event(EventId::password_changed, 5, "profile", Outcome::done, {"basal"});
    EXPECT_EQ(in_words(named, Language::french), "Le mot de passe de basal a été changé.");
}

}  // namespace
}  // namespace basalt::access
