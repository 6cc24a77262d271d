// The gateway's TLS against a real OpenSSL client in the same process: who is let in, who is not, and why in words.
#include "device/gateway/tls_connection.h"
#include "device/link/frame_channel.h"
#include "tests/unit/gateway/test_pki.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <malloc.h>

namespace basalt::gateway::test {
namespace {

using Context = std::unique_ptr<SSL_CTX, FreeBy<SSL_CTX_free>>;
using Tls = std::unique_ptr<SSL, FreeBy<SSL_free>>;

class Inside final : public hal::Port {
  public:
    bool send(ByteView frame) noexcept override {
        frames.emplace_back(frame.begin(), frame.end());
        return true;
    }
    std::vector<std::vector<std::uint8_t>> frames;
};

struct GatewayTls : testing::Test {
    Authority hospital{"hospital"}, device{"device identity"}, elsewhere{"elsewhere"};
    DeviceCertifier certifier{device};
    std::vector<Der> authorities{hospital.certificate()};
    bool prepared = TlsServer::prepare();
    TlsServer server = make_server(certifier, authorities).value();
    Inside inside;
    Tick now{1'000};
    TlsConnection connection{server, inside, today, now};

    Context context{SSL_CTX_new(TLS_client_method())};
    Tls client;
    Key client_key = new_key();

    void SetUp() override {
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), device.get());
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
        X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context.get()), today);
    }
    void with(const Certificate& certificate) {
        SSL_CTX_use_certificate(context.get(), certificate.get());
        SSL_CTX_use_PrivateKey(context.get(), client_key.get());
    }
    void enrolled() { with(hospital.issue(client_key.get(), {})); }

    void start() {
        client.reset(SSL_new(context.get()));
        SSL_set_bio(client.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(client.get());
    }
    /// Moves what waits on both sides, until nothing does.
    void exchange() {
        for (int round = 0; round < 50; ++round) {
            const bool moved_in = to_gateway(), moved_out = to_client();
            if (!moved_in && !moved_out) return;
            if (!SSL_is_init_finished(client.get())) SSL_do_handshake(client.get());
        }
    }
    bool to_gateway() {
        std::vector<std::uint8_t> bytes(BIO_ctrl_pending(SSL_get_wbio(client.get())));
        if (bytes.empty()) return false;
        BIO_read(SSL_get_wbio(client.get()), bytes.data(), static_cast<int>(bytes.size()));
        connection.receive(bytes, now);
        return true;
    }
    bool to_client() {
        const ByteView bytes = connection.outgoing();
        if (bytes.empty()) return false;
        BIO_write(SSL_get_rbio(client.get()), bytes.data(), static_cast<int>(bytes.size()));
        connection.sent(bytes.size(), now);
        return true;
    }
    void connect() {
        start();
        SSL_do_handshake(client.get());
        exchange();
    }
    void say(ByteView bytes) {
        ASSERT_EQ(SSL_write(client.get(), bytes.data(), static_cast<int>(bytes.size())), bytes.size());
    }
    void say_frame(ByteView frame) {
        const auto length = link::length_of(frame);
        say(length);
        say(frame);
    }
    std::vector<std::uint8_t> heard() {
        std::vector<std::uint8_t> all, some(5'000);
        for (int count = 0; (count = SSL_read(client.get(), some.data(), static_cast<int>(some.size()))) > 0;)
            all.insert(all.end(), some.begin(), some.begin() + count);
        return all;
    }
    /// Refused, for this reason, and not one byte of the client's came inside.
    void expect_refused(TlsRefusal why) {
        EXPECT_FALSE(connection.open());
        ASSERT_TRUE(connection.over());
        EXPECT_EQ(row_of(*connection.over()).id, row_of(why).id);
        EXPECT_TRUE(inside.frames.empty());
        EXPECT_FALSE(connection.send(std::array<std::uint8_t, 3>{1, 2, 3}));
    }
};

const std::array<std::uint8_t, 5> a_frame{'F', 1, 2, 3, 4};

TEST_F(GatewayTls, AnEnrolledClientSpeaksAndIsAnsweredByTlsOnePointThree) {
    enrolled();
    connect();
    ASSERT_TRUE(connection.open());
    EXPECT_EQ(SSL_version(client.get()), TLS1_3_VERSION);
    EXPECT_EQ(SSL_get_verify_result(client.get()), X509_V_OK) << "the client finds the device behind the gateway's key";
    say_frame(a_frame);
    say_frame(std::vector<std::uint8_t>(max_frame_size, 9));
    exchange();
    ASSERT_EQ(inside.frames.size(), 2U);
    EXPECT_TRUE(std::ranges::equal(inside.frames[0], a_frame));
    EXPECT_EQ(inside.frames[1].size(), max_frame_size);
    EXPECT_TRUE(connection.send(a_frame));
    exchange();
    EXPECT_EQ(heard(), (std::vector<std::uint8_t>{5, 0, 'F', 1, 2, 3, 4}));
    EXPECT_NE(connection.peer(), Digest{});
}

TEST_F(GatewayTls, FramesArriveWholeHoweverTheBytesAreCut) {
    enrolled();
    connect();
    for (int i = 0; i < 20; ++i) say_frame(a_frame);
    std::vector<std::uint8_t> bytes(BIO_ctrl_pending(SSL_get_wbio(client.get())));
    BIO_read(SSL_get_wbio(client.get()), bytes.data(), static_cast<int>(bytes.size()));
    for (const std::uint8_t byte : bytes) connection.receive(ByteView{&byte, 1}, now);
    ASSERT_EQ(inside.frames.size(), 20U);
    for (const auto& frame : inside.frames) EXPECT_TRUE(std::ranges::equal(frame, a_frame));
}

TEST_F(GatewayTls, EachBootHasItsOwnKey) {
    enrolled();
    connect();
    const Digest first = [&] {
        Digest digest{};
        X509_pubkey_digest(SSL_get0_peer_certificate(client.get()), EVP_sha256(), digest.data(), nullptr);
        return digest;
    }();
    const TlsServer next = make_server(certifier, authorities).value();
    Digest second{};
    X509_pubkey_digest(SSL_CTX_get0_certificate(next.context()), EVP_sha256(), second.data(), nullptr);
    EXPECT_NE(first, second);
    EXPECT_EQ(certifier.asked, 2);
}

// ---- who is not let in
// ----------------------------------------------------------------------------------------------------

TEST_F(GatewayTls, WhoShowsNoCertificateIsRefused) {
    connect();
    say_frame(a_frame);  // TLS 1.3: a client believes that it is in before it hears that it is not
    exchange();
    expect_refused(TlsRefusal::no_certificate);
    EXPECT_LE(SSL_read(client.get(), std::array<char, 1>{}.data(), 1), 0);
    EXPECT_EQ(ERR_GET_REASON(ERR_peek_error()), SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED) << "and it is told";
}

TEST_F(GatewayTls, AForeignCertificateIsRefused) {
    with(elsewhere.issue(client_key.get(), {}));
    connect();
    say_frame(a_frame);
    exchange();
    expect_refused(TlsRefusal::foreign_certificate);
}

TEST_F(GatewayTls, ACertificateThatOnlyBearsTheAuthoritysNameIsRefused) {
    const Authority pretender{"hospital"};
    with(pretender.issue(client_key.get(), {}));
    connect();
    expect_refused(TlsRefusal::foreign_certificate);
}

TEST_F(GatewayTls, ACertificateThatItSignedItselfIsRefused) {
    const Authority itself{"console 1"};
    with(itself.issue(client_key.get(), {}));
    connect();
    expect_refused(TlsRefusal::foreign_certificate);
}

TEST_F(GatewayTls, AnotherClientsCertificateCannotSignOne) {
    // A leaf of the hospital's in the place of an authority.
    Key leaf_key = new_key();
    const Certificate leaf = hospital.issue(leaf_key.get(), {});
    Certificate forged = hospital.issue(client_key.get(), {.name = "console 2"});
    X509_set_issuer_name(forged.get(), X509_get_subject_name(leaf.get()));
    X509_sign(forged.get(), leaf_key.get(), EVP_sha256());
    with(forged);
    SSL_CTX_add1_chain_cert(context.get(), leaf.get());
    connect();
    expect_refused(TlsRefusal::foreign_certificate);
}

TEST_F(GatewayTls, AnExpiredAndAnEarlyCertificateAreRefusedByTheTimeThatCameIn) {
    for (const auto& [from, until, why] :
         {std::tuple{today - 2 * day, today - 1, std::optional{TlsRefusal::expired_certificate}},
          {today + 1, today + day, std::optional{TlsRefusal::early_certificate}},
          {today - day, today + 1, std::optional<TlsRefusal>{}}}) {
        with(hospital.issue(client_key.get(), {.from = from, .until = until}));
        TlsConnection fresh{server, inside, today, now};
        start();
        SSL_do_handshake(client.get());
        for (int round = 0; round < 10; ++round) {
            std::vector<std::uint8_t> bytes(BIO_ctrl_pending(SSL_get_wbio(client.get())));
            if (!bytes.empty()) BIO_read(SSL_get_wbio(client.get()), bytes.data(), static_cast<int>(bytes.size()));
            fresh.receive(bytes, now);
            BIO_write(SSL_get_rbio(client.get()), fresh.outgoing().data(), static_cast<int>(fresh.outgoing().size()));
            fresh.sent(fresh.outgoing().size(), now);
            SSL_do_handshake(client.get());
        }
        EXPECT_EQ(fresh.over(), why);
        EXPECT_EQ(fresh.open(), !why);
    }
}

TEST_F(GatewayTls, ACertificateForServersIsRefused) {
    with(hospital.issue(client_key.get(), {.purpose = "serverAuth"}));
    connect();
    expect_refused(TlsRefusal::wrong_purpose);
}

TEST_F(GatewayTls, OlderTlsIsRefusedWhateverTheCertificate) {
    enrolled();
    SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
    connect();
    expect_refused(TlsRefusal::old_version);
}

TEST_F(GatewayTls, WhoDoesNotSpeakTlsIsRefused) {
    for (const std::string_view words :
         {"GET / HTTP/1.1\r\nHost: pump\r\n\r\n", "SSH-2.0-x\r\n1234567890", "\x02\x01\x01\x01\x01 nothing"}) {
        TlsConnection fresh{server, inside, today, now};
        fresh.receive({reinterpret_cast<const std::uint8_t*>(words.data()), words.size()}, now);
        ASSERT_TRUE(fresh.over()) << words;
        EXPECT_EQ(row_of(*fresh.over()).id, "not_tls") << words;
    }
}

TEST_F(GatewayTls, AClientThatDoesNotTrustThePumpIsNoticed) {
    enrolled();
    SSL_CTX_set_cert_store(context.get(), X509_STORE_new());
    connect();
    expect_refused(TlsRefusal::peer_refused);
}

TEST_F(GatewayTls, AnyFlippedByteOfTheHandshakeLetsNobodyIn) {
    enrolled();
    for (std::size_t at = 0; at < 40; ++at) {
        TlsConnection fresh{server, inside, today, now};
        start();
        SSL_do_handshake(client.get());
        bool flipped = false;
        for (int round = 0; round < 6; ++round) {
            std::vector<std::uint8_t> bytes(BIO_ctrl_pending(SSL_get_wbio(client.get())));
            if (!bytes.empty()) BIO_read(SSL_get_wbio(client.get()), bytes.data(), static_cast<int>(bytes.size()));
            if (round == 1 && !bytes.empty()) {
                // The certificate, its proof and the end of the handshake, encrypted.
                bytes[bytes.size() * at / 40] ^= 0x10;
                flipped = true;
            }
            fresh.receive(bytes, now);
            BIO_write(SSL_get_rbio(client.get()), fresh.outgoing().data(), static_cast<int>(fresh.outgoing().size()));
            fresh.sent(fresh.outgoing().size(), now);
            SSL_do_handshake(client.get());
        }
        EXPECT_TRUE(flipped);
        EXPECT_FALSE(fresh.open()) << at;
    }
}

// ---- what a peer costs
// -----------------------------------------------------------------------------------------------------

TEST_F(GatewayTls, WhoDoesNotFinishTheHandshakeIsDroppedByTicks) {
    start();
    SSL_do_handshake(client.get());
    to_gateway();
    now = now + TlsConnection::handshake_ticks;
    connection.on_tick(now);
    EXPECT_FALSE(connection.over());
    connection.on_tick(now + 1);
    expect_refused(TlsRefusal::handshake_slow);
}

TEST_F(GatewayTls, WhoSendsBytesButNoWholeFrameIsDroppedByTicks) {
    enrolled();
    connect();
    say(std::array<std::uint8_t, 2>{200, 0});
    exchange();
    std::uint64_t tick = 0;
    for (; tick <= TlsConnection::silent_ticks; ++tick) {
        ASSERT_FALSE(connection.over()) << tick;
        say(std::array<std::uint8_t, 1>{7});
        exchange();
        connection.on_tick(now + tick);
    }
    connection.on_tick(now + tick);
    expect_refused(TlsRefusal::silent);
}

TEST_F(GatewayTls, WhoSpeaksOftenEnoughIsKept) {
    enrolled();
    connect();
    for (int i = 0; i < 20; ++i) {
        now = now + TlsConnection::silent_ticks;
        connection.on_tick(now);
        say_frame(a_frame);
        exchange();
    }
    EXPECT_TRUE(connection.open());
}

TEST_F(GatewayTls, WhoTakesNothingIsDroppedByTicksAndHoldsABoundedHeap) {
    enrolled();
    connect();
    const std::vector<std::uint8_t> frame(max_frame_size, 1);
    int taken = 0;
    while (connection.send(frame) && taken < 10'000) ++taken;
    EXPECT_GT(taken, link::max_replies) << "the longest answer fits";
    EXPECT_LE(connection.outgoing().size(), TlsConnection::max_outgoing + 1'024);
    EXPECT_TRUE(connection.open()) << "what does not fit is dropped, the peer may still read";
    for (std::uint64_t tick = 0; tick <= TlsConnection::slow_ticks + 1; ++tick) {
        say_frame(a_frame);
        to_gateway();
        connection.sent(1, now + tick);  // one byte at a time is no reading
        connection.on_tick(now + tick);
    }
    EXPECT_EQ(connection.over(), TlsRefusal::slow_reader);
}

TEST_F(GatewayTls, WhoSendsTooMuchBeforeItIsLetInIsDropped) {
    // A client hello that never ends: handshake records of the longest kind.
    std::vector<std::uint8_t> record(5 + 16'384);
    record[0] = 22, record[1] = 3, record[2] = 1, record[3] = 0x40, record[4] = 0;
    record[5] = 1, record[6] = 1;  // client hello, 65 536 bytes and more
    connection.receive(record, now);
    std::fill(record.begin() + 5, record.end(), std::uint8_t{0});
    for (int i = 0; i < 20; ++i) connection.receive(record, now);
    EXPECT_EQ(connection.over(), TlsRefusal::too_much);
}

TEST_F(GatewayTls, WhatIsLongerThanAFrameEndsTheConnection) {
    enrolled();
    connect();
    say(std::array<std::uint8_t, 2>{1, 8});  // 2,049
    exchange();
    EXPECT_EQ(connection.over(), TlsRefusal::bad_frame);
    EXPECT_TRUE(inside.frames.empty());
}

TEST_F(GatewayTls, KeyUpdatesWithoutEndEndTheConnectionBeforeTheyFillTheHeap) {
    enrolled();
    connect();
    for (int i = 0; i < 20'000 && !connection.over(); ++i) {
        SSL_key_update(client.get(), SSL_KEY_UPDATE_REQUESTED);
        SSL_do_handshake(client.get());
        say_frame(a_frame);
        to_gateway();
        ASSERT_LE(connection.outgoing().size(), TlsConnection::max_outgoing + 1'024);
    }
    EXPECT_EQ(connection.over(), TlsRefusal::slow_reader);
}

TEST_F(GatewayTls, AConnectionCostsNoMoreHeapThanItSaysWhateverThePeerDoes) {
    enrolled();
    connect();  // whatever OpenSSL keeps for all connections is there now
    const std::size_t before = mallinfo2().uordblks;
    {
        TlsConnection fresh{server, inside, today, now};
        std::vector<std::uint8_t> record(5 + 16'384);
        record[0] = 22, record[1] = 3, record[2] = 1, record[3] = 0x40, record[5] = 1, record[7] = 0x7f;
        fresh.receive(record, now);
        EXPECT_LT(mallinfo2().uordblks - before, TlsConnection::max_memory);
    }
    const std::vector<std::uint8_t> frame(max_frame_size, 1);
    while (connection.send(frame)) {
    }
    EXPECT_LT(mallinfo2().uordblks - before, TlsConnection::max_memory);
}

TEST_F(GatewayTls, ACloseIsHeardOnBothSides) {
    enrolled();
    connect();
    SSL_shutdown(client.get());
    exchange();
    EXPECT_EQ(connection.over(), TlsRefusal::closed);
    TlsConnection other{server, inside, today, now};
    other.ended();
    EXPECT_EQ(other.over(), TlsRefusal::closed);
}

// ---- the server's own certificate
// ------------------------------------------------------------------------------------------

TEST_F(GatewayTls, WithoutAFittingCertificateThereIsNoServer) {
    certifier.broken = true;
    EXPECT_EQ(make_server(certifier, authorities).error().code, ErrorCode::io);
    certifier.broken = false;
    certifier.wrong_key = true;
    EXPECT_EQ(make_server(certifier, authorities).error().code, ErrorCode::unreadable);
    certifier.wrong_key = false;
    certifier.garbage = true;
    EXPECT_EQ(make_server(certifier, authorities).error().code, ErrorCode::unreadable);
    certifier.garbage = false;
    EXPECT_EQ(make_server(certifier, {}).error().code, ErrorCode::missing) << "who may come in must be said";
    const std::vector<Der> none{Der{1, 2, 3}};
    EXPECT_EQ(make_server(certifier, none).error().code, ErrorCode::unreadable);
}

TEST(GatewayTlsWords, EachRefusalHasItsOwnIdAndASentenceInBothLanguages) {
    for (std::size_t i = 0; i < link::tls_refusal_count; ++i) {
        const link::TlsRefusalRow& row = link::row_of(static_cast<TlsRefusal>(i));
        EXPECT_FALSE(row.id.empty());
        EXPECT_TRUE(row.english.ends_with('.') && row.french.ends_with('.')) << row.id;
        EXPECT_NE(row.english, row.french);
    }
}

}  // namespace
}  // namespace basalt::gateway::test
