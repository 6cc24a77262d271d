#include "device/common/free_by.h"
#include "scenarios/measure/link_parties.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include <poll.h>
#include <unistd.h>

namespace basalt::measure {
namespace {

std::unexpected<Error> failed(const char* what) {
    return fail(ErrorCode::io, what, "Close other programs and try again.");
}

using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;

/// A fresh key, and a certificate by itself.
bool give_certificate(SSL_CTX* context) {
    const Key key{EVP_EC_gen("P-256")};
    const Certificate made{X509_new()};
    constexpr long day_s = 24 * 3'600;
    return key && made && X509_set_version(made.get(), 2) == 1 &&
           ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(made.get()), -day_s) != nullptr &&
           X509_gmtime_adj(X509_getm_notAfter(made.get()), day_s) != nullptr &&
           X509_set_pubkey(made.get(), key.get()) == 1 && X509_sign(made.get(), key.get(), EVP_sha256()) > 0 &&
           SSL_CTX_use_certificate(context, made.get()) == 1 && SSL_CTX_use_PrivateKey(context, key.get()) == 1;
}

bool as_at_the_gateway(SSL_CTX* context) {
    return context != nullptr && SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_ciphersuites(context, "TLS_AES_256_GCM_SHA384") == 1 &&
           SSL_CTX_set1_groups_list(context, "X25519") == 1 && SSL_CTX_set_num_tickets(context, 0) == 1;
}

bool send_at_once(int socket) {
    const int yes = 1;
    return ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) == 0;
}

bool read_all(SSL* tls, std::size_t size) {
    std::array<char, max_frame_size> buffer;
    while (size > 0) {
        const int got = SSL_read(tls, buffer.data(), static_cast<int>(std::min(size, buffer.size())));
        if (got <= 0) return false;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

bool write_all(SSL* tls, std::size_t size) {
    const std::vector<char> bytes(size, 'x');
    return SSL_write(tls, bytes.data(), static_cast<int>(size)) == static_cast<int>(size);
}

}  // namespace

void TlsEcho::End::operator()(SSL* tls) const noexcept {
    const int socket = SSL_get_fd(tls);
    SSL_free(tls);
    if (socket >= 0) ::close(socket);
}

Result<std::unique_ptr<TlsEcho>> TlsEcho::start(std::size_t asked, std::size_t answered) {
    auto listener = bench::Listener::open(0);
    if (!listener) return std::unexpected{listener.error()};
    std::unique_ptr<TlsEcho> echo{new TlsEcho{std::move(*listener), asked, answered}};
    echo->server_.reset(SSL_CTX_new(TLS_server_method()));
    echo->client_.reset(SSL_CTX_new(TLS_client_method()));
    if (!as_at_the_gateway(echo->server_.get()) || !as_at_the_gateway(echo->client_.get()) ||
        !give_certificate(echo->server_.get()))
        return failed("A bare TLS server could not be made.");
    echo->thread_ = std::thread{[self = echo.get()] { self->serve(); }};
    return echo;
}

TlsEcho::~TlsEcho() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
}

/// One client at a time, until it goes.
void TlsEcho::serve() {
    while (!stop_) {
        pollfd next{listener_.get(), POLLIN, 0};
        if (::poll(&next, 1, 50) <= 0) continue;
        const int socket = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) continue;
        const Client tls{SSL_new(server_.get())};
        if (!tls || SSL_set_fd(tls.get(), socket) != 1 || !send_at_once(socket) || SSL_accept(tls.get()) != 1) continue;
        while (read_all(tls.get(), asked_) && write_all(tls.get(), answered_)) {
        }
    }
}

TlsEcho::Client TlsEcho::connect() const {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    Client tls{SSL_new(client_.get())};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(listener_.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (!tls || SSL_set_fd(tls.get(), socket) != 1 || !send_at_once(socket) ||
        ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        SSL_connect(tls.get()) != 1)
        return nullptr;
    return tls;
}

bool TlsEcho::ask(SSL* client) const { return write_all(client, asked_) && read_all(client, answered_); }

}  // namespace basalt::measure
