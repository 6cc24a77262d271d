// The gateway is the attacker's: a real program in its place, measured, with this boot's certificate.
#include "device/factory/dev_keys.h"
#include "device/factory/image_builder.h"
#include "device/factory/sign.h"
#include "tests/integration/people/real_pump.h"

#include <openssl/evp.h>

#include <algorithm>

namespace basalt::bench {
namespace {

constexpr const char* password = "a blue horse at noon";
constexpr MilliUnits amount{1'450};

const FreshDevice& device_of_the_attacker() {
    static const auto made = [] {
        const auto own = RunDirectory::make(RunDirectory::Use::files);
        EXPECT_TRUE(own);
        const fs::path images{own->path()};
        for (const char* kind : {"guardian", "boot", "firmware"})
            fs::copy(fs::path{BASALT_BINARY_DIR} / "images" / (std::string{kind} + ".img"), images);
        const auto keys = factory::make_or_load(fs::path{BASALT_SOURCE_DIR} / "dev-keys", Variant::production);
        const auto parts = factory::parts_of({LISTENING_PROGRAM, {}});
        EXPECT_TRUE(keys && parts);
        const auto image =
            factory::make_signed_file({.kind = FileKind::gateway, .variant = Variant::production, .version = 1},
                                      *factory::pack(*parts), keys->image);
        std::ofstream out{images / "gateway.img", std::ios::binary};
        out.write(reinterpret_cast<const char*>(image->data()), static_cast<std::streamsize>(image->size()));
        out.close();
        return new_device(images, "Zebra Ward Pump");
    }();
    return *made;
}

/// Told over the radio; from the pump's own thread.
std::string tell(RealPump& pump, const std::string& order) {
    const auto bodies = RadioClient{pump.sim()}.ask(
        link::Operation::see_state, ByteView{reinterpret_cast<const std::uint8_t*>(order.data()), order.size()});
    EXPECT_TRUE(bodies) << bodies.error().what;
    std::string all;
    if (bodies)
        for (const auto& body : *bodies) all += body;
    return all;
}
std::string spoils(RealPump& pump) {
    std::string all;
    for (;;) {
        const auto more = tell(pump, "spoils " + std::to_string(all.size()));
        if (more.empty()) return all;
        all += more;
    }
}

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
        pump.between_seconds([&] { all = spoils(pump); });
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
        pump.between_seconds([&] { tell(pump, std::string{"attack "} + GetParam().order); });
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
        pump.between_seconds([&] { tampered = std::stoull("0" + tell(pump, "attack listen")); });
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
