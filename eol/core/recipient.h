// eol/core/recipient.h: who an export may be encrypted to. OpenSSL encrypts to anything that holds a key: an expired
// certificate, one for web servers, a key of 1024 bits, the device itself. What is refused here leaves no byte (R61,
// R63).
#pragma once
#include "storage/event_kinds.h"
#include "tpm/free_by.h"
#include "tpm/result.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

struct x509_st;
extern "C" void X509_free(x509_st* certificate);

namespace basalt::eol {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;
using Certificate = std::unique_ptr<x509_st, FreeBy<X509_free>>;

enum class RecipientFault : std::uint8_t {
    unreadable,  ///< not one X.509 certificate in DER, or larger than max_certificate_size
    early,       ///< its time has not come
    expired,
    foreign,  ///< no chain of signatures to the hospital's authority
    revoked,
    stale_list,  ///< the list of revoked certificates is not of this time, not the authority's, or unreadable
    authority,   ///< an authority's certificate: it signs, nobody reads with it
    weak,        ///< a key or signature of less than 128 bits of strength, or a curve that few can read
    other_use,   ///< made for something else: its key usage or its extended key usage says so
    own_key,     ///< the key of this device: nobody but the device could read it
};
inline constexpr std::size_t recipient_fault_count = std::to_underlying(RecipientFault::own_key) + 1;

struct RecipientFaultRow {
    RecipientFault fault;
    std::string_view id;  ///< for the log and for programs
    std::string_view english, english_step, french, french_step;
    constexpr std::string_view words(storage::Language language) const noexcept {
        return language == storage::Language::french ? french : english;
    }
    constexpr std::string_view step(storage::Language language) const noexcept {
        return language == storage::Language::french ? french_step : english_step;
    }
};
/// Rely on: one row for each, in their order.
const RecipientFaultRow& row_of(RecipientFault fault) noexcept;

/// What a recipient is judged by. Views: they outlive the call alone.
struct RecipientRules {
    BytesView hospital_authority;      ///< DER: from the signed configuration
    std::span<const Bytes> between{};  ///< DER: authorities between the two, at most 3; not trusted by themselves
    BytesView revoked{};               ///< DER of a CRL of the recipient's issuer; empty: none was given
    std::int64_t now_unix_s = 0;       ///< the device's date
    std::span<const std::uint8_t, 65> device_key;  ///< the device identity key, an uncompressed P-256 point
};

/// A certificate that was judged and found good, at the date of the judgement.
class Recipient {
  public:
    static constexpr std::size_t max_certificate_size = 8'192;

    /// Sources: facts of openssl verify's purpose smimeencrypt, which takes RSA of 1024 bits and refuses EC
    /// certificates for key agreement alone, so the uses are read here; RFC 5280, 4.2.1.3 and 4.2.1.12.
    static std::expected<Recipient, RecipientFault> judge(BytesView certificate, const RecipientRules& rules);

    const x509_st& certificate() const noexcept { return *certificate_; }
    bool elliptic() const noexcept { return elliptic_; }  ///< ECDH; else RSA with OAEP
    const std::array<std::uint8_t, 32>& fingerprint() const noexcept { return fingerprint_; }  ///< SHA-256 of the DER

  private:
    Recipient(Certificate certificate, bool elliptic, const std::array<std::uint8_t, 32>& fingerprint) noexcept
        : certificate_(std::move(certificate)), elliptic_(elliptic), fingerprint_(fingerprint) {}
    Certificate certificate_;
    bool elliptic_ = false;
    std::array<std::uint8_t, 32> fingerprint_{};
};

}  // namespace basalt::eol
