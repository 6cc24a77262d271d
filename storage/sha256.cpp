#include "storage/sha256.h"

#include <openssl/evp.h>

namespace basalt::storage {

void Sha256::Free::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    ok_ = context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1;
}

Sha256& Sha256::add(std::span<const std::uint8_t> bytes) {
    ok_ = ok_ && EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
    return *this;
}

Sha256& Sha256::add(std::string_view bytes) {
    ok_ = ok_ && EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
    return *this;
}

Result<Digest> Sha256::finish() {
    Digest digest{};
    unsigned size = 0;
    if (!ok_ || EVP_DigestFinal_ex(context_.get(), digest.data(), &size) != 1 || size != digest.size())
        return fail(ErrorCode::missing, "The cryptographic library could not compute a SHA-256.",
                    "Check that there is free memory and that OpenSSL is installed whole.");
    return digest;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * bytes.size());
    for (const std::uint8_t b : bytes) {
        out += digits[b >> 4];
        out += digits[b & 0xf];
    }
    return out;
}

std::optional<Digest> digest_from_hex(std::string_view hex) {
    Digest digest{};
    if (hex.size() != 2 * digest.size()) return std::nullopt;
    for (std::size_t i = 0; i < hex.size(); ++i) {
        const char c = hex[i];
        std::uint8_t value = 0;
        if (c >= '0' && c <= '9')
            value = static_cast<std::uint8_t>(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = static_cast<std::uint8_t>(c - 'a' + 10);
        else
            return std::nullopt;
        digest[i / 2] = static_cast<std::uint8_t>(digest[i / 2] << 4 | value);
    }
    return digest;
}

}  // namespace basalt::storage
