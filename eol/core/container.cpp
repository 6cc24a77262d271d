#include "eol/core/container.h"

#include "eol/core/device_key.h"

#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace basalt::eol {
namespace {

using Cms = std::unique_ptr<CMS_ContentInfo, FreeBy<CMS_ContentInfo_free>>;
using Memory = std::unique_ptr<BIO, FreeBy<BIO_free_all>>;
using Time = std::unique_ptr<ASN1_TIME, FreeBy<ASN1_TIME_free>>;

/// A CMS's bytes: `content` is written through it.
std::optional<Bytes> finished(CMS_ContentInfo& cms, BytesView content) {
    const Memory in{BIO_new_mem_buf(content.data(), static_cast<int>(content.size()))};
    const Memory out{BIO_new(BIO_s_mem())};
    if (!in || !out || CMS_final(&cms, in.get(), nullptr, CMS_BINARY) != 1 || i2d_CMS_bio(out.get(), &cms) != 1)
        return std::nullopt;
    const char* bytes = nullptr;
    const long size = BIO_get_mem_data(out.get(), &bytes);
    return Bytes(bytes, bytes + size);
}

bool date(CMS_SignerInfo& signer, std::int64_t unix_s) {
    const Time at{ASN1_TIME_set(nullptr, static_cast<time_t>(unix_s))};
    return at && CMS_signed_add1_attr_by_NID(&signer, NID_pkcs9_signingTime, at->type, at.get(), -1) == 1;
}

std::optional<Bytes> sign(BytesView content, X509& certificate, EVP_PKEY& key, std::int64_t at_unix_s) {
    constexpr unsigned int flags = CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP;
    const Cms cms{CMS_sign(nullptr, nullptr, nullptr, nullptr, flags)};
    if (!cms) return std::nullopt;
    CMS_SignerInfo* const signer = CMS_add1_signer(cms.get(), &certificate, &key, EVP_sha256(), flags);
    // Before it signs: otherwise OpenSSL writes the computer's time.
    if (signer == nullptr || !date(*signer, at_unix_s)) return std::nullopt;
    return finished(*cms, content);
}

/// OpenSSL's own choices are a KDF of SHA-1 and PKCS #1 v1.5.
bool choose_transport(CMS_RecipientInfo& recipient, bool elliptic) {
    EVP_PKEY_CTX* const way = CMS_RecipientInfo_get0_pkey_ctx(&recipient);
    if (way == nullptr) return false;
    if (elliptic) return EVP_PKEY_CTX_set_ecdh_kdf_md(way, EVP_sha256()) == 1;
    return EVP_PKEY_CTX_set_rsa_padding(way, RSA_PKCS1_OAEP_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_oaep_md(way, EVP_sha256()) == 1;
}

std::optional<Bytes> encrypt(BytesView content, X509& recipient, bool elliptic) {
    constexpr unsigned int flags = CMS_BINARY | CMS_PARTIAL;
    const Cms cms{CMS_encrypt(nullptr, nullptr, EVP_aes_256_gcm(), flags)};
    if (!cms) return std::nullopt;
    CMS_RecipientInfo* const added = CMS_add1_recipient_cert(cms.get(), &recipient, flags | CMS_KEY_PARAM);
    if (added == nullptr || !choose_transport(*added, elliptic)) return std::nullopt;
    return finished(*cms, content);
}

}  // namespace

Result<Bytes> seal(BytesView content, std::int64_t signed_at_unix_s, const DeviceSigner& signer,
                   const Recipient& recipient) {
    if (content.size() > max_part_size)
        return fail(ErrorCode::usage, "A part of an export is at most 32 MiB.", "Cut it into more parts.");
    const unsigned char* at = signer.certificate.data();
    const Certificate own{d2i_X509(nullptr, &at, static_cast<long>(signer.certificate.size()))};
    std::optional<Error> signing;
    const Key key = own ? device_key(*own, signer, signing) : Key{};
    if (!key) return fail(ErrorCode::refused, "The pump's own certificate cannot be used.", "Enrol the pump again.");
    const auto inner = sign(content, *own, *key, signed_at_unix_s);
    if (signing) return std::unexpected{*signing};
    if (!inner) return fail(ErrorCode::refused, "The pump could not sign its export.", "Enrol the pump again.");
    auto* const to = const_cast<x509_st*>(&recipient.certificate());  // OpenSSL takes it so and counts a reference
    auto outer = encrypt(*inner, *to, recipient.elliptic());
    if (!outer)
        return fail(ErrorCode::refused, "The export could not be encrypted for this receiver.",
                    "Ask the receiver for another certificate.");
    return std::move(*outer);
}

}  // namespace basalt::eol
