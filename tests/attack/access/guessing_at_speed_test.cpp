// Wrong passwords at speed: several clients with sessions of their own, at the real port of a real pump.
#include "device/factory/dev_keys.h"
#include "tests/integration/network/parties.h"
#include "tests/integration/people/real_pump.h"

namespace basalt::bench {
namespace {
using namespace std::string_literals;

constexpr const char* patients = "a blue horse at noon";
constexpr const char* nurses = "seven quiet lamps burn";

/// Clients that the hospital enrolled and somebody took over: each guesses at one name after another, as fast as it is
/// answered.
class Guessers {
  public:
    static constexpr int count = 5;
    explicit Guessers(RealPump& pump) {
        const auto keys = *factory::make_or_load(fs::path{BASALT_SOURCE_DIR} / "dev-keys", Variant::production);
        const std::int64_t now = std::time(nullptr), day = 86'400;
        for (std::uint8_t i = 0; i < count; ++i) {
            auto papers = *link::read_papers(fs::path{pump.path()} / "host" / "clients");
            const auto own =
                test::client_of(keys.clients, "Basalt production clients, DEVELOPMENT ONLY", now - day, now + day);
            papers.certificate_pem = own.certificate_pem;
            papers.key_pem = own.key_pem;
            papers.client.fill(i);
            threads_.emplace_back([this, papers, &pump] { guess(papers, pump); });
        }
    }
    ~Guessers() { stop(); }
    void stop() {
        stop_ = true;
        for (auto& one : threads_)
            if (one.joinable()) one.join();
    }
    std::atomic<int> tries = 0, let_in = 0;

