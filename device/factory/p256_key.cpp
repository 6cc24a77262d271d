#include "device/factory/p256_key.h"

#include "device/common/free_by.h"

#include <fmt/core.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace basalt::factory {
namespace {

using Context = std::unique_ptr<EVP_PKEY_CTX, FreeBy<EVP_PKEY_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, FreeBy<ECDSA_SIG_free>>;
using Bio = std::unique_ptr<BIO, FreeBy<BIO_free_all>>;

std::unexpected<Error> openssl_failed(std::string what) {
    return fail(ErrorCode::check_failed, std::move(what), "Check that OpenSSL is installed whole, and try again.");
}

std::unexpected<Error> not_written(const std::filesystem::path& file) {
    return fail(ErrorCode::io,
                fmt::format("The key file {} cannot be written: {}.", file.string(), std::strerror(errno)),
                "Check that its directory exists, can be written and has room.");
}

}  // namespace

void P256Key::Free::operator()(evp_pkey_st* key) const noexcept { EVP_PKEY_free(key); }

Result<P256Key> P256Key::from(Handle key) {
    char group[32] = {};
    PublicKey point{};
    std::size_t size = 0;
    const bool p256 =
        EVP_PKEY_get_utf8_string_param(key.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, nullptr) == 1 &&
        std::string_view{group} == SN_X9_62_prime256v1 &&
        EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size) == 1 &&
        size == point.size();
    if (!p256)
        return fail(ErrorCode::unreadable, "The key is not of the curve P-256.",
                    "Use a P-256 key, or let new ones be made.");
    return P256Key{std::move(key), point};
}

Result<P256Key> P256Key::generate() {
    Handle key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", SN_X9_62_prime256v1)};
    if (!key) return openssl_failed("No key could be made.");
    return from(std::move(key));
}

Result<P256Key> P256Key::load(const std::filesystem::path& file) {
    const Bio bio{BIO_new_file(file.c_str(), "r")};
    if (!bio)
        return fail(ErrorCode::missing, fmt::format("The key file {} cannot be opened.", file.string()),
                    "Make the development keys first: basalt-factory keys DIR.");
    Handle key{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr)};
    if (!key)
        return fail(ErrorCode::unreadable, fmt::format("{} holds no private key.", file.string()),
                    "Delete the file, then make the development keys again: basalt-factory keys DIR.");
    return from(std::move(key));
}

Result<void> P256Key::save(const std::filesystem::path& file) const {
    const Bio bio{BIO_new(BIO_s_secmem())};
    char* text = nullptr;
    if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return openssl_failed("The key could not be written as PEM.");
    const auto size = static_cast<std::size_t>(BIO_get_mem_data(bio.get(), &text));

    // Written beside and linked into place: another build that makes keys at this moment sees a whole file or none, and
    // the first one wins.
    std::string beside = file.string() + ".XXXXXX";
    const int fd = ::mkstemp(beside.data());  // mode 0600
    if (fd < 0) return not_written(file);
    const bool written = ::write(fd, text, size) == static_cast<ssize_t>(size) && ::fsync(fd) == 0;
    const bool closed = ::close(fd) == 0;
    const bool linked = written && closed && (::link(beside.c_str(), file.c_str()) == 0 || errno == EEXIST);
    const int why = errno;
    ::unlink(beside.c_str());
    errno = why;
    if (!linked) return not_written(file);
    return {};
}

Result<Signature> P256Key::sign(const Digest& digest) const {
    const Context context{EVP_PKEY_CTX_new(key_.get(), nullptr)};
    std::array<unsigned char, 80> der;
    std::size_t size = der.size();
    if (!context || EVP_PKEY_sign_init(context.get()) != 1 ||
        EVP_PKEY_sign(context.get(), der.data(), &size, digest.data(), digest.size()) != 1)
        return openssl_failed("The signature could not be made.");
    const unsigned char* at = der.data();
    const EcdsaSignature parts{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size))};
    Signature signature;
    if (!parts || BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), signature.data(), 32) != 32 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), signature.data() + 32, 32) != 32)
        return openssl_failed("The signature could not be made.");
    return signature;
}

}  // namespace basalt::factory
