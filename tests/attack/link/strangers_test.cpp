// Who has no place at the pump's port: refused, told in words, and on record once each.
#include "device/factory/dev_keys.h"
#include "tests/integration/network/parties.h"
#include "tests/integration/network/raw_client.h"
#include "tests/integration/people/real_pump.h"

namespace basalt::bench {
namespace {

constexpr const char* hospital = "Basalt production clients, DEVELOPMENT ONLY";

std::size_t count_of(const std::string& word, const std::string& text) {
    std::size_t count = 0;
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++count;
    return count;
}

/// What our own client says to a person who holds these.
std::string told(std::uint16_t port, link::ClientPapers papers, const test::Signed& held) {
    papers.certificate_pem = held.certificate_pem;
    papers.key_pem = held.key_pem;
    auto client = link::TlsClient::connect(port, papers, std::time(nullptr));
    if (!client) return client.error().what;
    const auto heard = client->receive(10'000);  // TLS 1.3: the refusal comes after the handshake
    return heard ? "" : heard.error().what;
}

TEST(Strangers, AForeignCertificateNoneAnExpiredOneAndTls12AreToldWhyAndAreOneRecordEach) {
    RealPump pump;
    const auto papers = *link::read_papers(fs::path{pump.path()} / "host" / "clients");
    const auto keys = *factory::make_or_load(fs::path{BASALT_SOURCE_DIR} / "dev-keys", Variant::production);
    const auto stranger = *factory::P256Key::generate();
    const std::int64_t now = std::time(nullptr), day = 86'400;
    std::int64_t before = 0, after = 0;
    pump.while_person([&] {
        before = pump.motor_mu();
        const auto port = pump.port();
        EXPECT_NE(
            told(port, papers, test::client_of(stranger, "Somebody else", now - day, now + day)).find("not trust"),
            std::string::npos);
        EXPECT_NE(told(port, papers, test::client_of(keys.clients, hospital, now - 2 * day, now - day)).find("expired"),
                  std::string::npos);
        const int none = test::RawClient{}.reason(port);
        EXPECT_EQ(none, SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED);
        const int old = test::RawClient{papers.certificate_pem, papers.key_pem, TLS1_2_VERSION}.reason(port);
        EXPECT_EQ(old, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION);
        pump.wait(30);
        EXPECT_EQ(pump.first_password("patient", "a blue horse at noon").state, CommandState::done)
            << "whoever belongs here is served meanwhile";
        after = pump.motor_mu();
    });
    EXPECT_LE(after - before, 260) << "basal doses";
    const auto log = pump.log();
    for (const char* why : {"foreign_certificate", "expired_certificate", "no_certificate", "old_version"})
        EXPECT_EQ(count_of(why, log), 1U) << why << ": " << log;
    EXPECT_EQ(count_of("connection_refused", log), 4U);
}

TEST(Strangers, ACertificateUnderTheHospitalsNameByAnotherKeyIsToldThatItIsNotTrusted) {
    RealPump pump;
    const auto papers = *link::read_papers(fs::path{pump.path()} / "host" / "clients");
    const auto stranger = *factory::P256Key::generate();
    const std::int64_t now = std::time(nullptr), day = 86'400;
    pump.while_person([&] {
        const auto words = told(pump.port(), papers, test::client_of(stranger, hospital, now - day, now + day));
        EXPECT_NE(words.find("not trust"), std::string::npos) << words;
        pump.wait(30);
    });
    EXPECT_EQ(count_of("foreign_certificate", pump.log()), 1U);
}

}  // namespace
}  // namespace basalt::bench
