#include "device/firmware/access/tpm_pepper.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <string_view>

namespace basalt::access {

Secret pepper_password(std::span<const std::uint8_t, Secret::size> configuration_key) {
    constexpr std::string_view use = "basalt pepper 1";
    Secret password;
    unsigned size = 0;
    HMAC(EVP_sha256(), configuration_key.data(), static_cast<int>(Secret::size),
         reinterpret_cast<const unsigned char*>(use.data()), use.size(), password.bytes().data(), &size);
    return password;
}

Result<Digest> TpmPepper::hmac(ByteView data) {
    if (!loaded_) {
        auto loaded = tpm::HmacKey::load(channel_, key_, password_);
        if (!loaded) return std::unexpected{loaded.error()};
        loaded_.emplace(std::move(*loaded));
    }
    auto tag = loaded_->hmac(data);
    if (!tag) loaded_.reset();
    return tag;
}

}  // namespace basalt::access