  private:
    void guess(const link::ClientPapers& papers, RealPump& pump) {
        const std::array names{"patient", "nurse", "physician", "biomedical", "nobody-at-all"};
        link::SystemChance chance;
        while (!stop_) {
            auto client = link::PumpClient::open(
                pump.port(), papers, {.unix_s = std::time(nullptr), .now_s = [&] { return pump.now_s(); }}, chance);
            for (std::size_t i = 0; client && !stop_; ++i) {
                const auto frame = link::CommandFrames::encode(
                    link::LogIn{bytes<32>(names[i % names.size()]), bytes<256>("password " + std::to_string(i))});
                const auto reply = client->command(frame.view());
                if (!reply) break;
                ++tries;
                if (reply->state == CommandState::done) ++let_in;
            }
        }
    }
    std::atomic<bool> stop_ = false;
    std::vector<std::thread> threads_;
};

std::size_t count_of(const std::string& word, const std::string& text) {
    std::size_t count = 0;
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++count;
    return count;
}

/// What the person reads.
std::string told(const Heard& heard) {
    return heard.parts.empty() ? std::string{link::in_words(heard.state).english} : heard.words();
}

constexpr std::uint64_t press_within_s = 20;

/// Tries as somebody who is not at the pump.
Heard guess(RealPump& pump, const std::string& guessed) {
    return pump.say(link::LogIn{bytes<32>("patient"), bytes<256>(guessed)}, /*press_when_asked=*/false);
}

TEST(GuessingAtSpeed, KeepsNobodyFromABadgeEmergencyAccessOrTheButton) {
    RealPump pump;
    int tries = 0, let_in = 0;
    std::int64_t given = 0;
    std::uint64_t stopped_after_s = 99;
    pump.while_person([&] {
        ASSERT_EQ(pump.first_password("patient", patients).state, CommandState::done);
        ASSERT_EQ(pump.first_password("nurse", nurses).state, CommandState::done);
        Guessers guessers{pump};
        while (guessers.tries < 100) pump.wait(1);

        // By password: in at the pump's button, or told when. Never without a word.
        const auto nurse = pump.log_in("nurse", nurses);
        if (nurse.state != CommandState::done) {
            EXPECT_EQ(nurse.state, CommandState::refused);
            EXPECT_NE(told(nurse).find("then try again"), std::string::npos) << told(nurse);
            EXPECT_NE(told(nurse).find("emergency access still work"), std::string::npos) << told(nurse);
        }
        // By badge: no password is looked at, so there is nothing to wait for.
        const auto signed_by = [&](const char* badge, Operation operation) {
            const auto key = factory::P256Key::load(fs::path{pump.path()} / "host" / "badges" / (badge + ".pem"s));
            EXPECT_TRUE(key);
            return link::BadgeShown{bytes<32>(badge), key->sign(pump.digest(operation, {})).value()};
        };
        const auto ward = pump.ask(Operation::choose_context, link::ContextWish{1}, "nurse");
        EXPECT_EQ(ward.state, CommandState::done) << told(ward);
        const auto seen =
            pump.say(link::See{.what = link::Shown::state, .badge = signed_by("nurse", Operation::see_state)});
        EXPECT_EQ(seen.state, CommandState::done) << told(seen);
        EXPECT_EQ(seen.last().value("context", ""), "ward");
        // Emergency access: the button is asked for and everybody gives way.
        link::OpenEmergency open;
        open.badge = signed_by("ward-emergency", Operation::choose_emergency);
        const auto opened = pump.say(open);
        EXPECT_EQ(opened.state, CommandState::done) << told(opened);
        EXPECT_EQ(pump.ask(Operation::bolus_within_limit, link::BolusWish{.amount = 500_mU}).state, CommandState::done);
        EXPECT_EQ(pump.ask(Operation::bolus_within_limit, link::BolusYes{500_mU}).state, CommandState::done);
        pump.wait(30);
        given = pump.motor_mu();

        // The pump's own button, held.
        const auto held_at = pump.now_s();
        pump.between_seconds([&] { pump.sim().hold_button(4); });
        while (pump.now_s() < held_at + 10) {
            bool stopped = false;
            pump.between_seconds([&] { stopped = pump.board().signals().mode == hal::Mode::stopped; });
            if (stopped) {
                stopped_after_s = pump.now_s() - held_at;
                break;
            }
        }
        guessers.stop();
        tries = guessers.tries;
        let_in = guessers.let_in;
    });
    EXPECT_GE(tries, 100);
    EXPECT_EQ(let_in, 0);
    EXPECT_LE(stopped_after_s, 5U);
    EXPECT_GE(given, 500);
    EXPECT_EQ(count_of("emergency_opened", pump.log()), 1U);
    EXPECT_EQ(pump.board().signals().mode, hal::Mode::stopped);
}

TEST(GuessingAtSpeed, WhatItCostTheGuesserOutlivesAPowerCutAndTheOwnerGetsInAtThePump) {
    RealPump pump;
    std::uint64_t last_try_s = 0;
    pump.while_person([&] {
        ASSERT_EQ(pump.first_password("patient", patients).state, CommandState::done);
        // Wrong ones, until the next wait is longer than a start: 3 at once, then after 2, 4, 8 ... 64 s.
        for (int wrong = 0; wrong < 9;) {
            const auto tried = guess(pump, "password " + std::to_string(wrong));
            if (tried.state == CommandState::refused && tried.parts.size() == 1) {
                ++wrong;
                last_try_s = pump.now_s();
            }
        }
    });
    pump.sim().power_off();
    ASSERT_TRUE(pump.sim().power_on());
    for (int i = 0; i < 10; ++i) pump.second();
    pump.while_person([&] {
        const auto waits = guess(pump, patients);
        EXPECT_LT(pump.now_s(), last_try_s + 128 + press_within_s) << "else this test proves nothing";
        ASSERT_FALSE(waits.parts.empty());
        EXPECT_EQ(waits.parts.front().value("waits_for", ""), "press") << "still counted: " << told(waits);
        EXPECT_NE(waits.state, CommandState::done) << "the right one was not looked at";
        const auto at_pump = pump.log_in("patient", patients);
        EXPECT_EQ(at_pump.state, CommandState::done) << told(at_pump);
        EXPECT_EQ(at_pump.parts.size(), 2U) << "the button was asked for";
        EXPECT_EQ(at_pump.last().value("failed_since", 0), 9) << "and the owner is told of them";
    });
}

}  // namespace
}  // namespace basalt::bench
