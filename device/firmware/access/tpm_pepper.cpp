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

}  // namespace basalt::access
