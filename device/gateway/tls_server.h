// device/gateway/tls_server.h: who this gateway is and whom it lets in: TLS 1.3 with certificates on both sides, and
// nothing else. No socket and no file: bytes come in.
#pragma once
#include "device/common/digest.h"
#include "device/common/result.h"

#include <memory>
#include <span>
#include <vector>

struct ssl_ctx_st;

namespace basalt::gateway {

/// One X.509 certificate, DER.
using Der = std::vector<std::uint8_t>;
/// Longer ones are not read.
inline constexpr std::size_t max_certificate_size = 4'096;

/// Whoever holds the device identity key: it stays in the TPM, out of the gateway's reach.
class Certifier {
  public:
    virtual ~Certifier() = default;
    /// A short-lived server certificate for `key`, this boot's P-256 key, and what leads from it to what clients trust:
    /// the gateway's own first.
    virtual Result<std::vector<Der>> certify(const PublicKey& key) = 0;

  protected:
    Certifier() = default;
    Certifier(const Certifier&) = default;
    Certifier& operator=(const Certifier&) = default;
};

/// The gateway's own key and certificate, and the authorities of its clients. One for all connections.
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

    /// After prepare(). `authorities`: who may sign clients' certificates; at least one.
    /// Errors: the certifier's own; unreadable: a certificate that is none, too long, or not for the key; check_failed:
    /// OpenSSL.
    static Result<TlsServer> make(Certifier& certifier, std::span<const Der> authorities);

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
