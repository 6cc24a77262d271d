#include "device/firmware/access/badge.h"

#include "device/common/free_by.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>
#include <vector>

namespace basalt::access {
namespace {

using VerifyContext = std::unique_ptr<EVP_PKEY_CTX, FreeBy<EVP_PKEY_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, FreeBy<ECDSA_SIG_free>>;

void put(std::vector<std::uint8_t>& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
void put(std::vector<std::uint8_t>& out, std::string_view text) {
    put(out, ByteView{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}
void put(std::vector<std::uint8_t>& out, std::uint64_t number) {
    for (int i = 0; i < 8; ++i) out.push_back(static_cast<std::uint8_t>(number >> (8 * i) & 0xff));
}

Key public_key(const PublicKey& point) {
    char group[] = SN_X9_62_prime256v1;
    std::array<std::uint8_t, sizeof(PublicKey)> bytes = point;  // OpenSSL takes what it reads as not constant
    const OSSL_PARAM parts[]{OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                             OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, bytes.data(), bytes.size()),
                             OSSL_PARAM_construct_end()};
    const VerifyContext context{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, const_cast<OSSL_PARAM*>(parts)) != 1)
        return nullptr;
    return Key{key};
}

/// r||s as the DER that OpenSSL reads.
std::vector<std::uint8_t> der(const Signature& signature) {
    const EcdsaSignature parts{ECDSA_SIG_new()};
    BIGNUM* r = BN_bin2bn(signature.data(), 32, nullptr);
    BIGNUM* s = BN_bin2bn(signature.data() + 32, 32, nullptr);
    if (!parts || r == nullptr || s == nullptr || ECDSA_SIG_set0(parts.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    std::vector<std::uint8_t> bytes(80);
    unsigned char* at = bytes.data();
    const int size = i2d_ECDSA_SIG(parts.get(), &at);
    bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return bytes;
}

}  // namespace

Digest command_digest(const Command& command) {
    std::vector<std::uint8_t> bytes;
    put(bytes, "basalt command 1\n");
    put(bytes, command.device);
    put(bytes, command.challenge);
    put(bytes, command.sequence);
    bytes.push_back(std::to_underlying(command.operation));
    put(bytes, std::uint64_t{command.body.size()});
    put(bytes, command.body);
    return sha256(bytes);
}

Digest approval_digest(const Digest& command, std::string_view approver) {
    std::vector<std::uint8_t> bytes;
    put(bytes, "basalt approval 1\n");
    put(bytes, command);
    put(bytes, approver);
    return sha256(bytes);
}

bool signed_by(const Badge& badge, const Digest& digest, const Signature& signature) {
    if (badge.revoked) return false;
    const Key key = public_key(badge.key);
    const auto bytes = der(signature);
    if (!key || bytes.empty()) return false;
    const VerifyContext context{EVP_PKEY_CTX_new(key.get(), nullptr)};
    return context && EVP_PKEY_verify_init(context.get()) == 1 &&
           EVP_PKEY_verify(context.get(), bytes.data(), bytes.size(), digest.data(), digest.size()) == 1;
}

}  // namespace basalt::access
