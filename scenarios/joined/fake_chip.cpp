#include "scenarios/joined/fake_chip.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>

#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

namespace basalt::joined {
namespace {
template <auto Free>
struct Deleter {
    template <class T>
    void operator()(T* p) const noexcept {
        Free(p);
    }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Deleter<Free>>;

/// A test that cannot make its keys cannot run.
void must(bool ok) {
    if (!ok) std::abort();
}

ByteView bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }
}  // namespace

SigningKey::SigningKey(std::string_view seed) {
    const Owned<EC_GROUP, EC_GROUP_free> group{EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)};
    Digest scalar = sha256(bytes_of("basalt test key "), bytes_of(seed));
    scalar[0] = 0;  // below the order of the group, whatever the seed is
    const Owned<BIGNUM, BN_free> secret{BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), nullptr)};
    const Owned<EC_POINT, EC_POINT_free> point{EC_POINT_new(group.get())};
    must(EC_POINT_mul(group.get(), point.get(), secret.get(), nullptr, nullptr, nullptr) == 1);
    must(EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, public_.data(), public_.size(),
                            nullptr) == public_.size());
    const Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder{OSSL_PARAM_BLD_new()};
    must(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1);
    must(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret.get()) == 1);
    must(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, public_.data(), public_.size()) == 1);
    const Owned<OSSL_PARAM, OSSL_PARAM_free> params{OSSL_PARAM_BLD_to_param(builder.get())};
    const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
    key_ = nullptr;
    must(EVP_PKEY_fromdata_init(context.get()) == 1);
    must(EVP_PKEY_fromdata(context.get(), &key_, EVP_PKEY_KEYPAIR, params.get()) == 1);
}

SigningKey::SigningKey(SigningKey&& other) noexcept
    : key_(std::exchange(other.key_, nullptr)), public_(other.public_) {}
SigningKey::~SigningKey() { EVP_PKEY_free(key_); }

Signature SigningKey::sign(const Digest& digest) const {
    const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context{EVP_PKEY_CTX_new(key_, nullptr)};
    std::size_t size = 0;
    must(EVP_PKEY_sign_init(context.get()) == 1);
    must(EVP_PKEY_sign(context.get(), nullptr, &size, digest.data(), digest.size()) == 1);
    std::vector<std::uint8_t> der(size);
    must(EVP_PKEY_sign(context.get(), der.data(), &size, digest.data(), digest.size()) == 1);
    const std::uint8_t* at = der.data();
    const Owned<ECDSA_SIG, ECDSA_SIG_free> pair{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size))};
    must(pair != nullptr);
    Signature out{};
    must(BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out.data(), 32) == 32);
    must(BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out.data() + 32, 32) == 32);
    return out;
}

Result<Signature> FakeChip::sign_challenge(const std::array<std::uint8_t, 32>& nonce) {
    if (gone || capped_ || !approved_state)
        return fail(ErrorCode::refused, "The chip does not sign in this state.",
                    "Install the manufacturer's firmware.");
    ++signatures;
    return channel_key_.sign(sha256(bytes_of("basalt channel 1"), nonce));
}

Result<firmware::RecordKeys> FakeChip::open_keys(const std::optional<Secret>& share) {
    const bool open = !gone && !capped_ && approved_state && share;
    capped_ = true;
    if (!open) return fail(ErrorCode::refused, "The chip opens no keys in this state.", "Start the pump again.");
    pepper_ = sha256(bytes_of("pepper"), share->view());
    return keys_for(share->view());
}

Result<PublicKey> FakeChip::identity() {
    if (gone) return fail(ErrorCode::io, "The chip does not answer.", "Start the pump again.");
    return identity_.public_key();
}

Result<Signature> FakeChip::sign_as_device(const Digest& digest) {
    if (gone) return fail(ErrorCode::io, "The chip does not answer.", "Start the pump again.");
    return identity_.sign(digest);
}

Result<Digest> FakeChip::pepper(ByteView data) {
    if (gone || !pepper_)
        return fail(ErrorCode::refused, "The chip lends no pepper in this state.", "Start the pump again.");
    Digest out{};
    unsigned size = 0;
    must(HMAC(EVP_sha256(), pepper_->data(), static_cast<int>(pepper_->size()), data.data(), data.size(), out.data(),
              &size) != nullptr);
    return out;
}

firmware::RecordKeys keys_for(ByteView share) {
    const auto key = [share](std::string_view name) { return storage::Key{sha256(bytes_of(name), share)}; };
    return {.configuration = key("configuration"), .patient = key("patient"), .log = key("log")};
}

}  // namespace basalt::joined
