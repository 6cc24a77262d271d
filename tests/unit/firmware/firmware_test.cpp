// The firmware alone, with a guardian that says what the test wants.
#include "device/firmware/firmware.h"

#include "tests/support/fake_chip.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <random>

namespace basalt::firmware {
namespace {

class Nobody final : public hal::Port {
  public:
    bool send(ByteView) noexcept override { return true; }
};

/// Keeps what the firmware says; what it answers is the test's business.
class GuardianEnd final : public hal::Port {
  public:
    bool send(ByteView frame) noexcept override {
        if (gone) return false;
        const auto decoded = hal::DoseFrames::decode(frame);
        EXPECT_TRUE(decoded);
        said.push_back(*decoded);
        return true;
    }
    template <class Frame>
    std::vector<Frame> all() const {
        std::vector<Frame> out;
        for (const auto& frame : said)
            if (const auto* wanted = std::get_if<Frame>(&frame)) out.push_back(*wanted);
        return out;
    }
    template <class Frame>
    bool last_is() const {
        return !said.empty() && std::holds_alternative<Frame>(said.back());
    }

    bool gone = false;
    std::vector<hal::DoseFrames::Any> said;
};

/// Says in which order it was asked.
class WatchedChip final : public Chip {
  public:
    Result<Signature> sign_challenge(const std::array<std::uint8_t, 32>& nonce) override {
        calls += "sign ";
        return real.sign_challenge(nonce);
    }
    Result<RecordKeys> open_keys(const std::optional<Secret>& share) override {
        calls += "open ";
        return real.open_keys(share);
    }
    Result<PublicKey> identity() override { return real.identity(); }
    Result<Signature> sign_as_device(const Digest& digest) override { return real.sign_as_device(digest); }
    Result<Digest> pepper(ByteView data) override { return real.pepper(data); }
    bool answers() override {
        calls += "ask ";
        return real.answers();
    }
    test::FakeChip real{"channel"};
    std::string calls;
};

struct FirmwareTest : testing::Test {
    test::Scratch scratch;
    GuardianEnd guardian;
    Nobody gateway, screen;
    WatchedChip chip;
    std::vector<std::string> told;
    std::unique_ptr<Firmware> firmware;
    hal::FirmwareTick tick;

