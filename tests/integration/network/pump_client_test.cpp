// The whole way of a person's command: client, TLS, the real gateway process, the session's device end; and what
// becomes of it when somebody on the way is an attacker or dies.
#include "device/link/pump_client.h"

#include "device/link/crypto.h"
#include "device/link/device_sessions.h"
#include "scenarios/bench/listener.h"
#include "tests/integration/network/parties.h"
#include "tests/integration/network/raw_client.h"
#include "tests/support/child.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>

namespace basalt::test {
namespace {

constexpr std::array<std::uint8_t, 16> pump{1, 2, 3, 4};

std::uint64_t seconds() {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch()).count());
}

class IdentitySigner final : public link::Signer {
  public:
    explicit IdentitySigner(const factory::P256Key& identity) : identity_(identity) {}
    const PublicKey& key() const noexcept override { return identity_.point(); }
    const Signature& certificate() const noexcept override { return none_; }
    std::optional<Signature> sign(const Digest& digest) noexcept override { return *identity_.sign(digest); }

  private:
    const factory::P256Key& identity_;
    Signature none_{};
};

link::Der issue(const factory::P256Key& by, const char* issuer, const char* subject, const PublicKey& key,
                link::CertificateUse use) {
    const link::Der name = link::name_of(issuer);
    const std::int64_t now = std::time(nullptr);
    const link::Der body = link::to_be_signed({.issuer = name,
                                               .subject = subject,
                                               .key = key,
                                               .use = use,
                                               .from_unix_s = now - 1'000,
                                               .until_unix_s = now + 1'000});
    return link::certificate(body, *by.sign(sha256(body)));
}

/// The firmware's end of a frame channel, in a thread of its own: certifies the gateway, and obeys what comes in
/// sessions.
class FirmwareStandIn {
  public:
    FirmwareStandIn(hal::Seqpacket frames, const factory::P256Key& identity, const factory::P256Key& hospital)
        : frames_(std::move(frames)), identity_(identity), hospital_(hospital), thread_([this] { live(); }) {}
    ~FirmwareStandIn() {
        stop = true;
        thread_.join();
    }
    std::atomic<bool> stop = false, mute = false;
    std::atomic<int> hellos = 0, obeyed = 0, certified = 0;

  private:
    void live() {
        std::array<std::uint8_t, max_frame_size> buffer;
        while (!stop) {
            if (hal::wait_readable(std::array{frames_.get()}, 50) == 0) continue;
            const auto received = frames_.receive(buffer);
            if (received.arrival == hal::Arrival::ended) return;
            const auto frame = link::LinkFrames::decode(ByteView{buffer}.first(received.size));
            if (frame) std::visit([this](const auto& what) { on(what); }, *frame);
        }
    }
    template <class Frame>
    void say(const Frame& frame) {
        frames_.send(link::LinkFrames::encode(frame).view());
    }
    void on(const link::Certify& certify) {
        link::Certified out;
        out.now_unix_s = std::time(nullptr);
        out.leaf.assign(issue(identity_, "pump", "pump, network part", certify.key, link::CertificateUse::server));
        out.identity.assign(issue(identity_, "pump", "pump", identity_.point(), link::CertificateUse::authority));
        out.client_authority.assign(
            issue(hospital_, "hospital", "hospital", hospital_.point(), link::CertificateUse::authority));
        ++certified;
        say(out);
    }
    void on(const link::Hello& hello) {
        ++hellos;
        if (const auto answer = sessions_.take(hello, now())) say(*answer);
    }
    void on(const link::SealedIn& sealed) {
        const auto taken = sessions_.take(sealed, now());
        if (taken.answer) say(*taken.answer);
        if (!taken.command || mute) return;
        ++obeyed;
        const std::string_view words = "0.5 U given";
        say(*sessions_.reply(*taken.command, link::Outcome::done,
                             {reinterpret_cast<const std::uint8_t*>(words.data()), words.size()}, true, now()));
    }
    template <class Other>
    void on(const Other&) {}
    Tick now() const { return {500 + seconds() - began_}; }

    hal::Seqpacket frames_;
    const factory::P256Key& identity_;
    const factory::P256Key& hospital_;
    std::uint64_t began_ = seconds();
    IdentitySigner signer_{identity_};
    link::SystemChance chance_;
    link::DeviceSessions sessions_{{.device = pump}, signer_, chance_};
    std::thread thread_;
};

struct PumpClientTest : testing::Test {
    PumpClientTest() {
        const auto console = client_of(hospital, "hospital", std::time(nullptr) - 100, std::time(nullptr) + 1'000);
        papers.certificate_pem = console.certificate_pem;
        papers.key_pem = console.key_pem;
        papers.device_pem =
            factory::to_pem(issue(identity, "pump", "pump", identity.point(), link::CertificateUse::authority));
        papers.identity = identity.point();
        papers.device = pump;
        papers.client = {9};
    }
    std::vector<hal::Descriptor> given() {
        std::vector<hal::Descriptor> out;
        out.push_back(std::move(frame.given));
        out.emplace_back(::dup(listener.get()));
        return out;
    }
    Result<link::PumpClient> connect() {
        return link::PumpClient::open(listener.port(), papers, {.unix_s = std::time(nullptr), .now_s = seconds},
                                      chance);
    }
    static ByteView bytes_of(std::string_view text) {
        return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
    }

    factory::P256Key identity = *factory::P256Key::generate(), hospital = *factory::P256Key::generate();
    bench::Listener listener = *bench::Listener::open(0);
    Channel frame = make_channel();
    Child gateway{GATEWAY_PROGRAM, {}, given()};
    FirmwareStandIn firmware{std::move(frame.mine), identity, hospital};
    link::ClientPapers papers;
    link::SystemChance chance;
};

TEST_F(PumpClientTest, ACommandGoesInThroughTheRealGatewayAndItsReplyComesBack) {
    auto client = connect();
    ASSERT_TRUE(client) << client.error().what;
    for (std::uint64_t i = 1; i <= 20; ++i) {
        const auto reply = client->command(bytes_of("bolus 0.5 U"));
        ASSERT_TRUE(reply) << reply.error().what;
        EXPECT_EQ(reply->state, link::CommandState::done);
        EXPECT_EQ(reply->bodies, std::vector<std::string>{"0.5 U given"});
    }
    EXPECT_EQ(firmware.obeyed, 20);
    EXPECT_TRUE(client->on_time());
    client->close();
}

TEST_F(PumpClientTest, TwoClientsHearEachTheirOwnAnswers) {
    auto one = connect(), other = connect();
    ASSERT_TRUE(one && other);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(one->command(bytes_of("a"))->state, link::CommandState::done);
        EXPECT_EQ(other->command(bytes_of("b"))->state, link::CommandState::done);
    }
    EXPECT_EQ(firmware.hellos, 2);
}

TEST_F(PumpClientTest, APumpWithAnotherIdentityKeyInTheSessionIsNotBelieved) {
    papers.identity = hospital.point();  // TLS is right, the session is somebody else's
    const auto client = connect();
    ASSERT_FALSE(client);
    EXPECT_EQ(client.error().code, ErrorCode::refused);
    EXPECT_FALSE(client.error().what.empty());
}

TEST_F(PumpClientTest, WhenTheGatewayDiesUnderACommandNobodySaysThatItWasDone) {
    auto client = connect();
    ASSERT_TRUE(client) << client.error().what;
    firmware.mute = true;
    std::thread killer{[this] {
        // Once the command is in: it is then on its way, or done, and nobody can know.
        while (firmware.hellos == 0) std::this_thread::yield();
        gateway.kill();
    }};
    const auto reply = client->command(bytes_of("bolus 1 U"));
    killer.join();
    if (reply) {
        EXPECT_NE(reply->state, link::CommandState::done);
        EXPECT_NE(reply->state, link::CommandState::waiting);
        EXPECT_FALSE(in_words(reply->state).english.empty());
    }
    const auto again = client->command(bytes_of("bolus 1 U"));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::refused);
}

TEST_F(PumpClientTest, ATooLongCommandIsRefusedBeforeItIsSent) {
    auto client = connect();
    ASSERT_TRUE(client) << client.error().what;
    const auto reply = client->command(std::vector<std::uint8_t>(link::max_command_size + 1));
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, ErrorCode::usage);
    EXPECT_EQ(client->command(bytes_of("shorter"))->state, link::CommandState::done);
}

