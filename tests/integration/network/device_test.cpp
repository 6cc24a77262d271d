// A real device with a network, real client processes' side of it on the loopback.
#include "device/factory/therapy.h"
#include "device/link/pump_client.h"
#include "device/link/tls_client.h"
#include "scenarios/bench/fresh_device.h"
#include "scenarios/bench/screen_client.h"
#include "tests/integration/network/parties.h"
#include "tests/integration/network/raw_client.h"

#include <gtest/gtest.h>

#include <ctime>
#include <map>
#include <set>

namespace basalt::bench {
namespace {

namespace fs = std::filesystem;
using link::TlsClient;
using test::client_of;
using test::text_of;
const fs::path dev_keys = fs::path{BASALT_SOURCE_DIR} / "dev-keys";

struct Nobody final : scenarios::Observer {
    void hear(const scenarios::Sample&) override {}
    void hear(const scenarios::Dose&) override {}
    void hear(const scenarios::ModeChange&) override {}
    void hear(const scenarios::Alarm&) override {}
    void hear(const scenarios::Event&) override {}
};

const FreshDevice& fresh(std::uint64_t seed) {
    static std::map<std::uint64_t, std::unique_ptr<FreshDevice>> made;
    auto& device = made[seed];
    if (device) return *device;
    const auto therapy = factory::flat_therapy("Basalt", {1'000});
    factory::DeviceOrder order;
    order.images = fs::path{BASALT_BINARY_DIR} / "images";
    order.dev_keys = dev_keys;
    order.seed = seed;
    order.configuration = therapy.configuration;
    order.profile = therapy.profile;
    auto provisioned = FreshDevice::provision(order);
    if (!provisioned) {
        ADD_FAILURE() << provisioned.error().what;
        std::exit(1);  // nothing of this program can run
    }
    device = std::move(*provisioned);
    return *device;
}

/// Switched on, and its gateway listens.
struct OnTheNetwork {
    explicit OnTheNetwork(std::uint64_t seed = 1, std::optional<std::uint16_t> at = 0) : device(*fresh(seed).copy()) {
        auto opened = device->live(nobody, LifeOptions{.first = {}, .seed = 1, .port = at});
        EXPECT_TRUE(opened) << opened.error().what;
        living = std::move(*opened);
        EXPECT_TRUE(living->simulation().power_on());
        EXPECT_TRUE(*ScreenClient{living->simulation()}.wait_until_reachable());
    }
    std::uint16_t port() const { return *living->port(); }
    fs::path clients() const { return device->path() / "host" / "clients"; }
    link::ClientPapers papers() const {
        auto read = link::read_papers(clients());
        EXPECT_TRUE(read) << read.error().what;
        return *read;
    }
    /// One second of the device's time.
    void second() {
        living->simulation().wake();
        ASSERT_TRUE(living->simulation().run_until(living->simulation().now() + 1));
    }
    /// Until the firmware has certified the gateway, and it accepts.
    Result<TlsClient> connect(const link::ClientPapers& with) {
        auto client = TlsClient::connect(port(), with, std::time(nullptr), 200);
        for (int i = 0; i < 100 && !client && client.error().code == ErrorCode::io; ++i) {
            second();
            client = TlsClient::connect(port(), with, std::time(nullptr), 200);
        }
        return client;
    }
    std::string log() {
        std::string all;
        const auto bodies = ScreenClient{living->simulation()}.ask(hal::ScreenQuestion::log, 1);
        EXPECT_TRUE(bodies) << bodies.error().what;
        if (bodies)
            for (const auto& body : *bodies) all += body;
        return all;
    }
    /// Lets the device live until its log says so; bounded.
    bool comes_to_log(const std::string& what) {
        for (int i = 0; i < 20; ++i) {
            if (log().find(what) != std::string::npos) return true;
            second();
        }
        return false;
    }

    Nobody nobody;
    std::unique_ptr<FreshDevice> device;
    std::unique_ptr<LivingDevice> living;
};

constexpr const char* hospital = "Basalt production clients, DEVELOPMENT ONLY";

TEST(NetworkOfADevice, TheEnrolledConsoleIsLetInAndItsFramesReachTheFirmware) {
    OnTheNetwork device;
    auto client = device.connect(device.papers());
    ASSERT_TRUE(client) << client.error().what;
    // A frame of a session: whatever the firmware makes of it, it is heard there.
    ASSERT_TRUE(client->send(link::LinkFrames::encode(link::Hello{.session = 7, .body = {}}).view()));
    auto answer = client->receive(0);
    for (int i = 0; i < 30 && answer && answer->empty(); ++i) {
        device.second();
        answer = client->receive(50);
    }
    EXPECT_TRUE(answer) << "the connection stands: " << answer.error().what;
    EXPECT_TRUE(device.comes_to_log("gateway_certified"));
    EXPECT_EQ(device.log().find("connection_refused"), std::string::npos);
}

TEST(NetworkOfADevice, AForeignCertificateNoneAnExpiredOneAndTls12AreRefusedToldAndOnRecord) {
    OnTheNetwork device;
    ASSERT_TRUE(device.connect(device.papers()));
    const auto gateway = device.living->simulation().device().process_of(Part::gateway);
    const std::int64_t now = std::time(nullptr), day = 86'400;
    const auto stranger = *factory::P256Key::generate();
    const auto keys = *factory::make_or_load(dev_keys, Variant::production);

    const auto foreign = client_of(stranger, hospital, now - day, now + day);
    const auto expired = client_of(keys.clients, hospital, now - 2 * day, now - day);
    const std::string good = text_of(device.clients() / "console.pem"), key = text_of(device.clients() / "console.key");
    struct Case {
        test::RawClient client;
        std::set<int> reasons;
        std::string id;
    };
    for (const auto& [client, reasons, id] :
         {Case{{foreign.certificate_pem, foreign.key_pem},
               {SSL_R_TLSV1_ALERT_UNKNOWN_CA, SSL_R_TLSV1_ALERT_DECRYPT_ERROR, SSL_R_SSLV3_ALERT_BAD_CERTIFICATE},
               "foreign_certificate"},
          Case{{}, {SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED}, "no_certificate"},
          Case{{expired.certificate_pem, expired.key_pem},
               {SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED},
               "expired_certificate"},
          Case{{good, key, TLS1_2_VERSION}, {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION}, "old_version"}}) {
        const int reason = client.reason(device.port());
        EXPECT_TRUE(reasons.contains(reason))
            << id << ": " << ERR_reason_error_string(ERR_PACK(ERR_LIB_SSL, 0, reason));
        EXPECT_TRUE(device.comes_to_log(id)) << device.log();
    }
    EXPECT_TRUE(device.connect(device.papers())) << "whoever belongs here is still let in";
    EXPECT_EQ(device.living->simulation().device().process_of(Part::gateway), gateway)
        << "it did all this within its sandbox, which ends whoever opens a file or connects";
}

TEST(NetworkOfADevice, AFloodOfConnectionsIsBoundedAndKeepsNobodyOut) {
    OnTheNetwork device;
    const auto inside = device.connect(device.papers());
    ASSERT_TRUE(inside);
    std::vector<hal::Descriptor> crowd;
    for (int i = 0; i < 60; ++i) crowd.push_back(test::connected_to(device.port()));
    EXPECT_TRUE(device.connect(device.papers()));
    std::size_t ended = 0;
    for (const auto& one : crowd) {
        char byte = 0;
        if (one && ::recv(one.get(), &byte, 1, MSG_DONTWAIT) == 0) ++ended;
    }
    EXPECT_GE(ended, crowd.size() - 8) << "no more than the gateway's places are held";
    EXPECT_TRUE(device.comes_to_log("crowded_out"));
}

TEST(NetworkOfADevice, AnotherPumpIsNotTakenForTheEnrolledOne) {
    OnTheNetwork device{1}, other{2};
    ASSERT_TRUE(other.connect(other.papers()));
    const auto wrong = other.connect(device.papers());
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, ErrorCode::refused);
    EXPECT_NE(wrong.error().what.find("not the pump"), std::string::npos) << wrong.error().what;
    EXPECT_TRUE(other.comes_to_log("peer_refused"));
}

TEST(NetworkOfADevice, AGatewayThatDiedIsBroughtBackWithItsListenerAndANewCertificate) {
    OnTheNetwork device;
    auto before = device.connect(device.papers());
    ASSERT_TRUE(before);
    ASSERT_TRUE(device.living->simulation().kill(Part::gateway));
    EXPECT_FALSE(before->receive(10'000)) << "the connection went with it";
    EXPECT_TRUE(device.connect(device.papers()));
}

TEST(NetworkOfADevice, APortInUseIsSaidBeforeAnythingRuns) {
    const auto taken = Listener::open(0);
    ASSERT_TRUE(taken);
    Nobody nobody;
    const auto device = *fresh(1).copy();
    const auto living = device->live(nobody, LifeOptions{.first = {}, .seed = 1, .port = taken->port()});
    ASSERT_FALSE(living);
    EXPECT_EQ(living.error().code, ErrorCode::refused);
}

TEST(NetworkOfADevice, WithoutAPortThereIsNoNetworkAndNoCertificateIsAskedFor) {
    OnTheNetwork device{1, std::nullopt};
    EXPECT_FALSE(device.living->port());
    for (int i = 0; i < 5; ++i) device.second();
    const std::string log = device.log();
    EXPECT_NE(log.find("records_opened"), std::string::npos) << log;
    EXPECT_EQ(log.find("gateway_certified"), std::string::npos);
}

}  // namespace
}  // namespace basalt::bench
