// Somebody on the wire, between a real client and the gateway of a real pump: a program of its own that has no key.
#include "scenarios/bench/listener.h"
#include "tests/integration/people/real_pump.h"
#include "tests/support/child.h"

#include <fcntl.h>

namespace basalt::bench {
namespace {

constexpr const char* password = "a blue horse at noon";
constexpr MilliUnits amount{1'450};

/// A pump whose network is in somebody's hands.
class TappedPump : public RealPump {
  public:
    TappedPump() { connect_through(listener_.port()); }
    /// What the wire answers; from any one thread at a time.
    std::size_t order(const std::string& what) {
        control_.mine.send({reinterpret_cast<const std::uint8_t*>(what.data()), what.size()});
        const auto answer = test::next_packet(control_.mine);
        EXPECT_FALSE(answer.empty()) << "the wire is gone";
        return std::stoull("0" + std::string{answer.begin(), answer.end()});
    }
    Result<link::PumpClient> another_client(std::optional<std::uint16_t> at = {}) {
        const auto papers = link::read_papers(fs::path{path()} / "host" / "clients");
        EXPECT_TRUE(papers);
        return link::PumpClient::open(at.value_or(listener_.port()), *papers,
                                      {.unix_s = std::time(nullptr), .now_s = [this] { return now_s(); }}, chance_);
    }
    /// Lets the pump live on while the person's client keeps its session, or loses it. What it was told when it did.
    std::string patience(std::uint64_t seconds) {
        std::string told;
        for (const auto until = now_s() + seconds; now_s() < until;) {
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
            if (const auto alive = client().on_time(); !alive && told.empty()) told = alive.error().what;
        }
        return told;
    }

  private:
    std::vector<hal::Descriptor> given() {
        std::vector<hal::Descriptor> out;
        out.push_back(std::move(control_.given));
        out.emplace_back(::fcntl(listener_.get(), F_DUPFD_CLOEXEC, 0));
        return out;
    }
    Listener listener_ = *Listener::open(0);
    test::Channel control_ = test::make_channel();
    test::Child wire_{WIRE_PROGRAM, {std::to_string(port())}, given()};
    link::SystemChance chance_;
};

/// What somebody who logs in sees.
json state_told_to(link::PumpClient& client) {
    json last;
    for (const auto& frame : {link::CommandFrames::encode(link::LogIn{bytes<32>("patient"), bytes<256>(password)}),
                              link::CommandFrames::encode(link::See{.what = link::Shown::state})}) {
        const auto reply = client.command(frame.view(), [&](std::string_view body) { last = json::parse(body); });
        EXPECT_TRUE(reply && reply->state == CommandState::done) << last.dump();
    }
    return last;
}

std::size_t count_of(const std::string& word, const std::string& text) {
    std::size_t count = 0;
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++count;
    return count;
}

struct Mode {
    const char* order;
    bool reaches;  ///< the pump may have got the command before this was done to the connection
    bool ends_it;  ///< the connection cannot go on after it
    /// Whose end finds it out: the pump's has it on record.
    bool found_by_pump() const { return ends_it && std::string_view{order}.ends_with(" in"); }
};
class TamperedWire : public testing::TestWithParam<Mode> {};

TEST_P(TamperedWire, TherapyIsWhatWasOrderedOrNothingAndWhoConnectsAgainSeesWhich) {
    TappedPump pump;
    CommandState state = CommandState::waiting;
    std::string told;
    std::size_t changed = 0;
    json later;
    std::int64_t moved = 0;
    pump.while_person([&] {
        auto other = pump.another_client();  // for what is sent into another connection
        ASSERT_TRUE(other) << other.error().what;
        EXPECT_EQ(pump.first_password("patient", password).state, CommandState::done);
        EXPECT_EQ(pump.log_in("patient", password).state, CommandState::done);
        EXPECT_EQ(pump.ask(Operation::bolus_within_limit, link::BolusWish{.amount = amount}).state, CommandState::done);
        pump.order(std::string{"attack "} + GetParam().order);
        const auto before = pump.motor_mu();
        // The pump's own screen says what waits for its button, so it is pressed even where its words do not arrive.
        std::thread hand{[&] {
            const auto at = pump.now_s() + 5;
            while (pump.now_s() < at) std::this_thread::sleep_for(std::chrono::milliseconds{5});
            pump.between_seconds([&] { pump.sim().hold_button(1); });
        }};
        state = pump.ask(Operation::bolus_within_limit, link::BolusYes{amount}).state;
        hand.join();
        told = pump.patience(120);  // what was held back arrives meanwhile
        changed = pump.order("attack listen in");
        auto again = pump.another_client();
        ASSERT_TRUE(again) << again.error().what;
        later = state_told_to(*again);
        again->close();
        moved = pump.motor_mu() - before;
    });
    EXPECT_GT(changed, 0U) << "the attack did happen";
    const bool nothing = moved <= 260;  // basal doses
    const bool as_ordered = moved >= amount.count && moved <= amount.count + 260;
    EXPECT_TRUE(nothing || as_ordered) << moved;
    EXPECT_TRUE(GetParam().reaches || nothing) << moved;
    switch (state) {
        case CommandState::done:
            EXPECT_TRUE(as_ordered) << moved;
            break;
        case CommandState::not_done:
        case CommandState::refused:
            EXPECT_TRUE(nothing) << moved;
            break;
        case CommandState::unknown:
            EXPECT_NE(link::in_words(state).english.find("Look at its last dose"), std::string_view::npos);
            break;
        case CommandState::waiting:
            ADD_FAILURE() << "the person waits for ever";
    }
    // Where those words send the person, the truth stands.
    EXPECT_EQ(later.contains("last_bolus"), as_ordered) << later.dump();
    const auto log = pump.log();
    EXPECT_EQ(count_of("bolus_confirmed", log), as_ordered ? 1U : 0U);
    if (GetParam().ends_it) {
        EXPECT_FALSE(told.empty()) << "the person is told that the connection is over";
    }
    if (GetParam().found_by_pump()) {
        EXPECT_EQ(count_of("connection_refused", log), 1U) << "one record: " << log;
    }
}

INSTANTIATE_TEST_SUITE_P(Modes, TamperedWire,
                         testing::Values(Mode{"flip in", false, true}, Mode{"flip out", true, true},
                                         Mode{"truncate in", false, true}, Mode{"truncate out", true, true},
                                         Mode{"cut in", false, false}, Mode{"cut out", true, false},
                                         Mode{"delete in", false, false}, Mode{"delete out", true, false},
                                         Mode{"delay in", false, false}, Mode{"delay out", true, false},
                                         Mode{"reorder in", false, false}, Mode{"reorder out", true, false},
                                         Mode{"replay in", true, true}, Mode{"replay out", true, true},
                                         Mode{"redirect in", false, false}, Mode{"redirect out", true, false}),
                         [](const auto& one) {
                             std::string name{one.param.order};
                             std::ranges::replace(name, ' ', '_');
                             return name;
                         });

TEST(Wire, AWholeConnectionSaidAgainToThisPumpAndToAnotherGivesNoSecondDose) {
    TappedPump pump;
    RealPump other{};  // the same device's copy, at another port: it has the same keys
    std::int64_t given = 0, after = 0;
    pump.while_person([&] {
        EXPECT_EQ(pump.first_password("patient", password).state, CommandState::done);
        EXPECT_EQ(pump.log_in("patient", password).state, CommandState::done);
        EXPECT_EQ(pump.ask(Operation::bolus_within_limit, link::BolusWish{.amount = amount}).state, CommandState::done);
        EXPECT_EQ(pump.ask(Operation::bolus_within_limit, link::BolusYes{amount}).state, CommandState::done);
        pump.wait(120);
        given = pump.motor_mu();
        EXPECT_GE(given, amount.count);
        EXPECT_GT(pump.order("again " + std::to_string(pump.port())), 5'000U);
        EXPECT_GT(pump.order("again " + std::to_string(other.port())), 5'000U);
        pump.between_seconds([&] { pump.sim().hold_button(1); });  // whatever waits for the button gets it
        pump.wait(60);
        after = pump.motor_mu();
    });
    EXPECT_LE(after - given, 180) << "basal doses";
    other.sim().hold_button(1);
    for (int i = 0; i < 60; ++i) other.second();
    EXPECT_LE(other.motor_mu(), 180);
    for (const auto& log : {pump.log(), other.log()}) EXPECT_EQ(count_of("connection_refused", log), 1U) << log;
    EXPECT_EQ(count_of("bolus_confirmed", pump.log()), 1U);
    EXPECT_EQ(count_of("logged_in", other.log()), 0U);
}

TEST(Wire, WhoIsLedToAnotherPumpIsToldAndAsksNothingOfIt) {
    static const auto second_device = new_device(fs::path{BASALT_BINARY_DIR} / "images", "Another");
    TappedPump pump;
    RealPump other{*second_device};
    std::string told;
    pump.while_person([&] {
        pump.order("lead " + std::to_string(other.port()));
        const auto wrong = pump.another_client();
        EXPECT_FALSE(wrong);
        if (!wrong) told = wrong.error().what;
    });
    EXPECT_NE(told.find("not the pump"), std::string::npos) << told;
    EXPECT_EQ(other.log().find("logged_in"), std::string::npos);
}

}  // namespace
}  // namespace basalt::bench
