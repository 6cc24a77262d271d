#include "device/link/crypto.h"

#include "device/common/free_by.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>

namespace basalt::link {
namespace {

using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeBy<EVP_PKEY_CTX_free>>;
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeBy<EVP_CIPHER_CTX_free>>;

Key private_key(const Secret& own) noexcept {
    return Key{EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, own.view().data(), own.view().size())};
}

// Everything here is a frame at most: no length comes near int's end.
int length(ByteView bytes) noexcept { return static_cast<int>(bytes.size()); }

}  // namespace

std::optional<Share> share_of(const Secret& own) noexcept {
    const Key key = private_key(own);
    Share share{};
    std::size_t size = share.size();
    if (!key || EVP_PKEY_get_raw_public_key(key.get(), share.data(), &size) != 1 || size != share.size())
        return std::nullopt;
    return share;
}

std::optional<Secret> agree(const Secret& own, const Share& theirs) noexcept {
    const Key key = private_key(own);
    const Key peer{EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, theirs.data(), theirs.size())};
    const KeyContext context{key ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr};
    Secret shared;
    std::size_t size = Secret::size;
    // OpenSSL refuses the all-zero result that a share of small order would give.
    if (!peer || !context || EVP_PKEY_derive_init(context.get()) != 1 ||
        EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1 ||
        EVP_PKEY_derive(context.get(), shared.bytes().data(), &size) != 1 || size != Secret::size)
        return std::nullopt;
    return shared;
}

bool derive(const Secret& input, const Digest& salt, std::string_view label, std::span<std::uint8_t> out) noexcept {
    const KeyContext context{EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr)};
    std::size_t size = out.size();
    return context && EVP_PKEY_derive_init(context.get()) == 1 &&
           EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) == 1 &&
           EVP_PKEY_CTX_set1_hkdf_salt(context.get(), salt.data(), length(salt)) == 1 &&
           EVP_PKEY_CTX_set1_hkdf_key(context.get(), input.view().data(), length(input.view())) == 1 &&
           EVP_PKEY_CTX_add1_hkdf_info(context.get(), reinterpret_cast<const unsigned char*>(label.data()),
                                       static_cast<int>(label.size())) == 1 &&
           EVP_PKEY_derive(context.get(), out.data(), &size) == 1 && size == out.size();
}

std::optional<std::array<std::uint8_t, 16>> mac(const Secret& key, ByteView data) noexcept {
    Digest whole{};
    unsigned size = 0;
    if (HMAC(EVP_sha256(), key.view().data(), length(key.view()), data.data(), data.size(), whole.data(), &size) ==
            nullptr ||
        size != whole.size())
        return std::nullopt;
    std::array<std::uint8_t, 16> first{};
    std::copy_n(whole.begin(), first.size(), first.begin());
    return first;
}

bool seal(const Secret& key, const Nonce& nonce, ByteView header, ByteView plain,
          std::span<std::uint8_t> out) noexcept {
    const Cipher cipher{EVP_CIPHER_CTX_new()};
    int written = 0;
    return cipher && out.size() == plain.size() + tag_size &&
           EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.view().data(), nonce.data()) == 1 &&
           EVP_EncryptUpdate(cipher.get(), nullptr, &written, header.data(), length(header)) == 1 &&
           EVP_EncryptUpdate(cipher.get(), out.data(), &written, plain.data(), length(plain)) == 1 &&
           EVP_EncryptFinal_ex(cipher.get(), out.data() + written, &written) == 1 &&
           EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_size),
                               out.data() + plain.size()) == 1;
}

bool unseal(const Secret& key, const Nonce& nonce, ByteView header, ByteView sealed,
            std::span<std::uint8_t> plain) noexcept {
    const Cipher cipher{EVP_CIPHER_CTX_new()};
    int written = 0;
    std::array<std::uint8_t, tag_size> tag{};
    const bool sized = sealed.size() == plain.size() + tag_size;
    if (sized) std::ranges::copy(sealed.last(tag_size), tag.begin());
    const bool fits =
        cipher && sized &&
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.view().data(), nonce.data()) == 1 &&
        EVP_DecryptUpdate(cipher.get(), nullptr, &written, header.data(), length(header)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), plain.data(), &written, sealed.data(), length(plain)) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_size), tag.data()) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), plain.data() + written, &written) == 1;
    if (!fits) std::ranges::fill(plain, std::uint8_t{0});
    return fits;
}

bool SystemChance::fill(std::span<std::uint8_t> out) noexcept {
    return RAND_bytes(out.data(), static_cast<int>(out.size())) == 1;
}

}  // namespace basalt::link
