// device/gateway/tls_server.h: who this gateway is and whom it lets in: TLS 1.3 with certificates on both sides, and
// nothing else. No socket and no file: bytes come in.
#pragma once
#include "device/common/digest.h"
#include "device/common/result.h"

#include <memory>
#include <span>
#include <vector>

struct ssl_ctx_st;
struct evp_pkey_st;

namespace basalt::gateway {

/// One X.509 certificate, DER.
using Der = std::vector<std::uint8_t>;
/// Longer ones are not read.
inline constexpr std::size_t max_certificate_size = 4'096;

/// This boot's P-256 key, made here, in memory. Somebody else certifies it: the device identity key stays in the TPM,
/// out of the gateway's reach.
class TlsKey {
  public:
    /// After TlsServer::prepare(). Errors: check_failed: OpenSSL.
    static Result<TlsKey> make();
    const PublicKey& point() const noexcept { return point_; }
    evp_pkey_st* get() const noexcept { return key_.get(); }

  private:
    struct Free {
        void operator()(evp_pkey_st* key) const noexcept;
    };
    using Handle = std::unique_ptr<evp_pkey_st, Free>;
    TlsKey(Handle key, const PublicKey& point) noexcept : key_{std::move(key)}, point_{point} {}
    Handle key_;
    PublicKey point_;
};

/// The gateway's own key and certificate, and the authorities of its clients. One for all connections, which live on
/// without it.
///
/// Rely on:  the key was made here, in memory, for this boot; no file of this machine and no authority but those given
/// is
///           looked at. No tickets, no early data, no session is resumed: each connection
///           shows its certificate.
/// Source:   R19, R22, R26; RFC 8446.
class TlsServer {
  public:
    /// Once, before the program's sandbox closes: afterwards neither OpenSSL nor the C library opens a file for make()
    /// or a connection. No configuration file is read, whatever the environment names. False: OpenSSL does not start.
    static bool prepare() noexcept;

    /// After prepare(). `chain`: a short-lived server certificate for `key`, first, and what leads from it to what
    /// clients trust. `authorities`: who may sign clients' certificates; at least one. Errors: missing: no certificate;
    /// unreadable: a certificate that is none, too long, or not for the key; check_failed: OpenSSL.
    static Result<TlsServer> make(const TlsKey& key, std::span<const Der> chain, std::span<const Der> authorities);

    ssl_ctx_st* context() const noexcept { return context_.get(); }

  private:
    struct Free {
        void operator()(ssl_ctx_st* context) const noexcept;
    };
    using Context = std::unique_ptr<ssl_ctx_st, Free>;
    explicit TlsServer(Context context) noexcept : context_{std::move(context)} {}
    Context context_;
};

}  // namespace basalt::gateway
