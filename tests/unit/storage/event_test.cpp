#include "storage/event.h"

#include "tests/unit/storage/storage_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace basalt::storage {
namespace {

TEST(Event, SameEventGivesTheSameBytesAndComesBackAsItWas) {
    const Event event = test::setting(3605, "language",
                                      "fran\xC3\xA7"
                                      "ais, \"l'\\autre\"");
    const auto bytes = canonical(7, event);
    ASSERT_TRUE(bytes) << bytes.error().what;
    EXPECT_EQ(*bytes,
              "{\"seq\":7,\"tick_s\":3605,\"who\":\"nurse.martin\",\"what\":\"setting_changed\",\"outcome\":\"done\","
              "\"fields\":{\"name\":\"language\",\"value\":\"fran\xC3\xA7"
              "ais, \\\"l'\\\\autre\\\"\"}}");
    EXPECT_EQ(*canonical(7, event), *bytes);
    const auto back = read_canonical(*bytes);
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(back->seq, 7U);
    EXPECT_EQ(back->event, event);
}

TEST(Event, EveryKindHasWordsInBothLanguagesAndComesBack) {
    for (const EventKind& kind : event_kinds()) {
        SCOPED_TRACE(kind.key);
        Event event{12, "firmware", std::string{kind.key}, Outcome::failed, {}};
        for (const FieldSpec& field : kind.fields)
            event.fields.push_back(
                {std::string{field.name}, field.type == FieldType::number ? Value{std::int64_t{-5}} : Value{"word"}});
        const auto bytes = canonical(1, event);
        ASSERT_TRUE(bytes) << bytes.error().what;
        const auto back = read_canonical(*bytes);
        ASSERT_TRUE(back) << back.error().what;
        EXPECT_EQ(back->event, event);
        for (const auto language : {Language::english, Language::french}) {
            const std::string words = in_words(event, language);
            EXPECT_GT(words.size(), 10U);
            EXPECT_EQ(words.find_first_of("{}"), std::string::npos) << words;
        }
        EXPECT_NE(in_words(event, Language::english), in_words(event, Language::french));
        // Each placeholder names a field that the kind has.
        for (std::string_view text : {kind.english, kind.french})
            for (auto at = text.find('{'); at != text.npos; at = text.find('{', at + 1)) {
                const auto name = text.substr(at + 1, text.find('}', at) - at - 1);
                EXPECT_NE(std::ranges::find(kind.fields, name, &FieldSpec::name), kind.fields.end()) << name;
            }
    }
}

TEST(Event, AmountsAndTimesAreWrittenAsPeopleReadThem) {
    const Event dose =
        make_event(EventId::dose_written, 90'000, "guardian", Outcome::done,
                   {std::int64_t{4}, std::int64_t{90'000}, "firmware_bolus", std::int64_t{1250}, std::int64_t{6000}});
    EXPECT_EQ(in_words(dose, Language::english),
              "Dose of 1.25 U (bolus), written down by the guardian before it moved (entry 4, at 1 d 01:00:00).");
    EXPECT_EQ(in_words(dose, Language::french),
              "Dose de 1,25 U (bolus), notée par le gardien avant le mouvement (entrée 4, à 1 j 01:00:00).");
    const Event less =
        make_event(EventId::dose_unexplained, 0, "firmware", Outcome::failed, {std::int64_t{-50}, std::int64_t{0}});
    EXPECT_NE(in_words(less, Language::english).find("by -0.05 U"), std::string::npos);
}

TEST(Event, ASettingNamedLikeAWordOfOursIsShownAsItIs) {
    EXPECT_EQ(in_words(test::setting(0, "profile", "missing"), Language::english), "Setting profile became: missing");
}

TEST(Event, WhatDoesNotFitItsKindIsNotWritten) {
    const Event good = test::setting(1, "a", "b");
    const auto refused = [](Event event) {
        const auto bytes = canonical(1, event);
        return !bytes && bytes.error().code == ErrorCode::usage && !bytes.error().what.empty();
    };
    EXPECT_FALSE(refused(good));
    Event e = good;
    e.who = "";
    EXPECT_TRUE(refused(e));
    e = good;
    e.who = "Nurse";
    EXPECT_TRUE(refused(e));
    e = good;
    e.who = std::string(33, 'a');
    EXPECT_TRUE(refused(e));
    e = good;
    e.what = "no_such_kind";
    EXPECT_TRUE(refused(e));
    e = good;
    e.fields.pop_back();
    EXPECT_TRUE(refused(e));
    e = good;
    e.fields.push_back({"c", "d"});
    EXPECT_TRUE(refused(e));
    e = good;
    e.fields[0].name = "other";
    EXPECT_TRUE(refused(e));
    e = good;
    e.fields[0].value = std::int64_t{1};
    EXPECT_TRUE(refused(e));
    e = good;
    e.fields[1].value = "line\nfeed";
    EXPECT_TRUE(refused(e));
    e = good;
    e.fields[1].value = std::string("nul\0", 4);
    EXPECT_TRUE(refused(e));
    e = good;
    e.fields[1].value = "\xC3\x28";
    EXPECT_TRUE(refused(e));
    e = good;
    e.fields[1].value = std::string(max_record_size, 'x');
    EXPECT_TRUE(refused(e));
    e = good;
    e.tick_s = UINT64_MAX;
    EXPECT_TRUE(refused(e));
}

TEST(Event, AnyOtherSpellingIsNoRecord) {
    const std::string good = *canonical(1, test::setting(1, "a", "b"));
    ASSERT_TRUE(read_canonical(good));
    const auto with = [&good](std::string_view from, std::string_view to) {
        std::string text = good;
        text.replace(text.find(from), from.size(), to);
        return text;
    };
    for (const std::string& bad : {good + " ",
                                   " " + good,
                                   good + good,
                                   std::string{},
                                   std::string{"{}"},
                                   std::string{"null"},
                                   good.substr(1),
                                   with("\"seq\":1", "\"seq\":1.0"),
                                   with("\"seq\":1", "\"seq\":-1"),
                                   with("\"seq\":1", "\"seq\":01"),
                                   with("\"seq\":1", "\"seq\": 1"),
                                   with("\"seq\":1", "\"seq\":18446744073709551615"),
                                   with("\"seq\":1,", ""),
                                   with("\"seq\":1", "\"seq\":1,\"seq\":1"),
                                   with("\"a\"", "\"\\u0061\""),
                                   with("\"a\"", "null"),
                                   with("\"a\"", "[]"),
                                   with("\"done\"", "\"well\""),
                                   with("nurse", "Nurse"),
                                   with("{\"name\":\"a\",\"value\":\"b\"}", "[]"),
                                   with("\"value\":\"b\"", "\"value\":\"b\",\"value\":\"b\""),
                                   with("\"name\":\"a\",\"value\":\"b\"", "\"name\":1.5"),
                                   std::string(3000, '['),
                                   std::string(1000, '{')}) {
        const auto read = read_canonical(bad);
        EXPECT_FALSE(read) << bad;
        if (!read) {
            EXPECT_EQ(read.error().code, ErrorCode::unreadable);
        }
    }
}

TEST(Event, AKindOfALaterVersionIsStillRead) {
    const auto read = read_canonical(
        "{\"seq\":1,\"tick_s\":0,\"who\":\"x\",\"what\":\"teleported\",\"outcome\":\"done\",\"fields\":{\"far\":3}}");
    ASSERT_TRUE(read);
    EXPECT_EQ(in_words(read->event, Language::english), "An event that this version does not know: teleported");
}

}  // namespace
}  // namespace basalt::storage
