// tests/unit/eol/hospital.h: a hospital's authority and the certificates that it might issue, right and wrong.
#pragma once
#include "eol/core/recipient.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <string>

namespace basalt::eol::test {

using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;

/// The day on which everything here happens.
inline constexpr std::int64_t today = 1'800'000'000, day = 86'400;

inline Key elliptic_key(const char* curve = SN_X9_62_prime256v1) {
    return Key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve)};
}
inline Key rsa_key(std::size_t bits) { return Key{EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits)}; }

inline Bytes der_of(X509& certificate) {
    Bytes der(static_cast<std::size_t>(i2d_X509(&certificate, nullptr)));
    unsigned char* at = der.data();
    i2d_X509(&certificate, &at);
    return der;
}

struct Wanted {
    std::int64_t from = today - day, until = today + day;
    const char* constraints = "critical,CA:FALSE";
    const char* usage = "critical,keyAgreement";  ///< nullptr: none
    const char* extended = nullptr;
    const EVP_MD* digest = EVP_sha256();
    long serial = 7;
};

class Authority {
  public:
    explicit Authority(std::string name) : name_(std::move(name)), key_(elliptic_key()) {
        own_ = issue(*key_, {.from = today - 1'000 * day,
                             .until = today + 1'000 * day,
                             .constraints = "critical,CA:TRUE",
                             .usage = "critical,keyCertSign,cRLSign"});
    }
    Certificate issue(EVP_PKEY& key, const Wanted& wanted = {}) const {
        Certificate made{X509_new()};
        X509_set_version(made.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(made.get()), wanted.serial);
        ASN1_TIME_set(X509_getm_notBefore(made.get()), wanted.from);
        ASN1_TIME_set(X509_getm_notAfter(made.get()), wanted.until);
        const std::string name = own_ ? "receiver of " + name_ : name_;
        X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
        X509_set_issuer_name(made.get(), X509_get_subject_name(own_ ? own_.get() : made.get()));
        X509_set_pubkey(made.get(), &key);
        X509V3_CTX context{};
        X509V3_set_ctx(&context, own_ ? own_.get() : made.get(), made.get(), nullptr, nullptr, 0);
        add(*made, context, NID_basic_constraints, wanted.constraints);
        add(*made, context, NID_key_usage, wanted.usage);
        add(*made, context, NID_ext_key_usage, wanted.extended);
        add(*made, context, NID_subject_key_identifier, "hash");
        if (own_) add(*made, context, NID_authority_key_identifier, "keyid:always");
        X509_sign(made.get(), key_.get(), wanted.digest);
        return made;
    }
    /// The list of what was revoked, as of `from` and until `until`.
    Bytes revoked(std::initializer_list<long> serials, std::int64_t from, std::int64_t until) const {
        const std::unique_ptr<X509_CRL, FreeBy<X509_CRL_free>> list{X509_CRL_new()};
        X509_CRL_set_version(list.get(), 1);
        X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(own_.get()));
        const std::unique_ptr<ASN1_TIME, FreeBy<ASN1_TIME_free>> last{ASN1_TIME_set(nullptr, from)},
            next{ASN1_TIME_set(nullptr, until)};
        X509_CRL_set1_lastUpdate(list.get(), last.get());
        X509_CRL_set1_nextUpdate(list.get(), next.get());
        for (const long serial : serials) {
            X509_REVOKED* const one = X509_REVOKED_new();
            const std::unique_ptr<ASN1_INTEGER, FreeBy<ASN1_INTEGER_free>> number{ASN1_INTEGER_new()};
            ASN1_INTEGER_set(number.get(), serial);
            X509_REVOKED_set_serialNumber(one, number.get());
            X509_REVOKED_set_revocationDate(one, last.get());
            X509_CRL_add0_revoked(list.get(), one);
        }
        X509_CRL_sign(list.get(), key_.get(), EVP_sha256());
        Bytes der(static_cast<std::size_t>(i2d_X509_CRL(list.get(), nullptr)));
        unsigned char* at = der.data();
        i2d_X509_CRL(list.get(), &at);
        return der;
    }
    X509& certificate() const { return *own_; }

  private:
    static void add(X509& to, X509V3_CTX& context, int what, const char* value) {
        if (value == nullptr) return;
        X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, what, value);
        X509_add_ext(&to, extension, -1);
        X509_EXTENSION_free(extension);
    }
    std::string name_;
    Key key_;
    Certificate own_;
};

inline std::array<std::uint8_t, 65> point_of(EVP_PKEY& key) {
    std::array<std::uint8_t, 65> point{};
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(&key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size);
    return point;
}

}  // namespace basalt::eol::test