    static Result<Configuration> settings() {
        Configuration configuration{.device_name = "Pump", .glucose_unit = GlucoseUnit::mg_dl, .basal = {}};
        configuration.basal.fill({1'200});  // 100 mU in each basal slot
        return configuration;
    }
    void make(Result<Configuration> configuration = settings(), std::filesystem::path records = {},
              PeopleStep* people = nullptr) {
        firmware = std::make_unique<Firmware>(
            guardian, gateway, screen, chip,
            Firmware::Options{.records = {.directory = records.empty() ? scratch.path() : records,
                                          .durability = storage::Durability::process_only},
                              .configuration = std::move(configuration),
                              .people = people,
                              .tell = [this](std::string_view words) { told.emplace_back(words); }});
    }
    template <class Frame>
    void hear(const Frame& frame) {
        firmware->on_guardian(hal::DoseFrames::encode(frame).view());
    }
    /// Up to the Welcome, in the order in which the guardian's frames arrive at a start.
    void start(bool share_given = true, bool accepted = true) {
        hear(hal::Challenge{});
        tick.tick = {86'400};
        hear(tick);
        hear(hal::Share{.given = share_given, .share = {}});
        if (guardian.last_is<hal::Proof>())
            hear(hal::Welcome{accepted, hal::Mode::normal, {10_U, 15_U, 10_U, 60_U, 24}});
    }
    void next_slot() {
        tick.tick = tick.tick + hal::basal_slot_s;
        tick.mode = hal::Mode::normal;
        tick.basal_due = true;
        hear(tick);
    }
};

TEST_F(FirmwareTest, ItSignsFirstOpensThenAndTheSlotEndsAfterTheWelcome) {
    make();
    start();
    EXPECT_EQ(chip.calls, "sign open ");
    ASSERT_TRUE(guardian.last_is<hal::SlotEnd>());
    const auto end = std::get<hal::SlotEnd>(guardian.said.back());
    EXPECT_EQ(end.tick, tick.tick);
    EXPECT_GT(end.next, end.tick);
    EXPECT_TRUE(told.empty()) << told.front();
}

TEST_F(FirmwareTest, ASecondChallengeGetsNoAnswer) {
    make();
    start();
    const auto before = guardian.said.size();
    hear(hal::Challenge{.nonce = {1}});
    EXPECT_EQ(guardian.said.size(), before);
    EXPECT_EQ(chip.calls, "sign open ");
}

TEST_F(FirmwareTest, InABasalSlotOfNormalModeItAsksOnceForWhatIsSet) {
    make();
    start();
    next_slot();
    const auto requests = guardian.all<hal::DoseRequest>();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests[0].amount, 100_mU);
    EXPECT_EQ(requests[0].kind, hal::DoseKind::basal);
    EXPECT_FALSE(guardian.last_is<hal::SlotEnd>());  // it waits for the answer
    hear(hal::DoseAnswer{.request_id = requests[0].request_id, .verdict = hal::DoseVerdict::over_hour, .ring_seq = 0});
    EXPECT_TRUE(guardian.last_is<hal::SlotEnd>());
    EXPECT_EQ(guardian.all<hal::DoseRequest>().size(), 1U);  // a refusal is not argued with
}

TEST_F(FirmwareTest, AnAnswerToAnotherRequestIsNotTaken) {
    make();
    start();
    next_slot();
    const auto id = guardian.all<hal::DoseRequest>()[0].request_id;
    hear(hal::DoseAnswer{.request_id = id + 1, .verdict = hal::DoseVerdict::accepted, .ring_seq = 1});
    EXPECT_FALSE(guardian.last_is<hal::SlotEnd>());
    hear(hal::DoseAnswer{.request_id = id, .verdict = hal::DoseVerdict::over_hour});
    EXPECT_TRUE(guardian.last_is<hal::SlotEnd>());
}

TEST_F(FirmwareTest, WithoutAnyOneOfItsConditionsItAsksForNothing) {
    struct Case {
        const char* name;
        std::function<void(FirmwareTest&)> take_away;
        bool share = true, accepted = true;
        Result<Configuration> configuration = settings();
    };
    const std::vector<Case> cases{
        {"normal mode", [](FirmwareTest& t) { t.tick.mode = hal::Mode::failsafe; }},
        {"normal mode (start-up)", [](FirmwareTest& t) { t.tick.mode = hal::Mode::start_up; }},
        {"normal mode (stopped)", [](FirmwareTest& t) { t.tick.mode = hal::Mode::stopped; }},
        {"a basal slot", [](FirmwareTest& t) { t.tick.basal_due = false; }},
        {"a clock", [](FirmwareTest& t) { t.tick.clock_ok = false; }},
        {"an accepted proof", [](FirmwareTest&) {}, true, false},
        {"records", [](FirmwareTest&) {}, false},
        {"a configuration", [](FirmwareTest&) {}, true, true, fail(ErrorCode::refused, "It was refused.", "Sign it.")},
    };
    for (const auto& [name, take_away, share, accepted, configuration] : cases) {
        SCOPED_TRACE(name);
        test::Scratch place;
        guardian.said.clear();
        chip.real.reset();
        tick = {};
        make(configuration, place.path());
        start(share, accepted);
        tick.tick = tick.tick + hal::basal_slot_s;
        tick.mode = hal::Mode::normal;
        tick.basal_due = true;
        take_away(*this);
        hear(tick);
        EXPECT_TRUE(guardian.all<hal::DoseRequest>().empty());
        EXPECT_TRUE(guardian.last_is<hal::SlotEnd>());
        firmware.reset();
    }
}

TEST_F(FirmwareTest, WithoutAShareTheChipIsClosedAllTheSameAndSomebodyIsTold) {
    make();
    start(false);
    EXPECT_EQ(chip.calls, "sign open ");
    EXPECT_EQ(guardian.all<hal::FindingReport>().size(), 1U);
    EXPECT_FALSE(told.empty());
}

TEST_F(FirmwareTest, WhenTheChipDoesNotSignTheProofIsEmptyAndTheSlotEnds) {
    chip.real.approved_state = false;
    make();
    start(true, false);
    ASSERT_EQ(guardian.all<hal::Proof>().size(), 1U);  // silence would leave the guardian to guess
    EXPECT_EQ(guardian.all<hal::Proof>()[0].signature, hal::Proof{}.signature);
    EXPECT_TRUE(guardian.last_is<hal::SlotEnd>());
}

TEST_F(FirmwareTest, OnceTheGuardianIsGoneNothingIsSaidOrWritten) {
    make();
    start();
    next_slot();
    guardian.gone = true;
    const auto before = guardian.said.size();
    hear(hal::DoseAnswer{.request_id = guardian.all<hal::DoseRequest>()[0].request_id,
                         .verdict = hal::DoseVerdict::accepted,
                         .ring_seq = 1});
    EXPECT_TRUE(firmware->guardian_gone());
    guardian.gone = false;
    next_slot();
    EXPECT_EQ(guardian.said.size(), before);
}

TEST_F(FirmwareTest, ASlotThatWasClosedOverItsHeadIsLeft) {
    make();
    start();
    next_slot();  // asks, and never hears
    next_slot();
    const auto requests = guardian.all<hal::DoseRequest>();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_NE(requests[0].request_id, requests[1].request_id);
    hear(hal::DoseAnswer{.request_id = requests[0].request_id, .verdict = hal::DoseVerdict::accepted, .ring_seq = 1});
    EXPECT_FALSE(guardian.last_is<hal::SlotEnd>());  // that was the old question's answer
    hear(hal::DoseAnswer{.request_id = requests[1].request_id, .verdict = hal::DoseVerdict::over_hour});
    EXPECT_TRUE(guardian.last_is<hal::SlotEnd>());
}

/// While it lives no file of this program grows: the disk is full.
class FullDisk {
  public:
    FullDisk() : before_signal_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        rlimit none = before_;
        none.rlim_cur = 0;
        setrlimit(RLIMIT_FSIZE, &none);
    }
    ~FullDisk() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, before_signal_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

  private:
    rlimit before_{};
    void (*before_signal_)(int);
};

/// Wishes what the test says, and keeps what it hears.
class Wishing final : public PeopleStep {
  public:
    void serve(const PeoplesTurn& turn) override {
        for (const Wish wish : std::exchange(wishes, {})) turn.wishes.add(wish);
    }
    void on_wish_answer(const WishAnswer& answer) override { answers.push_back(answer); }
    void done(bool on_record) override { recorded.push_back(on_record); }
    bool waiting() const override { return false; }
    std::vector<Wish> wishes;
    std::vector<WishAnswer> answers;
    std::vector<bool> recorded;
};

TEST_F(FirmwareTest, TheSlotsEndSaysThatEmergencyAccessIsOpenAndWantsATickWhenItIsOver) {
    struct InAnEmergency final : PeopleStep {
        void serve(const PeoplesTurn&) override {}
        void on_wish_answer(const WishAnswer&) override {}
        void done(bool) override {}
        bool waiting() const override { return false; }
        std::optional<PeopleSeen> seen(Tick now) const override {
            PeopleSeen seen{.context = access::Context::emergency, .press = {}, .emergency_until = {}};
            if (now < until) seen.emergency_until = until;
            return seen;
        }
        Tick until{};
    } people;
    make(settings(), {}, &people);
    start();
    people.until = tick.tick + 40;
    tick.tick = tick.tick + 10;
    hear(tick);
    ASSERT_TRUE(guardian.last_is<hal::SlotEnd>());
    auto end = std::get<hal::SlotEnd>(guardian.said.back());
    EXPECT_TRUE(end.emergency_access);
    EXPECT_LE(end.next, people.until);
    tick.tick = people.until;
    hear(tick);
    ASSERT_TRUE(guardian.last_is<hal::SlotEnd>());
    EXPECT_FALSE(std::get<hal::SlotEnd>(guardian.said.back()).emergency_access);
}

TEST_F(FirmwareTest, EachWishIsSentAloneAnsweredBeforeTheCommitAndTheSlotWaitsForIt) {
    Wishing people;
    make(settings(), {}, &people);
    start();
    people.wishes = {Wish::take_back, Wish::stop};
    tick.tick = tick.tick + 1;
    hear(tick);
    ASSERT_TRUE(guardian.last_is<hal::StopRequest>());  // what withholds insulin first
    const auto done_before = people.recorded.size();
    hear(hal::TakenBack{.request_id = static_cast<std::uint32_t>(tick.tick.seconds),
                        .amount = 1_U});  // not asked for yet
    ASSERT_TRUE(guardian.last_is<hal::StopRequest>());
    hear(hal::ModeAnswer{true, hal::Mode::stopped});
    ASSERT_TRUE(guardian.last_is<hal::TakeBack>());
    EXPECT_EQ(people.recorded.size(), done_before);
    hear(hal::TakenBack{.request_id = 7, .amount = 1_U});  // another one's
    ASSERT_TRUE(guardian.last_is<hal::TakeBack>());
    hear(hal::TakenBack{.request_id = static_cast<std::uint32_t>(tick.tick.seconds), .amount = 300_mU, .ring_seq = 0});
    EXPECT_TRUE(guardian.last_is<hal::SlotEnd>());
    ASSERT_EQ(people.answers.size(), 2U);
    EXPECT_EQ(people.answers[0].mode, hal::Mode::stopped);
    EXPECT_EQ(people.answers[1].amount, 300_mU);
    EXPECT_FALSE(people.answers[1].in_ring);
    EXPECT_EQ(people.recorded.back(), true);
}

TEST_F(FirmwareTest, AWishWhoseAnswerWasLostIsToldAndOnlyAStopIsWishedAgain) {
    Wishing people;
    make(settings(), {}, &people);
    start();
    for (const Wish wish : {Wish::stop, Wish::resume}) {
        people.wishes = {wish};
        people.answers.clear();
        tick.tick = tick.tick + 1;
        hear(tick);
        const auto sent = guardian.said.size();
        tick.tick = tick.tick + 1;
        hear(tick);  // the slot was closed over its head
        ASSERT_EQ(people.answers.size(), 1U);
        EXPECT_FALSE(people.answers[0].answered);
        EXPECT_EQ(guardian.last_is<hal::StopRequest>(), wish == Wish::stop);
        EXPECT_GT(guardian.said.size(), sent);
        if (wish == Wish::stop) hear(hal::ModeAnswer{true, hal::Mode::stopped});
        EXPECT_TRUE(guardian.last_is<hal::SlotEnd>());
    }
    EXPECT_EQ(guardian.all<hal::ResumeRequest>().size(), 1U);
}

TEST_F(FirmwareTest, APortionIsOnRecordBeforeItLeavesAndAFullDiskKeepsItBack) {
    struct Ordering final : PeopleStep {
        void serve(const PeoplesTurn& turn) override {
            if (ordered) return;
            ordered =
                turn.therapy.propose({.amount = 1_U, .who = "patient"}, 10_U) && turn.therapy.confirm(1_U, "patient");
        }
        void on_wish_answer(const WishAnswer&) override {}
        void done(bool) override {}
        bool waiting() const override { return false; }
        bool ordered = false;
    } people;
    make(settings(), {}, &people);
    start();
    tick.mode = hal::Mode::normal;
    tick.basal_due = false;
    tick.tick = tick.tick + 1;
    hear(tick);
    ASSERT_TRUE(people.ordered);
    {
        const FullDisk full;
        tick.tick = tick.tick + 1;
        hear(tick);
        EXPECT_TRUE(guardian.all<hal::DoseRequest>().empty());
    }
    EXPECT_TRUE(guardian.last_is<hal::SlotEnd>());
    tick.tick = tick.tick + 1;
    hear(tick);  // there is room again
    ASSERT_EQ(guardian.all<hal::DoseRequest>().size(), 1U);
    EXPECT_EQ(guardian.all<hal::DoseRequest>()[0].amount, 500_mU);
    EXPECT_EQ(guardian.all<hal::DoseRequest>()[0].kind, hal::DoseKind::bolus);
}

TEST_F(FirmwareTest, TheChipIsAskedOnceAnHourAndItsSilenceIsReportedOnce) {
    make();
    start();
    chip.real.gone = true;
    tick.basal_due = false;
    for (int i = 0; i < 36; ++i) {  // three hours
        tick.tick = tick.tick + hal::basal_slot_s;
        hear(tick);
    }
    EXPECT_EQ(chip.calls, "sign open ask ");
    EXPECT_EQ(guardian.all<hal::FindingReport>().size(), 1U);
    EXPECT_EQ(guardian.all<hal::FindingReport>()[0].finding, hal::Finding::tpm_gone);
}

TEST_F(FirmwareTest, AFullDiskStopsTheAskingAtOnceIsReportedWhileItLastsAndForgottenByNothing) {
    make();
    start();
    {
        const FullDisk full;
        for (int i = 0; i < 2; ++i) next_slot();
        EXPECT_TRUE(guardian.all<hal::FindingReport>().empty());  // it may pass
        for (int i = 0; i < 22; ++i) next_slot();                 // two hours in all
        EXPECT_TRUE(guardian.all<hal::DoseRequest>().empty());
        const auto reports = guardian.all<hal::FindingReport>();
        ASSERT_EQ(reports.size(), 4U);  // after a quarter of an hour, then each half hour
        for (const auto& report : reports) EXPECT_EQ(report.finding, hal::Finding::storage_full);
    }
    EXPECT_FALSE(told.empty());
    next_slot();  // there is room again, and it records as before
    EXPECT_EQ(guardian.all<hal::DoseRequest>().size(), 1U);
}

TEST_F(FirmwareTest, ARingThatNeverEndsDoesNotHoldUpTheSlot) {
    make();
    tick.ring_last = 4'000'000'000;
    start();
    int asked = 0;
    while (guardian.last_is<hal::RingRequest>() && asked < 1'000) {
        ++asked;
        hal::RingEntries entries{.count = 1, .oldest = 1, .newest = 4'000'000'000};
        entries.entries[0].seq = std::get<hal::RingRequest>(guardian.said.back()).from;
        entries.entries[0].kind = hal::RingKind::mode;
        hear(entries);
    }
    EXPECT_TRUE(guardian.last_is<hal::SlotEnd>());
    EXPECT_LT(asked, 200);
    EXPECT_GT(asked, 60);  // a full ring takes 64 questions
}

TEST_F(FirmwareTest, NoNoiseOnTheDoseChannelMakesItAskForInsulin) {
    make();
    start();
    const auto before = guardian.all<hal::DoseRequest>().size();
    for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
        std::mt19937_64 rng{seed};
        std::vector<std::uint8_t> noise(rng() % 200);
        for (auto& byte : noise) byte = static_cast<std::uint8_t>(rng());
        firmware->on_guardian(noise);
    }
    EXPECT_EQ(guardian.all<hal::DoseRequest>().size(), before);
    next_slot();
    EXPECT_EQ(guardian.all<hal::DoseRequest>().size(), before + 1);  // and it still works
}

}  // namespace
}  // namespace basalt::firmware
