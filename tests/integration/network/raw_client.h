// tests/integration/network/raw_client.h: somebody who connects as they like: with what certificate, or none, and which
// version of TLS. It believes whatever answers.
#pragma once
#include "device/common/free_by.h"
#include "device/hal/seqpacket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <memory>
#include <string>

namespace basalt::test {

inline hal::Descriptor connected_to(std::uint16_t port) {
    hal::Descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) return {};
    return socket;
}

struct RawClient {
    std::string certificate_pem{}, key_pem{};
    int version = TLS1_3_VERSION;

    /// What OpenSSL says was told by the other end, by whichever step it came: 0: nothing, it was let in and goes on.
    int reason(std::uint16_t port) const {
        const std::unique_ptr<SSL_CTX, FreeBy<SSL_CTX_free>> context{SSL_CTX_new(TLS_client_method())};
        SSL_CTX_set_min_proto_version(context.get(), version);
        SSL_CTX_set_max_proto_version(context.get(), version);
        if (!certificate_pem.empty()) {
            const std::unique_ptr<BIO, FreeBy<BIO_free_all>> in{BIO_new_mem_buf(certificate_pem.data(), -1)};
            const std::unique_ptr<X509, FreeBy<X509_free>> own{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)};
            const std::unique_ptr<BIO, FreeBy<BIO_free_all>> key_in{BIO_new_mem_buf(key_pem.data(), -1)};
            const std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>> key{
                PEM_read_bio_PrivateKey(key_in.get(), nullptr, nullptr, nullptr)};
            SSL_CTX_use_certificate(context.get(), own.get());
            SSL_CTX_use_PrivateKey(context.get(), key.get());
        }
        const std::unique_ptr<SSL, FreeBy<SSL_free>> tls{SSL_new(context.get())};
        const auto socket = connected_to(port);
        SSL_set_fd(tls.get(), socket.get());
        ERR_clear_error();
        char byte = 0;
        if (SSL_connect(tls.get()) == 1 && SSL_read(tls.get(), &byte, 1) == 1) return 0;
        const int why = ERR_GET_REASON(ERR_peek_error());
        ERR_clear_error();
        return why;
    }
};

}  // namespace basalt::test
