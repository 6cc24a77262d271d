// Prepares TLS, confines itself as the gateway does, and only then makes keys, a server and a handshake. Ends with 0
// when a client was let in and a stranger was not.
#include "device/common/sandbox/sandbox.h"
#include "device/gateway/tls_connection.h"
#include "tests/unit/gateway/test_pki.h"

#include <openssl/ssl.h>

namespace {
using namespace basalt;
using namespace basalt::gateway;

class Counter final : public hal::Port {
  public:
    bool send(ByteView) noexcept override { return ++frames > 0; }
    int frames = 0;
};

using Context = std::unique_ptr<SSL_CTX, basalt::FreeBy<SSL_CTX_free>>;
using Tls = std::unique_ptr<SSL, basalt::FreeBy<SSL_free>>;

/// Whether a client with a certificate of this authority is let in.
bool let_in(const TlsServer& server, const test::Authority& authority) {
    Counter inside;
    TlsConnection connection{server, inside, test::today, Tick{1}};
    const Context context{SSL_CTX_new(TLS_client_method())};
    const test::Key key = test::new_key();
    const test::Certificate certificate = authority.issue(key.get(), {});
    SSL_CTX_use_certificate(context.get(), certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), key.get());
    const Tls client{SSL_new(context.get())};
    SSL_set_bio(client.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(client.get());
    for (int round = 0; round < 6; ++round) {
        SSL_do_handshake(client.get());
        std::vector<std::uint8_t> bytes(BIO_ctrl_pending(SSL_get_wbio(client.get())));
        if (!bytes.empty()) BIO_read(SSL_get_wbio(client.get()), bytes.data(), static_cast<int>(bytes.size()));
        connection.receive(bytes, Tick{1});
        const ByteView out = connection.outgoing();
        BIO_write(SSL_get_rbio(client.get()), out.data(), static_cast<int>(out.size()));
        connection.sent(out.size(), Tick{1});
    }
    const std::array<std::uint8_t, 3> frame{1, 0, 7};
    if (!connection.open() || SSL_write(client.get(), frame.data(), 3) != 3) return false;
    std::vector<std::uint8_t> bytes(BIO_ctrl_pending(SSL_get_wbio(client.get())));
    BIO_read(SSL_get_wbio(client.get()), bytes.data(), static_cast<int>(bytes.size()));
    connection.receive(bytes, Tick{1});
    return inside.frames == 1 && connection.send(frame);
}
}  // namespace

int main() {
    if (!TlsServer::prepare() || !sandbox::confine({.program = sandbox::Program::gateway, .files = {}})) return 4;
    const test::Authority hospital{"hospital"}, device{"device identity"}, elsewhere{"elsewhere"};
    test::DeviceCertifier certifier{device};
    const std::vector<Der> authorities{hospital.certificate()};
    const auto server = test::make_server(certifier, authorities);
    if (!server) return 1;
    return let_in(*server, hospital) && !let_in(*server, elsewhere) ? 0 : 2;
}
