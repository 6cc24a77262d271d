// OpenSSL 3 has two ways to sign with a key that it does not hold: a provider, which is a library of its own, and this,
// which it calls deprecated and which Debian 12 and 13 both have.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "eol/core/device_key.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>

namespace basalt::eol {
namespace {

using Method = std::unique_ptr<EC_KEY_METHOD, FreeBy<EC_KEY_METHOD_free>>;
using EcKey = std::unique_ptr<EC_KEY, FreeBy<EC_KEY_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, FreeBy<ECDSA_SIG_free>>;

struct Distant {
    const DeviceSigner* signer;
    std::optional<Error>* error;
};

int slot() {
    static const int index = EC_KEY_get_ex_new_index(
        0, nullptr, nullptr, nullptr,
        [](void*, void* data, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<Distant*>(data); });
    return index;
}

ECDSA_SIG* sign_pair(const unsigned char* digest, int size, const BIGNUM*, const BIGNUM*, EC_KEY* key) noexcept {
    const auto* distant = static_cast<const Distant*>(EC_KEY_get_ex_data(key, slot()));
    storage::Digest asked{};
    if (distant == nullptr || size != static_cast<int>(asked.size())) return nullptr;
    std::copy_n(digest, asked.size(), asked.begin());
    const auto answer = distant->signer->sign(asked);
    if (!answer) {
        *distant->error = answer.error();
        return nullptr;
    }
    EcSignature pair{ECDSA_SIG_new()};
    BIGNUM* const r = BN_bin2bn(answer->data(), 32, nullptr);
    BIGNUM* const s = BN_bin2bn(answer->data() + 32, 32, nullptr);
    if (!pair || r == nullptr || s == nullptr || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return nullptr;
    }
    return pair.release();
}

int sign_der(int, const unsigned char* digest, int size, unsigned char* out, unsigned int* out_size, const BIGNUM* k,
             const BIGNUM* r, EC_KEY* key) noexcept {
    const EcSignature pair{sign_pair(digest, size, k, r, key)};
    if (!pair) return 0;
    const int length = i2d_ECDSA_SIG(pair.get(), &out);
    *out_size = static_cast<unsigned int>(std::max(length, 0));
    return length > 0 ? 1 : 0;
}

const EC_KEY_METHOD* method() {
    static const Method own = [] {
        Method made{EC_KEY_METHOD_new(EC_KEY_OpenSSL())};
        if (made) EC_KEY_METHOD_set_sign(made.get(), sign_der, nullptr, sign_pair);
        return made;
    }();
    return own.get();
}

}  // namespace

Key device_key(const x509_st& certificate, const DeviceSigner& signer, std::optional<Error>& error) {
    const EVP_PKEY* const known = X509_get0_pubkey(&certificate);
    const EC_KEY* const point = known != nullptr ? EVP_PKEY_get0_EC_KEY(known) : nullptr;
    EcKey key{point != nullptr ? EC_KEY_dup(point) : nullptr};
    Key wrapped{EVP_PKEY_new()};
    if (!key || !wrapped || method() == nullptr || slot() < 0 || EC_KEY_set_method(key.get(), method()) != 1) return {};
    auto distant = std::make_unique<Distant>(&signer, &error);
    if (EC_KEY_set_ex_data(key.get(), slot(), distant.get()) != 1) return {};
    static_cast<void>(distant.release());  // the key's now
    if (EVP_PKEY_assign_EC_KEY(wrapped.get(), key.get()) != 1) return {};
    static_cast<void>(key.release());
    return wrapped;
}

}  // namespace basalt::eol
