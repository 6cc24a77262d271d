// All layers at once, in one process: a client's session inside TLS, through the gateway's filter to the firmware's
// end.
#include "device/gateway/gateway.h"
#include "device/gateway/tls_connection.h"
#include "device/link/device_sessions.h"
#include "tests/support/child.h"
#include "tests/unit/gateway/test_pki.h"
#include "tests/unit/link/two_ends.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

namespace basalt::gateway::test {
namespace {

using Context = std::unique_ptr<SSL_CTX, FreeBy<SSL_CTX_free>>;
using Tls = std::unique_ptr<SSL, FreeBy<SSL_free>>;
using link::test::bytes_of;

/// What comes from one connection goes into the gateway under its number.
class FromConnection final : public hal::Port {
  public:
    FromConnection(Gateway& gateway, Connection number) : gateway_{gateway}, number_{number} {}
    bool send(ByteView frame) noexcept override {
        gateway_.on_network(number_, frame);
        return true;
    }

  private:
    Gateway& gateway_;
    Connection number_;
};

struct AllLayers : testing::Test, Network, hal::Port {
    bool send(Connection, ByteView frame) noexcept override { return connection.send(frame); }
    /// The firmware: what it hears it answers at once.
    bool send(ByteView frame) noexcept override {
        const auto decoded = link::LinkFrames::decode(frame);
        if (const auto* hello = std::get_if<link::Hello>(&*decoded)) {
            if (const auto answer = device.take(*hello, now)) answers.push_back(link::LinkFrames::encode(*answer));
        } else if (const auto* sealed = std::get_if<link::SealedIn>(&*decoded)) {
            const auto taken = device.take(*sealed, now);
            if (taken.answer) answers.push_back(link::LinkFrames::encode(*taken.answer));
            if (!taken.command) return true;
            obeyed.push_back(link::test::text_of(taken.command->command.body));
            answers.push_back(link::LinkFrames::encode(
                *device.reply(*taken.command, link::Outcome::done, bytes_of("2 U given"), true, now)));
        }
        return true;
    }

    Tick now{500};
    link::test::SeededChance chance{3};
    link::test::SoftwareSigner signer{link::test::the_pump};
    link::DeviceSessions device{{.device = link::test::the_pump}, signer, chance};
    std::vector<EncodedFrame> answers;
    std::vector<std::string> obeyed;

    Gateway gateway{*this, *this};
    FromConnection inside{gateway, 1};
    Authority hospital{"hospital"}, identity{"device identity"};
    DeviceCertifier certifier{identity};
    std::vector<Der> authorities{hospital.certificate()};
    bool prepared = TlsServer::prepare();
    TlsServer server = test::make_server(certifier, authorities).value();
    TlsConnection connection{server, inside, today, now};

    Context context{SSL_CTX_new(TLS_client_method())};
    Key key = new_key();
    Certificate certificate = hospital.issue(key.get(), {});
    Tls tls;
    link::StreamFrames stream;
    link::ClientEnd client{
        {.self = link::test::the_console, .device = link::test::the_pump, .identity = signer.identity()}};

    void SetUp() override {
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), identity.get());
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
        X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context.get()), today);
        SSL_CTX_use_certificate(context.get(), certificate.get());
        SSL_CTX_use_PrivateKey(context.get(), key.get());
        tls.reset(SSL_new(context.get()));
        SSL_set_bio(tls.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(tls.get());
        SSL_do_handshake(tls.get());
        exchange();
        SSL_do_handshake(tls.get());
        exchange();
        ASSERT_TRUE(connection.open());
    }
    void exchange() {
        std::vector<std::uint8_t> bytes(BIO_ctrl_pending(SSL_get_wbio(tls.get())));
        if (!bytes.empty()) BIO_read(SSL_get_wbio(tls.get()), bytes.data(), static_cast<int>(bytes.size()));
        connection.receive(bytes, now);
        for (const EncodedFrame& answer : std::exchange(answers, {})) gateway.on_firmware(answer.view());
        const ByteView out = connection.outgoing();
        BIO_write(SSL_get_rbio(tls.get()), out.data(), static_cast<int>(out.size()));
        connection.sent(out.size(), now);
    }
    template <class F>
    void say(const F& frame) {
        const auto bytes = link::LinkFrames::encode(frame);
        const auto length = link::length_of(bytes.view());
        SSL_write(tls.get(), length.data(), static_cast<int>(length.size()));
        SSL_write(tls.get(), bytes.data.data(), static_cast<int>(bytes.size));
        exchange();
    }
    template <class F>
    F hear() {
        std::array<std::uint8_t, 4'096> bytes;
        while (true) {
            const int count = SSL_read(tls.get(), bytes.data(), static_cast<int>(bytes.size()));
            if (count <= 0) break;
            ByteView rest = ByteView{bytes}.first(static_cast<std::size_t>(count));
            if (const auto frame = stream.take(rest)) {
                const auto decoded = link::LinkFrames::decode(*frame);
                EXPECT_TRUE(rest.empty() && decoded && std::holds_alternative<F>(*decoded));
                return std::get<F>(*decoded);
            }
        }
        ADD_FAILURE() << "nothing came back";
        return {};
    }
};

TEST_F(AllLayers, ACommandGoesInThroughAllOfThemAndItsAnswerComesBack) {
    say(*client.hello(chance, now.seconds));
    ASSERT_EQ(client.on_answer(hear<link::Answer>(), now.seconds), std::nullopt);
    for (int i = 0; i < 20; ++i) {
        const auto sent = client.command(bytes_of("bolus 2 U"), now.seconds);
        say(sent->frame);
        const auto heard = client.take(hear<link::SealedOut>(), now.seconds);
        ASSERT_TRUE(heard.reply);
        EXPECT_EQ(link::test::text_of(heard.reply->body), "2 U given");
        EXPECT_EQ(client.state(sent->sequence), link::CommandState::done);
    }
    EXPECT_EQ(obeyed.size(), 20U);
    say(*client.close(now.seconds));
    client.take(hear<link::SealedOut>(), now.seconds);
    EXPECT_EQ(client.over(), link::Ending::closed);
}

// A process that breaks a rule of the gateway's sandbox is killed by SIGSYS.
TEST(GatewayTlsInItsSandbox, AHandshakeNeedsNoFileAndNoSystemCallThatTheGatewayLacks) {
    basalt::test::Child probe{TLS_PROBE, {}, {}};
    EXPECT_EQ(probe.end(), 0);
}

}  // namespace
}  // namespace basalt::gateway::test