TEST_F(PumpClientTest, FramesOfTheGatewaysOwnFromAClientAreDropped) {
    ASSERT_TRUE(connect());
    auto client = link::TlsClient::connect(listener.port(), papers, std::time(nullptr));
    ASSERT_TRUE(client) << client.error().what;
    const int certified = firmware.certified;
    ASSERT_TRUE(client->send(link::LinkFrames::encode(link::Certify{}).view()));
    ASSERT_TRUE(client->send(link::LinkFrames::encode(link::NetworkRefusal{0, 1'000}).view()));
    EXPECT_EQ(connect()->command(bytes_of("later"))->state, link::CommandState::done);
    EXPECT_EQ(firmware.certified, certified);
}

TEST(TlsClientAlone, APortWithoutAPumpAndAListenerThatNeverAnswersAreTold) {
    std::uint16_t free_port = 0;
    {
        free_port = bench::Listener::open(0)->port();
    }
    const auto hospital = *factory::P256Key::generate();
    const auto own = client_of(hospital, "hospital", 0, 2'000'000'000);
    const link::ClientPapers papers{own.certificate_pem, own.key_pem, own.certificate_pem, {}, {}, {}};
    const auto nobody = link::TlsClient::connect(free_port, papers, 0);
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().code, ErrorCode::missing);
    const auto silent = bench::Listener::open(0);
    const auto waits = link::TlsClient::connect(silent->port(), papers, 0, 50);
    ASSERT_FALSE(waits);
    EXPECT_EQ(waits.error().code, ErrorCode::io);
}

TEST(Papers, WhatIsMissingOrForeignIsNamed) {
    std::string folder = (std::filesystem::temp_directory_path() / "basalt-papers-XXXXXX").string();
    const std::filesystem::path place = ::mkdtemp(folder.data());
    const auto missing = link::read_papers(place);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::missing);
    EXPECT_NE(missing.error().what.find("ca.pem"), std::string::npos);

    const auto manufacturer = *factory::P256Key::generate(), other = *factory::P256Key::generate();
    constexpr const char* name = "pump 000102030405060708090a0b0c0d0e0f, DEVELOPMENT ONLY";
    const auto write = [&](const char* file, const std::string& text) { std::ofstream{place / file} << text; };
    const auto own = client_of(other, "hospital", 0, 2'000'000'000);
    write("ca.pem", factory::to_pem(issue(manufacturer, "m", "m", manufacturer.point(), link::CertificateUse::root)));
    write("device.pem",
          factory::to_pem(issue(manufacturer, "m", name, other.point(), link::CertificateUse::authority)));
    write("console.pem", own.certificate_pem);
    write("console.key", own.key_pem);
    const auto papers = link::read_papers(place);
    ASSERT_TRUE(papers) << papers.error().what;
    EXPECT_EQ(papers->device[15], 0x0f);
    EXPECT_EQ(papers->identity, other.point());

    write("device.pem", factory::to_pem(issue(other, "m", name, other.point(), link::CertificateUse::authority)));
    const auto foreign = link::read_papers(place);
    ASSERT_FALSE(foreign);
    EXPECT_EQ(foreign.error().code, ErrorCode::refused);
    write("device.pem", "garbage");
    EXPECT_EQ(link::read_papers(place).error().code, ErrorCode::unreadable);
    std::filesystem::remove_all(place);
}

}  // namespace
}  // namespace basalt::test
