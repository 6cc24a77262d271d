// The gateway is the attacker's: a real program in its place, measured, with this boot's certificate.
#include "tests/attack/link/attackers_device.h"

#include <openssl/evp.h>

#include <algorithm>

namespace basalt::bench {
namespace {

constexpr const char* password = "a blue horse at noon";
constexpr MilliUnits amount{1'450};

const FreshDevice& device_of_the_attacker() {
    static const auto made = device_with_gateway(LISTENING_PROGRAM, "Zebra Ward Pump");
    return *made;
}

/// The attacker's accomplice: on the network, with a client's certificate.
class Accomplice {
  public:
    explicit Accomplice(RealPump& pump)
        : papers_(link::read_papers(fs::path{pump.path()} / "host" / "clients")),
          client_(link::TlsClient::connect(pump.port(), papers_.value(), std::time(nullptr))) {
        EXPECT_TRUE(client_) << client_.error().what;
        send(link::Hello{.session = number, .body = {}});
    }
    std::string tell(std::string_view order) {
        link::SealedIn sealed{.session = number, .body = {}};
        std::ranges::copy(order, sealed.body.begin());
        send(sealed);
        std::string all;
        for (;;) {
            const auto frame = client_->receive(10'000);
            const auto decoded = frame ? link::LinkFrames::decode(*frame) : std::unexpected{FrameError::too_short};
            const auto* said = decoded ? std::get_if<link::SealedOut>(&*decoded) : nullptr;
            if (said == nullptr) {
                ADD_FAILURE() << "the attacker's gateway does not answer: " << order;
                return all;
            }
            all.append(said->body.begin() + 2, said->body.begin() + 2 + said->body[0] + 256 * said->body[1]);
            if (said->last) return all;
        }
    }
    std::string spoils() {
        std::string all;
        for (;;) {
            const auto more = tell("spoils " + std::to_string(all.size()));
            if (more.empty()) return all;
            all += more;
        }
    }

  private:
    static constexpr std::uint32_t number = 0xacc0'acc0;
    template <class Frame>
    void send(const Frame& frame) {
        EXPECT_TRUE(client_->send(link::LinkFrames::encode(frame).view()));
    }
    Result<link::ClientPapers> papers_;
    Result<link::TlsClient> client_;
};

bool holds(const std::string& spoils, std::string_view marker) {
    if (spoils.find(marker) != spoils.npos) return true;
    std::string hex, upper;
    for (const char c : marker) {
        const auto byte = static_cast<unsigned char>(c);
        for (const int half : {byte >> 4, byte & 15}) {
            hex += "0123456789abcdef"[half];
            upper += "0123456789ABCDEF"[half];
        }
    }
    if (spoils.find(hex) != spoils.npos || spoils.find(upper) != spoils.npos) return true;
    // Base64 of it, wherever in its text it begins: the letters that its own bytes alone decide.
    for (std::size_t before = 0; before < 3; ++before) {
        const std::string text = std::string(before, 'x') + std::string{marker};
        std::string coded(4 * ((text.size() + 2) / 3) + 1, '\0');
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(coded.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
        const std::size_t from = before == 0 ? 0 : before + 1, to = text.size() / 3 * 4;
        if (to > from + 3 && spoils.find(coded.substr(from, to - from)) != spoils.npos) return true;
    }
    return false;
}

TEST(HostileGateway, LearnsNoPasswordNoAmountAndNoNameOfWhatPassesThroughIt) {
    RealPump pump{device_of_the_attacker()};
    std::string all;
    std::string code;
    pump.while_person([&] {
        code = pump.code_of("patient");
        EXPECT_EQ(pump.first_password("patient", password).state, CommandState::done);
        EXPECT_EQ(pump.log_in("patient", password).state, CommandState::done);
        EXPECT_EQ(pump.ask(Operation::bolus_within_limit, link::BolusWish{.amount = amount}).state, CommandState::done);
        EXPECT_EQ(pump.ask(Operation::bolus_within_limit, link::BolusYes{amount}).state, CommandState::done);
        pump.wait(60);
        const auto state = pump.state();
        EXPECT_EQ(state["last_bolus"]["who"], "patient") << state.dump();
        EXPECT_EQ(state["device_name"], "Zebra Ward Pump") << state.dump();
        all = Accomplice{pump}.spoils();
    });
    const auto papers = link::read_papers(fs::path{pump.path()} / "host" / "clients");
    ASSERT_TRUE(papers);
    const std::string address{papers->client.begin(), papers->client.end()};
    EXPECT_TRUE(holds(all, address)) << "it does write down what it sees: the client's address is in the clear";
    EXPECT_GT(all.size(), 10 * link::sealed_in_size);
    const std::string little_endian{"\xaa\x05\x00\x00", 4};
    for (const std::string& marker : {std::string{password}, code, std::string{"patient"}, std::string{"Zebra Ward"},
                                      std::string{"1450"}, std::string{"1.45"}, little_endian})
        EXPECT_FALSE(holds(all, marker)) << marker;
}

// With the frames that this channel once had for questions in the clear, the screen's own, the guardian's, every frame
// that a gateway knows in either direction, and noise.
TEST(HostileGateway, AsksTheFirmwareForEverythingAndIsToldNothingWhileAPersonsCommandsAreObeyed) {
    RealPump pump{device_of_the_attacker()};
    std::string all, code;
    std::uint64_t asked = 0;
    std::string strange;
    json shown;
    const std::int64_t before = pump.motor_mu();
    pump.while_person([&] {
        Accomplice{pump}.tell("attack ask");
        code = pump.code_of("patient");
        EXPECT_EQ(pump.first_password("patient", password).state, CommandState::done);
        EXPECT_EQ(pump.log_in("patient", password).state, CommandState::done);
        EXPECT_EQ(pump.ask(Operation::bolus_within_limit, link::BolusWish{.amount = amount}).state, CommandState::done);
        EXPECT_EQ(pump.ask(Operation::bolus_within_limit, link::BolusYes{amount}).state, CommandState::done);
        pump.wait(120);
        const auto state = pump.state();
        EXPECT_EQ(state["device_name"], "Zebra Ward Pump") << state.dump();
        EXPECT_GT(state["glucose_mg_dl"], 0) << state.dump();
        // The pump's own screen is asked the same beside it, and answered in the clear: on its own channel.
        pump.between_seconds([&] {
            const auto bodies = ScreenClient{pump.sim()}.ask(hal::ScreenQuestion::state);
            EXPECT_TRUE(bodies) << bodies.error().what;
            if (bodies) shown = json::parse(bodies->at(0));
        });
        Accomplice accomplice{pump};
        strange = accomplice.tell("heard");
        asked = std::stoull("0" + accomplice.tell("attack listen"));
        all = accomplice.spoils();
    });
    EXPECT_GT(asked, 100U);
    EXPECT_EQ(strange, "0") << "the firmware said something that no gateway may hear";
    EXPECT_GE(pump.motor_mu() - before, amount.count);
    EXPECT_LE(pump.motor_mu() - before, amount.count + 2'000) << "basal doses beside it, and no bolus of the attacker";
    EXPECT_GT(all.size(), 10 * link::sealed_in_size);
    EXPECT_EQ(shown["device_name"], "Zebra Ward Pump") << "the markers are words that the pump does say";
    for (const std::string& marker :
         {std::string{password}, code, std::string{"patient"}, std::string{"Zebra Ward"}, std::string{"1450"},
          std::string{"1.45"}, std::string{"glucose_mg"}, std::string{"schema"}, std::string{"mode"},
          std::string{"insulin"}, std::string{"records"}, std::string{"rows"}, std::string{"busy"},
          std::string{"bolus_confirmed"}, "\"glucose_mg_dl\":" + shown["glucose_mg_dl"].dump()})
        EXPECT_FALSE(holds(all, marker)) << marker;
    const auto log = pump.log();
    EXPECT_NE(log.find("gateway_not_understood"), std::string::npos) << "and it stands on record";
}

struct Mode {
    const char* order;
    bool reaches;  ///< the pump may have believed the order
};
class TamperingGateway : public testing::TestWithParam<Mode> {};

TEST_P(TamperingGateway, TherapyIsWhatWasOrderedOrNothingAndThePersonIsToldTheTruth) {
    RealPump pump{device_of_the_attacker()};
    Heard heard;
    std::int64_t before = 0;
    std::uint64_t tampered = 0;
    pump.while_person([&] {
        // Somebody else's session, for what is sent elsewhere.
        const auto papers = link::read_papers(fs::path{pump.path()} / "host" / "clients");
        link::SystemChance chance;
        auto other = link::PumpClient::open(
            pump.port(), *papers, {.unix_s = std::time(nullptr), .now_s = [&] { return pump.now_s(); }}, chance);
        EXPECT_TRUE(other) << other.error().what;
        EXPECT_EQ(pump.first_password("patient", password).state, CommandState::done);
        EXPECT_EQ(pump.log_in("patient", password).state, CommandState::done);
        EXPECT_EQ(pump.ask(Operation::bolus_within_limit, link::BolusWish{.amount = amount}).state, CommandState::done);
        Accomplice{pump}.tell(std::string{"attack "} + GetParam().order);
        before = pump.motor_mu();
        // The pump's own screen says what waits for its button, so it is pressed even where its words do not arrive.
        std::thread hand{[&] {
            const auto at = pump.now_s() + 5;
            while (pump.now_s() < at) std::this_thread::sleep_for(std::chrono::milliseconds{5});
            pump.between_seconds([&] { pump.sim().hold_button(1); });
        }};
        heard = pump.ask(Operation::bolus_within_limit, link::BolusYes{amount});
        hand.join();
        const auto until = pump.now_s() + 120;  // what was held back arrives meanwhile
        while (pump.now_s() < until) {
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
            (void)pump.client().on_time();
        }
        tampered = std::stoull("0" + Accomplice{pump}.tell("attack listen"));
    });
    EXPECT_GT(tampered, 0U) << "the attack did happen";
    const auto moved = pump.motor_mu() - before;
    const bool nothing = moved <= 260;  // basal doses
    const bool as_ordered = moved >= amount.count && moved <= amount.count + 260;
    EXPECT_TRUE(nothing || as_ordered) << moved;
    EXPECT_TRUE(GetParam().reaches || nothing) << moved;
    switch (heard.state) {
        case CommandState::done:
            EXPECT_TRUE(as_ordered) << moved;
            break;
        case CommandState::not_done:
        case CommandState::refused:
            EXPECT_TRUE(nothing) << moved;
            break;
        case CommandState::unknown:
            EXPECT_NE(link::in_words(heard.state).english.find("may have done it"), std::string_view::npos);
            break;
        case CommandState::waiting:
            ADD_FAILURE() << "the person waits for ever";
    }
    const auto log = pump.log();
    const auto first = log.find("bolus_confirmed");
    EXPECT_EQ(first != std::string::npos, as_ordered);
    EXPECT_TRUE(first == std::string::npos || log.find("bolus_confirmed", first + 1) == std::string::npos) << "twice";
}

INSTANTIATE_TEST_SUITE_P(Modes, TamperingGateway,
                         testing::Values(Mode{"replay in", true}, Mode{"replay out", true}, Mode{"delete in", false},
                                         Mode{"delete out", true}, Mode{"delay in", false}, Mode{"delay out", true},
                                         Mode{"reorder in", false}, Mode{"reorder out", true}, Mode{"flip in", false},
                                         Mode{"flip out", true}, Mode{"redirect in", false},
                                         Mode{"redirect out", true}),
                         [](const auto& one) {
                             std::string name{one.param.order};
                             std::ranges::replace(name, ' ', '_');
                             return name;
                         });

}  // namespace
}  // namespace basalt::bench
