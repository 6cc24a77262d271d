#include "device/gateway/tls_server.h"

#include "device/common/free_by.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>

namespace basalt::gateway {
namespace {

using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;

/// A client's whole chain is at most so long, in bytes.
constexpr long max_client_chain = 16 * 1024;
/// Authority, one below it, the client.
constexpr int max_depth = 2;

std::unexpected<Error> openssl_failed(std::string what) {
    ERR_clear_error();
    return fail(ErrorCode::check_failed, std::move(what),
                "Switch the pump off and on. If it stays, tell the manufacturer.");
}

Result<Certificate> read(const Der& der) {
    const unsigned char* at = der.data();
    Certificate certificate{der.empty() || der.size() > max_certificate_size
                                ? nullptr
                                : d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
    if (certificate && at == der.data() + der.size()) return certificate;
    ERR_clear_error();
    return fail(ErrorCode::unreadable, "A certificate for the network cannot be read.",
                "Enrol the pump's network connection again.");
}

Result<PublicKey> point_of(EVP_PKEY* key) {
    PublicKey point{};
    std::size_t size = 0;
    if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size) != 1 ||
        size != point.size())
        return openssl_failed("The network key could not be made.");
    return point;
}

bool only_tls_1_3(SSL_CTX* context) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_verify_depth(context, max_depth);
    SSL_CTX_set_max_cert_list(context, max_client_chain);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_security_level(context, 2);
    return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 && SSL_CTX_set_num_tickets(context, 0) == 1 &&
           SSL_CTX_set_max_early_data(context, 0) == 1 &&
           SSL_CTX_set_ciphersuites(context, "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256") == 1 &&
           SSL_CTX_set1_groups_list(context, "X25519:P-256") == 1;
}

}  // namespace

void TlsKey::Free::operator()(evp_pkey_st* key) const noexcept { EVP_PKEY_free(key); }

Result<TlsKey> TlsKey::make() {
    Handle key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", SN_X9_62_prime256v1)};
    if (!key) return openssl_failed("The network key could not be made.");
    const auto point = point_of(key.get());
    if (!point) return std::unexpected{point.error()};
    return TlsKey{std::move(key), *point};
}

void TlsServer::Free::operator()(ssl_ctx_st* context) const noexcept { SSL_CTX_free(context); }

bool TlsServer::prepare() noexcept {
    // Certificates' dates go through gmtime(), which opens the machine's time zone file the first time.
    const std::time_t some_day = 0;
    std::tm broken_down{};
    return OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, nullptr) == 1 &&
           gmtime_r(&some_day, &broken_down) != nullptr;
}

Result<TlsServer> TlsServer::make(const TlsKey& key, std::span<const Der> chain, std::span<const Der> authorities) {
    Context context{SSL_CTX_new(TLS_server_method())};
    if (!context || !only_tls_1_3(context.get()))
        return openssl_failed("The network connection could not be prepared.");
    if (chain.empty() || authorities.empty())
        return fail(ErrorCode::missing, "A certificate for the network is missing.",
                    "Enrol the pump's network connection again.");
    for (const Der& der : chain) {
        auto certificate = read(der);
        if (!certificate) return std::unexpected{certificate.error()};
        const bool own = &der == &chain.front();
        const long taken = own ? long{SSL_CTX_use_certificate(context.get(), certificate->get())}
                               : SSL_CTX_add1_chain_cert(context.get(), certificate->get());
        if (taken != 1) return openssl_failed("The pump's network certificate was not taken.");
    }
    if (SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1 || SSL_CTX_check_private_key(context.get()) != 1) {
        ERR_clear_error();
        return fail(ErrorCode::unreadable, "The pump's network certificate is not for its key.",
                    "Switch the pump off and on. If it stays, tell the manufacturer.");
    }
    for (const Der& der : authorities) {
        const auto certificate = read(der);
        if (!certificate) return std::unexpected{certificate.error()};
        if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), certificate->get()) != 1 ||
            SSL_CTX_add_client_CA(context.get(), certificate->get()) != 1)
            return openssl_failed("An authority for clients was not taken.");
    }
    return TlsServer{std::move(context)};
}

}  // namespace basalt::gateway
