#include "device/firmware/records/journal.h"

#include "device/firmware/records/ring_events.h"
#include "device/firmware/records/sentence.h"
#include "device/guardian/alarms.h"
#include "storage/log_text.h"
#include "tests/unit/records/record_keeper.h"

#include <algorithm>
#include <utility>

namespace basalt::firmware {
namespace {

using storage::Language;

class JournalTest : public testing::Test {
  protected:
    void open() {
        journal_.reset();
        auto opened = test::open_journal(disk_, guardian_.now);
        ASSERT_TRUE(opened) << opened.error().what;
        journal_.emplace(std::move(*opened));
    }
    void slot(const std::vector<test::Wish>& wishes = {}) {
        guardian_.now = guardian_.now + 300;
        test::keep_records(*journal_, guardian_, wishes);
        guardian_.move(1'000'000);
    }
    std::vector<std::string> kinds(std::uint64_t from = 1) {
        std::vector<std::string> all;
        const auto events = journal_->events(from, 100'000);
        for (const auto& logged : *events) all.push_back(logged.event.what);
        return all;
    }
    std::size_t count(std::string_view kind) { return static_cast<std::size_t>(std::ranges::count(kinds(), kind)); }
    std::string last_words(std::string_view kind, Language language = Language::english) {
        std::string words;
        const auto events = journal_->events(1, 100'000);
        for (const auto& logged : *events)
            if (logged.event.what == kind) words = in_words(logged.event, language);
        return words;
    }
    Verified verify() {
        auto verified = journal_->verify();
        EXPECT_TRUE(verified) << verified.error().what;
        return *verified;
    }

    test::CrashDisk disk_;
    test::FakeGuardian guardian_;
    std::optional<Journal> journal_;
};

TEST_F(JournalTest, ADoseIsAskedAnsweredWrittenDownAndMovedInThatOrder) {
    open();
    slot({{7, {40}, hal::DoseKind::basal}});
    slot();
    EXPECT_EQ(kinds(), (std::vector<std::string>{"log_started", "records_opened", "dose_asked", "dose_accepted",
                                                 "motor_moved", "dose_written"}));
    const auto doses = *journal_->doses(1, 10);
    ASSERT_EQ(doses.size(), 1U);
    EXPECT_EQ(doses[0].row, (storage::DoseRow{1, 6, 300, storage::DoseOrigin::firmware_basal, 1U, 40, 40}));
    EXPECT_EQ(doses[0].moved_mu, 40);
    EXPECT_FALSE(verify().finding);
}

TEST_F(JournalTest, ARefusedRequestIsOnRecordWithItsReasonAndGivesNothing) {
    open();
    slot({{1, {6000}, hal::DoseKind::bolus}});
    slot();
    EXPECT_EQ(last_words("dose_refused"),
              "Request 1 was refused: more than one dose may be. Nothing was given for it.");
    EXPECT_TRUE(journal_->doses(1, 10)->empty());
}

TEST_F(JournalTest, ImportingTheSameEntriesTwiceChangesNothing) {
    open();
    guardian_.give_profile_dose({50});
    guardian_.raise(3);
    guardian_.move(1000);
    slot();
    const auto head = journal_->log_head();
    for (int i = 0; i < 3; ++i) {
        const auto again = journal_->import_ring(guardian_.now, guardian_.entries(1));
        ASSERT_TRUE(again);
        EXPECT_EQ(again->entries, 0U);
        EXPECT_FALSE(again->more);
        EXPECT_FALSE(again->finding);
    }
    ASSERT_TRUE(journal_->commit());
    EXPECT_EQ(journal_->log_head(), head);
    EXPECT_EQ(journal_->doses(1, 10)->size(), 1U);
}

TEST_F(JournalTest, WhatTheGuardianDidWhileTheRecordsWereClosedReachesThem) {
    open();
    slot();
    journal_.reset();
    for (int i = 0; i < 40; ++i) {  // more than one frame
        guardian_.now = guardian_.now + 300;
        guardian_.give_profile_dose({50});
        if (i == 20) guardian_.enter(hal::Mode::failsafe);
    }
    guardian_.move(1'000'000);
    open();
    slot();
    EXPECT_EQ(journal_->doses(1, 100)->size(), 40U);
    EXPECT_EQ(journal_->doses(1, 1)->front().row.at_s, 600U);
    EXPECT_EQ(last_words("mode_entered"), "The guardian's mode became: failsafe (entry 22, at 0 d 01:50:00).");
    test::expect_truth(*journal_, guardian_);
}

TEST_F(JournalTest, EachKindOfRingEntryBecomesItsEvent) {
    open();
    hal::BootReport report;
    report.launched = false;
    report.tpm_ok = true;
    report.anchor = hal::Anchor::stale;
    report.firmware_a = ImageVerdict::bad_signature;
    report.firmware_b = ImageVerdict::missing;
    report.gateway = ImageVerdict::accepted;
    report.configuration = ImageVerdict::wrong_device;
    guardian_.boot(report);
    guardian_.raise(static_cast<std::uint8_t>(guardian::Trigger::both_slots_refused));
    guardian_.raise(250);
    guardian_.enter(hal::Mode::failsafe);
    guardian_.give_profile_dose({50});
    guardian_.move(20);
    guardian_.give_up();
    guardian_.release(
        {guardian::bit_of(guardian::Trigger::case_opened) | guardian::bit_of(guardian::Trigger::log_broken),
         {1, 0},
         0});
    slot();
    EXPECT_EQ(last_words("boot_reported"),
              "Start at 0 d 00:00:00: firmware from slot: none. Slot A: refused, it was changed or is not the "
              "manufacturer's. "
              "Slot B: missing. Network part: genuine. Configuration: refused, it was made for another device. "
              "The guardian's memory: an older copy was put back.");
    const auto events = *journal_->events(1, 100);
    const auto trigger = std::ranges::find(events, "trigger_raised", [](const auto& e) { return e.event.what; });
    EXPECT_EQ(*trigger->event.text("trigger"), "both_slots_refused");
    EXPECT_EQ(sentence(trigger->event, Language::english),
              "The pump's firmware was refused, because it is not the manufacturer's. Insulin goes on at the "
              "programmed rates. "
              "Check the glucose. Have the firmware installed again by biomedical service.");
    EXPECT_EQ(sentence(trigger->event, Language::french).substr(0, 40), "Le logiciel de la pompe a été refusé ");
    EXPECT_EQ(sentence(events.back().event, Language::english), in_words(events.back().event, Language::english));
    EXPECT_EQ(last_words("trigger_raised"), "The guardian raised an alarm: trigger_250 (entry 3, at 0 d 00:00:00).");
    EXPECT_EQ(last_words("dose_corrected", Language::french),
              "Le moteur a moins avancé que demandé : -0,03 U (entrée 6, à 0 j 00:00:00).");
    const auto doses = *journal_->doses(1, 10);
    ASSERT_EQ(doses.size(), 2U);
    EXPECT_EQ(doses[0].moved_mu, 20);
    EXPECT_EQ(doses[1].row.amount_mu, -30);
    EXPECT_EQ(
        last_words("failsafe_released"),
        "Failsafe was released by the badges 2 and 1 of the profile. Released: log_broken case_opened (entry 7, at 0 d "
        "00:00:00).");
    test::expect_truth(*journal_, guardian_);
    for (const RingRow& row : ring_rows()) EXPECT_GE(count(storage::kind_of(row.becomes).key), 1U);
}

TEST_F(JournalTest, WhatAPersonTookBackOrGotByTheButtonIsOnRecordAsThat) {
    open();
    guardian_.give({1'000}, hal::DoseSource::firmware_bolus);
    guardian_.move(200);
    guardian_.take_back({800});
    guardian_.give({500}, hal::DoseSource::failsafe_bolus);
    guardian_.move(500);
    slot();
    EXPECT_EQ(last_words("bolus_taken_back"),
              "The bolus was cancelled; not given of it: -0.8 U (entry 2, at 0 d 00:00:00).");
    EXPECT_EQ(last_words("dose_written"),
              "Dose of 0.5 U (bolus by the pump's button in failsafe), written down by the guardian before it moved "
              "(entry 3, "
              "at 0 d 00:00:00).");
    const auto doses = *journal_->doses(1, 10);
    ASSERT_EQ(doses.size(), 3U);
    EXPECT_EQ(doses[0].moved_mu, 200);
    EXPECT_EQ(doses[1].row.origin, storage::DoseOrigin::correction);
    EXPECT_EQ(doses[2].row.origin, storage::DoseOrigin::failsafe_bolus);
    test::expect_truth(*journal_, guardian_);
}

TEST_F(JournalTest, EntriesThatTheRingNoLongerHoldsAreAGapAndTheirInsulinIsCounted) {
    guardian_ = test::FakeGuardian{8};
    open();
    slot({{1, {40}, hal::DoseKind::basal}});
    slot();
    journal_.reset();
    for (int i = 0; i < 20; ++i) guardian_.give_profile_dose({50});
    guardian_.move(1'000'000);
    open();
    slot();
    EXPECT_EQ(last_words("ring_gap"),
              "Entries 2 to 13 of the guardian's ring could not be read: they were overwritten by later ones, or are "
              "damaged.");
    EXPECT_EQ(last_words("dose_in_gap"), "0.6 U were given while nobody could write it down in these records.");
    EXPECT_EQ(test::sum_of_doses(*journal_), guardian_.motor().milli_units);
    EXPECT_FALSE(verify().finding);
}

TEST_F(JournalTest, AGapWithoutADoseBehindItIsCountedByTheNextTick) {
    guardian_ = test::FakeGuardian{4};
    open();
    slot({{1, {40}, hal::DoseKind::basal}});
    slot();
    for (int i = 0; i < 3; ++i) guardian_.give_profile_dose({50});
    for (int i = 0; i < 4; ++i) guardian_.raise(1);
    guardian_.move(1'000'000);
    slot();
    EXPECT_EQ(count("dose_in_gap"), 1U);
    EXPECT_EQ(test::sum_of_doses(*journal_), guardian_.motor().milli_units);
}

TEST_F(JournalTest, DamagedEntriesOfTheRingAreAGapToo) {
    open();
    for (int i = 0; i < 40; ++i) guardian_.give_profile_dose({50});
    for (const std::uint32_t bad : {1U, 7U, 8U, 40U}) guardian_.damage(bad);
    guardian_.move(1'000'000);
    slot();
    EXPECT_EQ(count("ring_gap"), 3U);
    EXPECT_EQ(test::sum_of_doses(*journal_), guardian_.motor().milli_units);
    EXPECT_FALSE(journal_->ring_waiting());
    EXPECT_FALSE(verify().finding);
}

TEST_F(JournalTest, ARingThatEndsBeforeWhatWasImportedIsToldOnceAndTheMotorIsBelieved) {
    open();
    for (int i = 0; i < 10; ++i) guardian_.give_profile_dose({50});
    guardian_.move(1'000'000);
    slot();
    guardian_.put_back(4);
    guardian_.now = guardian_.now + 300;
    auto told = journal_->note_tick(guardian_.tick());
    ASSERT_TRUE(told);
    EXPECT_EQ(*told, hal::Finding::ring_rolled_back);
    EXPECT_FALSE(journal_->ring_waiting());
    EXPECT_EQ(*journal_->note_tick(guardian_.tick()), std::nullopt);
    EXPECT_FALSE(journal_->import_ring(guardian_.now, guardian_.entries(1))->finding);
    // Its numbers are used a second time: the motor's count alone tells what is given.
    for (int i = 0; i < 4; ++i) {
        guardian_.give_profile_dose({30});
        guardian_.move(1'000'000);
        slot();
        EXPECT_EQ(test::sum_of_doses(*journal_), guardian_.motor().milli_units) << i;
    }
    EXPECT_EQ(last_words("ring_rolled_back"),
              "The guardian's ring ends at entry 4, but entry 10 was read from it before: an older copy was put back.");
    EXPECT_EQ(count("ring_rolled_back"), 1U);
    open();
    guardian_.now = guardian_.now + 300;
    EXPECT_EQ(journal_->import_ring(guardian_.now, guardian_.entries(1))->finding,
              hal::Finding::ring_rolled_back);  // each start says it
    EXPECT_FALSE(verify().finding);
}

TEST_F(JournalTest, NewRecordsOnADeviceThatHasLivedSayThatTheEarlierOnesAreMissing) {
    guardian_.enter(hal::Mode::normal);
    guardian_.give_profile_dose({50});
    ASSERT_EQ(guardian_.ask({1, {100}, hal::DoseKind::basal}).verdict, hal::DoseVerdict::accepted);
    ASSERT_EQ(guardian_.ask({2, {900}, hal::DoseKind::bolus}).verdict, hal::DoseVerdict::accepted);
    guardian_.move(1'000'000);
    guardian_.now = guardian_.now + 300;
    open();  // though others, which asked for these doses, were removed
    ASSERT_TRUE(journal_->note_tick(guardian_.tick()));
    const auto told = journal_->import_ring(guardian_.now, guardian_.entries(1));
    ASSERT_TRUE(told);
    EXPECT_EQ(told->finding, hal::Finding::storage_damaged);
    EXPECT_EQ(journal_->import_ring(guardian_.now, guardian_.entries(1))->finding, std::nullopt);
    slot();
    EXPECT_EQ(count("records_missing"), 1U);  // once, not for each dose
    EXPECT_EQ(test::sum_of_doses(*journal_), guardian_.motor().milli_units);
    EXPECT_FALSE(verify().finding);
    open();
    slot();
    EXPECT_EQ(count("records_missing"), 1U);
}

TEST_F(JournalTest, ThatIsSaidAlsoWhenTheFirmwareIsKilledBeforeItHasReadTheRing) {
    ASSERT_EQ(guardian_.ask({1, {100}, hal::DoseKind::basal}).verdict, hal::DoseVerdict::accepted);
    open();
    open();
    slot();
    EXPECT_EQ(count("records_missing"), 1U);
}

TEST_F(JournalTest, ABrandNewDeviceMissesNothingWhereverItIsKilled) {
    guardian_.enter(hal::Mode::normal);  // the first welcome comes before the records are made
    guardian_.give_profile_dose({50});
    open();
    slot();
    ASSERT_TRUE(journal_->note_asked(guardian_.now, 5, {1000}, hal::DoseKind::bolus));
    ASSERT_EQ(guardian_.ask({5, {1000}, hal::DoseKind::bolus}).verdict, hal::DoseVerdict::accepted);
    open();  // killed before the answer was written down
    slot();
    slot();
    EXPECT_EQ(count("records_missing"), 0U);
    EXPECT_FALSE(verify().finding);
}

TEST_F(JournalTest, ALostAnswerIsFoundInTheRing) {
    open();
    ASSERT_TRUE(journal_->note_asked(guardian_.now, 5, {1000}, hal::DoseKind::bolus));
    ASSERT_EQ(guardian_.ask({5, {1000}, hal::DoseKind::bolus}).verdict, hal::DoseVerdict::accepted);
    ASSERT_TRUE(journal_->note_asked(guardian_.now, 6, {1100}, hal::DoseKind::bolus));
    journal_.reset();  // killed before either answer; the second request never left
    guardian_.move(1'000'000);
    open();
    slot();
    EXPECT_EQ(last_words("request_found_given"),
              "The answer to request 5 was lost; the guardian's ring shows that it was given (entry 1).");
    EXPECT_EQ(last_words("request_found_not_given"),
              "The answer to request 6 was lost; the guardian's ring shows that it was not given.");
    test::expect_truth(*journal_, guardian_);
}

TEST_F(JournalTest, ARequestOfThisTickIsNotCalledLostWhileItsAnswerMayStillCome) {
    open();
    guardian_.now = {300};
    ASSERT_TRUE(journal_->note_asked(guardian_.now, 5, {1000}, hal::DoseKind::bolus));
    const auto answer = guardian_.ask({5, {1000}, hal::DoseKind::bolus});
    ASSERT_TRUE(journal_->import_ring(guardian_.now, guardian_.entries(1)));
    ASSERT_TRUE(journal_->note_answer(guardian_.now, 5, answer.verdict, answer.ring_seq));
    guardian_.move(1'000'000);
    slot();
    test::expect_truth(*journal_, guardian_);
    EXPECT_EQ(count("request_found_given") + count("request_found_not_given"), 0U);
}

TEST_F(JournalTest, ARequestWithoutAnAnswerIsSettledInTheNextTickAndARestartIsNotNeeded) {
    open();
    guardian_.now = {300};
    ASSERT_TRUE(journal_->note_asked(guardian_.now, 5, {1000}, hal::DoseKind::bolus));
    slot();
    EXPECT_EQ(count("request_found_not_given"), 1U);
}

TEST_F(JournalTest, TooManyRequestsWithoutAnAnswerAreNotAddedTo) {
    open();
    for (std::uint32_t i = 1; i <= 8; ++i) ASSERT_TRUE(journal_->note_asked({300}, i, {10}, hal::DoseKind::bolus));
    EXPECT_FALSE(journal_->note_asked({300}, 9, {10}, hal::DoseKind::bolus));
}

TEST_F(JournalTest, InsulinFromBeforeTheRecordsIsCountedAndNamed) {
    guardian_ = test::FakeGuardian{1024, {12'000}};
    open();
    slot({{1, {40}, hal::DoseKind::basal}});
    slot();
    EXPECT_EQ(last_words("dose_before_records"), "The motor had moved 12 U before these records began.");
    EXPECT_EQ(test::sum_of_doses(*journal_), 12'040);
    EXPECT_EQ(count("dose_unexplained"), 0U);
}

TEST_F(JournalTest, AMotorBeyondAllThatIsOnRecordIsBelievedAndSaid) {
    open();
    slot({{1, {40}, hal::DoseKind::basal}});
    slot();
    hal::FirmwareTick tick = guardian_.tick();
    tick.motor = {100};
    ASSERT_TRUE(journal_->note_tick(tick));
    ASSERT_TRUE(journal_->commit());
    EXPECT_EQ(last_words("dose_unexplained"),
              "The motor's count differs from what is on record by 0.06 U. The motor was believed.");
    EXPECT_EQ(test::sum_of_doses(*journal_), 100);
    EXPECT_EQ(journal_->doses(2, 1)->front().moved_mu, 60);
}

TEST_F(JournalTest, SettingsAndReadingsComeBackAfterAReopen) {
    open();
    ASSERT_TRUE(journal_->change_setting(guardian_.now, "nurse.martin", "language", "french"));
    ASSERT_TRUE(journal_->change_setting(guardian_.now, "nurse.martin", "language", "english"));
    ASSERT_TRUE(journal_->note_glucose({10}, 110));
    ASSERT_TRUE(journal_->note_glucose({10}, 300));
    ASSERT_TRUE(journal_->note_glucose({20}, 0));
    EXPECT_EQ(*journal_->setting("language"), std::nullopt);  // not yet durable
    ASSERT_TRUE(journal_->commit());
    open();
    EXPECT_EQ(*journal_->setting("language"), "english");
    const auto readings = *journal_->glucose(1, 10);
    ASSERT_EQ(readings.size(), 1U);
    EXPECT_EQ(readings[0].mg_dl, 110);
    for (const auto& [name, value] :
         std::initializer_list<std::pair<std::string, std::string>>{{"", "x"},
                                                                    {"Upper", "x"},
                                                                    {std::string(65, 'a'), "x"},
                                                                    {"a", std::string(513, 'x')},
                                                                    {"a", "line\nfeed"}}) {
        EXPECT_FALSE(journal_->change_setting(guardian_.now, "nurse.martin", name, value)) << name;
    }
    EXPECT_FALSE(journal_->change_setting(guardian_.now, "Nurse Martin", "a", "x"));
    EXPECT_FALSE(verify().finding);
}

TEST_F(JournalTest, SameActsGiveTheSameLogToTheLastByte) {
    const auto play = [] {
        test::CrashDisk disk;
        test::FakeGuardian guardian;
        auto journal = test::open_journal(disk, guardian.now);
        for (std::uint32_t i = 1; i <= 30; ++i) {
            guardian.now = guardian.now + 300;
            test::keep_records(*journal, guardian, {{i, {static_cast<std::int32_t>(i)}, hal::DoseKind::basal}});
            guardian.move(1'000'000);
        }
        std::string text;
        const auto events = journal->events(1, 1000);
        for (const auto& logged : *events) text += *storage::log_text_line(logged);
        return text;
    };
    const std::string once = play();
    EXPECT_GT(once.size(), 10'000U);
    EXPECT_EQ(once, play());
}

TEST(RingEvents, EveryKeyOfTheLogHasWordsForPeople) {
    const auto expect_words = [](std::string_view key) {
        const auto event = storage::make_event(storage::EventId::finding_reported, 0, "firmware",
                                               storage::Outcome::done, {std::string{key}});
        EXPECT_NE(key, "unknown");
        const auto english = in_words(event, Language::english);
        EXPECT_EQ(english.find('_'), std::string::npos) << english << ": the key itself is no word";
    };
    const auto each = [&]<class E>(E first) {
        for (auto v = std::to_underlying(first); is_known(static_cast<E>(v)); ++v)
            expect_words(key_of(static_cast<E>(v)));
    };
    each(ImageVerdict::accepted);
    each(hal::DoseVerdict::accepted);
    each(hal::Finding::tpm_gone);
    each(hal::Mode::start_up);
    each(hal::DoseSource::profile);
    each(hal::DoseKind::basal);
}

// ---- what reaches the disk, and when -------------------------------------------------------------

TEST_F(JournalTest, ATickWritesEachDatabaseAtMostOnceBesidesTheRequest) {
    open();
    slot();
    const auto syncs = [this] {
        return std::ranges::count(disk_.operations(), test::Operation::Kind::sync, &test::Operation::kind);
    };
    auto before = syncs();
    ASSERT_TRUE(journal_->note_asked(guardian_.now, 1, {40}, hal::DoseKind::basal));
    EXPECT_EQ(syncs() - before, 1);
    before = syncs();
    const auto answer = guardian_.ask({1, {40}, hal::DoseKind::basal});
    ASSERT_TRUE(journal_->note_answer(guardian_.now, 1, answer.verdict, answer.ring_seq));
    ASSERT_TRUE(journal_->import_ring(guardian_.now, guardian_.entries(journal_->ring_next())));
    ASSERT_TRUE(journal_->note_glucose(guardian_.now, 100));
    EXPECT_EQ(syncs() - before, 0);
    ASSERT_TRUE(journal_->commit());
    EXPECT_EQ(syncs() - before, 2);  // log.db, patient.db
    before = syncs();
    ASSERT_TRUE(journal_->commit());
    EXPECT_EQ(syncs() - before, 0);
}

TEST_F(JournalTest, AFullDiskStopsTheRequestForgetsNothingAndIsCaughtUp) {
    open();
    slot({{1, {40}, hal::DoseKind::basal}});
    disk_.full_after(0);
    guardian_.now = guardian_.now + 300;
    ASSERT_TRUE(journal_->note_tick(guardian_.tick()));
    test::import_all(*journal_, guardian_);
    const auto asked = journal_->note_asked(guardian_.now, 2, {41}, hal::DoseKind::basal);
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().code, ErrorCode::io);
    EXPECT_NE(asked.error().what.find("no space left"), std::string::npos);
    guardian_.give_profile_dose({50});  // insulin goes on
    guardian_.move(1'000'000);
    EXPECT_FALSE(journal_->commit());
    disk_.full_after(std::nullopt);
    slot({{3, {42}, hal::DoseKind::basal}});
    slot();
    test::expect_truth(*journal_, guardian_);
    EXPECT_EQ(count("dose_asked"), 2U);  // the request that could not be written down was never made
}

TEST_F(JournalTest, ADiskThatStaysFullRefusesNewEventsAndNotTheMemory) {
    open();
    disk_.full_after(0);
    const auto event =
        storage::make_event(storage::EventId::log_verified, 1, "firmware", storage::Outcome::done, {std::int64_t{1}});
    std::size_t kept = 0;
    while (kept < 100'000 && journal_->note(event)) ++kept;
    EXPECT_EQ(kept, 4096U);
    disk_.full_after(std::nullopt);
    ASSERT_TRUE(journal_->commit());
    EXPECT_EQ(count("log_verified"), kept);
}

}  // namespace
}  // namespace basalt::firmware
