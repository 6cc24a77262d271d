// tests/unit/gateway/test_pki.h: certificates of every kind, right and wrong, made in memory.
#pragma once
#include "device/common/free_by.h"
#include "device/gateway/tls_server.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string>

namespace basalt::gateway::test {

using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;

inline Key new_key() { return Key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", SN_X9_62_prime256v1)}; }
inline Key key_of(const PublicKey& point) {
    Key key{EVP_PKEY_new()};
    EC_KEY* ec = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
    const unsigned char* at = point.data();
    o2i_ECPublicKey(&ec, &at, static_cast<long>(point.size()));
    EVP_PKEY_assign_EC_KEY(key.get(), ec);
    return key;
}
inline Der der_of(const Certificate& certificate) {
    Der der(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)));
    unsigned char* at = der.data();
    i2d_X509(certificate.get(), &at);
    return der;
}

/// The day on which everything here happens, and what is before and after it.
inline constexpr std::int64_t today = 1'800'000'000, day = 86'400;

struct Wanted {
    std::string name = "console 1";
    std::int64_t from = today - day, until = today + day;
    const char* purpose = "clientAuth";  ///< nullptr: an authority
};

/// Signs for others, in memory.
class Authority {
  public:
    explicit Authority(const std::string& name) : key_{new_key()} {
        own_ = issue(key_.get(),
                     {.name = name, .from = today - 1'000 * day, .until = today + 1'000 * day, .purpose = nullptr});
    }
    Certificate issue(EVP_PKEY* key, const Wanted& wanted) const {
        Certificate made{X509_new()};
        X509_set_version(made.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 7);
        ASN1_TIME_set(X509_getm_notBefore(made.get()), wanted.from);
        ASN1_TIME_set(X509_getm_notAfter(made.get()), wanted.until);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(wanted.name.c_str()), -1, -1, 0);
        X509_set_issuer_name(made.get(), X509_get_subject_name(own_ ? own_.get() : made.get()));
        X509_set_pubkey(made.get(), key);
        add(made.get(), NID_basic_constraints, wanted.purpose == nullptr ? "critical,CA:TRUE" : "critical,CA:FALSE");
        if (wanted.purpose != nullptr) add(made.get(), NID_ext_key_usage, wanted.purpose);
        X509_sign(made.get(), key_.get(), EVP_sha256());
        return made;
    }
    Der certificate() const { return der_of(own_); }
    X509* get() const { return own_.get(); }

  private:
    static void add(X509* to, int what, const char* value) {
        X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
        X509_add_ext(to, extension, -1);
        X509_EXTENSION_free(extension);
    }
    Key key_;
    Certificate own_;
};

/// The firmware with the device identity key.
class DeviceCertifier {
  public:
    explicit DeviceCertifier(const Authority& device) : device_{device} {}
    Result<std::vector<Der>> certify(const PublicKey& key) {
        ++asked;
        if (broken) return fail(ErrorCode::io, "The TPM does not answer.", "Switch the pump off and on.");
        const Key for_whom = wrong_key ? new_key() : key_of(key);
        Der der = der_of(device_.issue(for_whom.get(), {.name = "pump 1", .purpose = "serverAuth"}));
        if (garbage) der.resize(der.size() - 1);
        return std::vector<Der>{std::move(der), device_.certificate()};
    }
    int asked = 0;
    bool broken = false, wrong_key = false, garbage = false;

  private:
    const Authority& device_;
};

/// A server whose key this device certifies.
inline Result<TlsServer> make_server(DeviceCertifier& certifier, std::span<const Der> authorities) {
    const auto key = TlsKey::make();
    if (!key) return std::unexpected{key.error()};
    const auto chain = certifier.certify(key->point());
    if (!chain) return std::unexpected{chain.error()};
    return TlsServer::make(*key, *chain, authorities);
}

}  // namespace basalt::gateway::test
