// Certificates that are written here are what another implementation reads and believes.
#include "device/link/certificate.h"

#include "device/common/free_by.h"
#include "device/factory/p256_key.h"

#include <gtest/gtest.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace basalt::link {
namespace {

using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;
constexpr std::int64_t today = 1'800'000'000, day = 86'400;

struct Party {
    std::string name;
    factory::P256Key key = *factory::P256Key::generate();
};

Der issue(const Party& by, const Party& whom, CertificateUse use, std::int64_t from = today - day,
          std::int64_t until = today + day) {
    const Der issuer = name_of(by.name);
    const Der body = to_be_signed({.issuer = issuer,
                                   .subject = whom.name,
                                   .key = whom.key.point(),
                                   .use = use,
                                   .from_unix_s = from,
                                   .until_unix_s = until});
    return certificate(body, *by.key.sign(sha256(body)));
}

Certificate read(const Der& der) {
    const unsigned char* at = der.data();
    Certificate certificate{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
    EXPECT_TRUE(certificate && at == der.data() + der.size());
    return certificate;
}

/// What OpenSSL says of `leaf` under `anchor`, with `between` at hand.
int verdict(const Der& anchor, const Der& between, const Der& leaf, int purpose, std::int64_t at = today) {
    const std::unique_ptr<X509_STORE, FreeBy<X509_STORE_free>> store{X509_STORE_new()};
    const std::unique_ptr<X509_STORE_CTX, FreeBy<X509_STORE_CTX_free>> context{X509_STORE_CTX_new()};
    const Certificate trusted = read(anchor), other = read(between), checked = read(leaf);
    X509_STORE_add_cert(store.get(), trusted.get());
    STACK_OF(X509)* const others = sk_X509_new_null();
    sk_X509_push(others, other.get());
    X509_STORE_CTX_init(context.get(), store.get(), checked.get(), others);
    X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_PARTIAL_CHAIN);
    X509_STORE_CTX_set_time(context.get(), 0, at);
    X509_STORE_CTX_set_purpose(context.get(), purpose);
    X509_verify_cert(context.get());
    const int result = X509_STORE_CTX_get_error(context.get());
    sk_X509_free(others);
    return result;
}

struct Certificates : testing::Test {
    Party manufacturer{"manufacturer"}, device{"pump 1"}, gateway{"gateway of pump 1"};
    Der root = issue(manufacturer, manufacturer, CertificateUse::root);
    Der identity = issue(manufacturer, device, CertificateUse::authority);
    Der leaf = issue(device, gateway, CertificateUse::server);
};

TEST_F(Certificates, OpenSslReadsEachAndWritesTheSameBytes) {
    for (const Der& der : {root, identity, leaf, issue(device, gateway, CertificateUse::client)}) {
        const Certificate certificate = read(der);
        Der again(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)));
        unsigned char* at = again.data();
        i2d_X509(certificate.get(), &at);
        EXPECT_EQ(again, der);
        EXPECT_LE(der.size(), max_certificate_size);
        EXPECT_EQ(X509_get_version(certificate.get()), X509_VERSION_3);
    }
}

TEST_F(Certificates, TheGatewaysIsBelievedUnderTheManufacturerAndUnderTheDeviceAloneAsAServersOnly) {
    EXPECT_EQ(verdict(root, identity, leaf, X509_PURPOSE_SSL_SERVER), X509_V_OK);
    EXPECT_EQ(verdict(identity, root, leaf, X509_PURPOSE_SSL_SERVER), X509_V_OK);
    EXPECT_EQ(verdict(root, identity, leaf, X509_PURPOSE_SSL_CLIENT), X509_V_ERR_INVALID_PURPOSE);
    const Der client = issue(device, gateway, CertificateUse::client);
    EXPECT_EQ(verdict(root, identity, client, X509_PURPOSE_SSL_CLIENT), X509_V_OK);
    EXPECT_EQ(verdict(root, identity, client, X509_PURPOSE_SSL_SERVER), X509_V_ERR_INVALID_PURPOSE);
}

TEST_F(Certificates, WhatAGatewaysKeySignsIsNoCertificate) {
    const Party other{"pump 2"};
    const Der made_by_gateway = issue(gateway, other, CertificateUse::server);
    EXPECT_NE(verdict(identity, leaf, made_by_gateway, X509_PURPOSE_SSL_SERVER), X509_V_OK);
    const Der authority_by_device = issue(device, gateway, CertificateUse::authority);  // a device makes no authorities
    EXPECT_NE(verdict(root, authority_by_device, made_by_gateway, X509_PURPOSE_SSL_SERVER), X509_V_OK);
}

TEST_F(Certificates, DatesHoldToTheSecond) {
    for (const std::int64_t from : {std::int64_t{0}, today, std::int64_t{2'524'607'000}}) {
        const Der der = issue(device, gateway, CertificateUse::server, from, from + 59);
        const Der anchor = issue(manufacturer, device, CertificateUse::authority, 0, 2'524'607'999);
        EXPECT_EQ(verdict(anchor, anchor, der, X509_PURPOSE_SSL_SERVER, from), X509_V_OK) << from;
        EXPECT_EQ(verdict(anchor, anchor, der, X509_PURPOSE_SSL_SERVER, from + 60), X509_V_ERR_CERT_HAS_EXPIRED);
        if (from > 0) {
            EXPECT_EQ(verdict(anchor, anchor, der, X509_PURPOSE_SSL_SERVER, from - 1), X509_V_ERR_CERT_NOT_YET_VALID);
        }
    }
}

TEST_F(Certificates, SignaturesWhoseNumbersBeginWithZerosOrAHighBitAreWrittenAsNumbers) {
    const Der body = to_be_signed({.issuer = name_of("x"), .subject = "y", .key = device.key.point()});
    Signature signature{};
    signature[31] = 1;     // r = 1
    signature[32] = 0x80;  // s needs a zero in front
    const Certificate certificate = read(basalt::link::certificate(body, signature));
    const ASN1_BIT_STRING* bits = nullptr;
    X509_get0_signature(&bits, nullptr, certificate.get());
    EXPECT_EQ(ASN1_STRING_length(bits), 2 + 3 + 2 + 33);
}

}  // namespace
}  // namespace basalt::link
