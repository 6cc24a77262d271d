#include "device/firmware/trust/class_key.h"

#include "device/common/codec.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <memory>
#include <string.h>  // explicit_bzero

namespace basalt::firmware {
namespace {
struct KdfFree {
    void operator()(EVP_KDF* kdf) const noexcept { EVP_KDF_free(kdf); }
    void operator()(EVP_KDF_CTX* context) const noexcept { EVP_KDF_CTX_free(context); }
};
}  // namespace

Result<Secret> class_key(const Secret& sealed_half, const Secret& nv_half, const Secret& share, tpm::KeyUse use) {
    const ByteView info = tpm::policy_ref(use);
    std::array<std::uint8_t, 3 * Secret::size> material;
    auto at = std::ranges::copy(sealed_half.view(), material.begin()).out;
    at = std::ranges::copy(nv_half.view(), at).out;
    std::ranges::copy(share.view(), at);

    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, material.data(), material.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, const_cast<std::uint8_t*>(info.data()), info.size()),
        OSSL_PARAM_construct_end(),
    };
    Secret key;
    const std::unique_ptr<EVP_KDF, KdfFree> kdf{EVP_KDF_fetch(nullptr, "HKDF", nullptr)};
    const std::unique_ptr<EVP_KDF_CTX, KdfFree> context{EVP_KDF_CTX_new(kdf.get())};
    const bool derived =
        context && EVP_KDF_derive(context.get(), key.bytes().data(), key.bytes().size(), parameters) == 1;
    explicit_bzero(material.data(), material.size());
    if (!derived)
        return fail(ErrorCode::missing, "A data key could not be derived: OpenSSL has no HKDF.",
                    "Install the release again.");
    return key;
}

}  // namespace basalt::firmware
