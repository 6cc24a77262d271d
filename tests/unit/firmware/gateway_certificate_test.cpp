#include "device/firmware/gateway_certificate.h"

#include "device/common/free_by.h"
#include "device/factory/certificates.h"
#include "tests/support/fake_chip.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace basalt::firmware {
namespace {

struct Heard final : hal::Port {
    bool send(ByteView frame) noexcept override {
        if (const auto decoded = link::LinkFrames::decode(frame)) {
            if (const auto* certified = std::get_if<link::Certified>(&*decoded)) all.push_back(*certified);
        }
        return true;
    }
    std::vector<link::Certified> all;
};

using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;
Certificate read(ByteView der) {
    const unsigned char* at = der.data();
    return Certificate{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
}

constexpr std::int64_t today = 1'800'000'000;
constexpr std::uint64_t begin = 100'000;

struct GatewayCertificateTest : testing::Test {
    static link::Der identity_of(const PublicKey& key) {
        const auto manufacturer = *factory::P256Key::generate();
        const link::Der issuer = link::name_of("manufacturer");
        const link::Der body = link::to_be_signed({.issuer = issuer,
                                                   .subject = "pump 0102, DEVELOPMENT ONLY",
                                                   .key = key,
                                                   .use = link::CertificateUse::authority,
                                                   .from_unix_s = 0,
                                                   .until_unix_s = 2'500'000'000});
        return link::certificate(body, *manufacturer.sign(sha256(body)));
    }
    GatewayCertificateTest() { made.emplace(chip, papers(), authority); }
    NetworkPapers papers() {
        return {identity_of(*chip.identity()), [] { return today; }};
    }
    void SetUp() override {
        auto opened =
            Journal::open(test::keys_for(std::array<std::uint8_t, 32>{}), {.directory = scratch.path()}, Tick{begin});
        ASSERT_TRUE(opened) << opened.error().what;
        journal.emplace(std::move(*opened));
    }
    const link::Certified& ask(std::uint64_t at, bool on_record = true) {
        made->take(link::Certify{gateway_key.point()});
        made->serve(at, &*journal);
        EXPECT_TRUE(journal->commit());
        made->send_answer(gateway, on_record);
        static const link::Certified none{};
        return gateway.all.empty() ? none : gateway.all.back();
    }
    std::size_t rows(std::string_view kind) {
        std::size_t count = 0;
        const auto events = journal->events(1, 10'000);
        for (const auto& logged : *events)
            if (logged.event.what == kind) ++count;
        return count;
    }
    static std::string words(const link::Certified& certified) {
        return {certified.refusal.view().begin(), certified.refusal.view().end()};
    }

    test::Scratch scratch;
    test::FakeChip chip{"device"};
    factory::P256Key gateway_key = *factory::P256Key::generate();
    link::Der authority{0x30, 0x00};
    std::optional<GatewayCertificate> made;
    std::optional<Journal> journal;
    Heard gateway;
};

TEST_F(GatewayCertificateTest, ItIsAServersForThatKeySignedByTheDeviceForADayAroundItsDate) {
    const auto& certified = ask(begin);
    ASSERT_EQ(words(certified), "");
    EXPECT_EQ(certified.now_unix_s, today);
    const Certificate leaf = read(certified.leaf.view()), identity = read(certified.identity.view());
    ASSERT_TRUE(leaf && identity);
    EXPECT_EQ(X509_verify(leaf.get(), X509_get0_pubkey(identity.get())), 1);
    EXPECT_EQ(X509_NAME_cmp(X509_get_issuer_name(leaf.get()), X509_get_subject_name(identity.get())), 0);
    EXPECT_EQ(X509_check_ca(leaf.get()), 0) << "it signs no other";
    EXPECT_EQ(X509_get_extended_key_usage(leaf.get()), std::uint32_t{XKU_SSL_SERVER});
    int days = 0, seconds = 0;
    ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(leaf.get()), X509_get0_notAfter(leaf.get()));
    EXPECT_EQ(days * 86'400 + seconds, 48 * 3'600);
    char subject[128];
    X509_NAME_get_text_by_NID(X509_get_subject_name(leaf.get()), NID_commonName, subject, sizeof subject);
    EXPECT_STREQ(subject, "pump 0102, network part");
    PublicKey key{};
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(X509_get0_pubkey(leaf.get()), "pub", key.data(), key.size(), &size);
    EXPECT_EQ(key, gateway_key.point());
    EXPECT_TRUE(std::ranges::equal(certified.client_authority.view(), authority));
    EXPECT_EQ(rows("gateway_certified"), 1U);
}

TEST_F(GatewayCertificateTest, AFewABootAndThenOneAnHourHoweverOftenItIsAsked) {
    int given = 0;
    for (std::uint64_t t = 0; t < 4 * 3'600; t += 10) given += ask(begin + t).refusal.size == 0 ? 1 : 0;
    EXPECT_EQ(given, 4 + 3);
    EXPECT_EQ(rows("gateway_certified"), 7U);
    EXPECT_NE(words(ask(begin + 4 * 3'600 - 1)).find("too many certificates"), std::string::npos);
}

TEST_F(GatewayCertificateTest, OfManyAsksInATickTheLastIsAnswered) {
    for (int i = 0; i < 30; ++i) made->take(link::Certify{(*factory::P256Key::generate()).point()});
    ask(begin);
    EXPECT_EQ(gateway.all.size(), 1U);
    EXPECT_EQ(rows("gateway_certified"), 1U);
}

TEST_F(GatewayCertificateTest, WhatIsNotOnRecordDoesNotLeave) {
    ask(begin, false);
    EXPECT_TRUE(gateway.all.empty());
    made->take(link::Certify{gateway_key.point()});
    made->serve(begin + 1, nullptr);
    made->send_answer(gateway, true);
    EXPECT_NE(words(gateway.all.back()).find("on record"), std::string::npos);
}

TEST_F(GatewayCertificateTest, WithoutPapersWithoutAnAuthorityOrWithAnothersPapersNobodyIsCertified) {
    made.emplace(chip, std::nullopt, authority);
    EXPECT_NE(words(ask(begin)).find("no network"), std::string::npos);
    made.emplace(chip, papers(), link::Der{});
    EXPECT_NE(words(ask(begin)).find("no network"), std::string::npos);
    NetworkPapers others{identity_of(gateway_key.point()), [] { return today; }};
    made.emplace(chip, others, authority);
    EXPECT_NE(words(ask(begin)).find("not for the key"), std::string::npos);
    others.identity = {0x30, 0x03, 1, 2, 3};
    made.emplace(chip, others, authority);
    EXPECT_NE(words(ask(begin)).find("not for the key"), std::string::npos);
    made.emplace(chip, papers(), authority);
    chip.gone = true;
    EXPECT_NE(words(ask(begin)).find("does not answer"), std::string::npos);
    EXPECT_EQ(rows("gateway_certified"), 0U);
}

TEST_F(GatewayCertificateTest, WhatAGatewayThatIsReplacedAskedForIsForgotten) {
    made->take(link::Certify{gateway_key.point()});
    made->gateway_gone();
    made->serve(begin, &*journal);
    made->send_answer(gateway, true);
    EXPECT_TRUE(gateway.all.empty());
}

TEST_F(GatewayCertificateTest, RefusalsStandOnRecordByReasonOnceAnHourWithTheirNumber) {
    const auto tell = [&](std::uint64_t at, link::TlsRefusal reason, std::uint32_t count) {
        EXPECT_TRUE(made->take(link::NetworkRefusal{static_cast<std::uint8_t>(reason), count}));
        made->serve(at, &*journal);
        EXPECT_TRUE(journal->commit());
    };
    for (std::uint64_t t = 0; t < 7'200; t += 10) tell(begin + t, link::TlsRefusal::no_certificate, 3);
    for (int reason = 0; reason < 256; ++reason) tell(begin + 7'200, static_cast<link::TlsRefusal>(reason), UINT32_MAX);
    EXPECT_LE(rows("connection_refused"), 2 + link::tls_refusal_count);
    std::int64_t told = 0;
    const auto events = journal->events(1, 10'000);
    for (const auto& logged : *events)
        if (logged.event.what == "connection_refused" && *logged.event.text("reason") == "no_certificate")
            told += *logged.event.number("connections");
    EXPECT_EQ(told, 3 * 720 + std::int64_t{UINT32_MAX});
    EXPECT_FALSE(made->take(link::Hello{}));
}

}  // namespace
}  // namespace basalt::firmware
