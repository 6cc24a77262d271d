#include "device/link/tls_client.h"

#include "device/common/free_by.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <fstream>
#include <poll.h>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace basalt::link {
namespace {

using Bio = std::unique_ptr<BIO, FreeBy<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
constexpr const char* ask_enrolment = "Enrol this client at the pump again.";
/// A file of papers is no longer than this.
constexpr std::size_t most_paper = 16 * 1024;

std::unexpected<Error> io_error(const std::string& what) {
    return fail(ErrorCode::io, what + ": " + std::strerror(errno) + ".", "Try again.");
}

Bio reader(const std::string& text) { return Bio{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))}; }
Certificate certificate_in(const std::string& pem) {
    return Certificate{PEM_read_bio_X509(reader(pem).get(), nullptr, nullptr, nullptr)};
}

Result<std::string> paper(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in) return fail(ErrorCode::missing, "The file " + file.string() + " cannot be opened.", ask_enrolment);
    std::string text(most_paper + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > most_paper)
        return fail(ErrorCode::unreadable, "The file " + file.string() + " is too long.", ask_enrolment);
    return text;
}

/// "pump 00ff..., ...": the 32 digits behind the first word.
bool read_device(X509* certificate, std::array<std::uint8_t, 16>& device) {
    std::array<char, 65> text{};
    X509_NAME* const name = X509_get_subject_name(certificate);
    if (X509_NAME_get_text_by_NID(name, NID_commonName, text.data(), static_cast<int>(text.size())) < 5 + 32)
        return false;
    for (std::size_t i = 0; i < device.size(); ++i) {
        const char* const at = text.data() + 5 + 2 * i;
        const auto [end, fault] = std::from_chars(at, at + 2, device[i], 16);
        if (fault != std::errc{} || end != at + 2) return false;
    }
    return std::string_view{text.data()}.starts_with("pump ");
}

/// Why the handshake, or all that came after it, failed: what the other end said, or what was found of it here.
std::unexpected<Error> refused(SSL* tls) {
    const long found = SSL_get_verify_result(tls);
    const int reason = ERR_GET_REASON(ERR_peek_error());
    ERR_clear_error();
    const auto say = [](const char* what, const char* next) { return fail(ErrorCode::refused, what, next); };
    if (found == X509_V_ERR_CERT_HAS_EXPIRED || found == X509_V_ERR_CERT_NOT_YET_VALID)
        return say("The pump's certificate is not valid at this computer's date.", "Check the date of both.");
    if (found != X509_V_OK)
        return say("What answers there is not the pump that this client was enrolled with.",
                   "Check the port; if it is right, tell IT security.");
    switch (reason) {
        case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
            return say("The pump wants a certificate, and this client showed none.", ask_enrolment);
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
        case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:  // under a trusted name, signed by another key
        case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
        case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
            return say("The pump does not trust this client's certificate.", ask_enrolment);
        case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
            return say("The pump says that this client's certificate has expired.", "Renew this client's certificate.");
        case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
        case SSL_R_UNSUPPORTED_PROTOCOL:
            return say("What answers there does not speak TLS 1.3.", "Check the port.");
        default:
            return say("The connection to the pump is over.", "Connect again.");
    }
}

int left(std::chrono::steady_clock::time_point until) {
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    return static_cast<int>(std::max<std::int64_t>(0, rest.count()));
}

bool wait_for(int socket, short what, int timeout_ms) {
    pollfd one{socket, what, 0};
    return ::poll(&one, 1, timeout_ms) > 0;
}

/// Does not wait in the kernel: a pump that does not take its connections yet is given `timeout_ms`, not minutes.
Result<int> connected_socket(std::uint16_t port, int timeout_ms) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) return io_error("No socket could be made");
    // Messages are small and each waits for its answer: one that is held back for a fuller packet costs 40 ms.
    const int at_once = 1;
    (void)::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int why = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 ? 0 : errno;
    if (why == EINPROGRESS) {
        socklen_t size = sizeof(why);
        if (!wait_for(socket, POLLOUT, timeout_ms))
            why = ETIMEDOUT;
        else if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &why, &size) != 0)
            why = errno;
    }
    if (why == 0) return socket;
    ::close(socket);
    errno = why;
    if (why != ECONNREFUSED) return io_error("The pump could not be reached");
    return fail(ErrorCode::missing, "No pump listens on port " + std::to_string(port) + " of this computer.",
                "Start the pump, or check the port.");
}

}  // namespace

Result<ClientPapers> read_papers(const std::filesystem::path& clients, const std::string& name) {
    ClientPapers out;
    std::string ca_pem;
    for (const auto& [file, text] :
         {std::pair{std::string{"ca.pem"}, &ca_pem}, std::pair{std::string{"device.pem"}, &out.device_pem},
          std::pair{name + ".pem", &out.certificate_pem}, std::pair{name + ".key", &out.key_pem}}) {
        auto read = paper(clients / file);
        if (!read) return std::unexpected{read.error()};
        *text = std::move(*read);
    }
    const auto ca = certificate_in(ca_pem), device = certificate_in(out.device_pem),
               own = certificate_in(out.certificate_pem);
    unsigned size = 0;
    std::size_t length = 0;
    Digest digest{};
    if (!ca || !device || !own || !read_device(device.get(), out.device) ||
        EVP_PKEY_get_octet_string_param(X509_get0_pubkey(device.get()), OSSL_PKEY_PARAM_PUB_KEY, out.identity.data(),
                                        out.identity.size(), &length) != 1 ||
        length != out.identity.size() || X509_digest(own.get(), EVP_sha256(), digest.data(), &size) != 1) {
        ERR_clear_error();
        return fail(ErrorCode::unreadable, "A certificate in " + clients.string() + " cannot be read.", ask_enrolment);
    }
    std::copy_n(digest.begin(), out.client.size(), out.client.begin());
    if (X509_verify(device.get(), X509_get0_pubkey(ca.get())) != 1) {
        ERR_clear_error();
        return fail(ErrorCode::refused, "The pump's certificate in " + clients.string() + " is not its manufacturer's.",
                    "Do not use it. Tell IT security.");
    }
    return out;
}

void TlsClient::Free::operator()(ssl_st* connection) const noexcept { SSL_free(connection); }
void TlsClient::Free::operator()(ssl_ctx_st* context) const noexcept { SSL_CTX_free(context); }

TlsClient::TlsClient(int socket, std::unique_ptr<ssl_st, Free> tls) noexcept
    : socket_(socket), tls_(std::move(tls)), frames_(std::make_unique<StreamFrames>()) {}
TlsClient::TlsClient(TlsClient&& from) noexcept
    : socket_(std::exchange(from.socket_, -1)),
      tls_(std::move(from.tls_)),
      frames_(std::move(from.frames_)),
      plain_(std::move(from.plain_)),
      taken_(from.taken_) {}
TlsClient& TlsClient::operator=(TlsClient&& from) noexcept {
    std::swap(socket_, from.socket_);
    std::swap(tls_, from.tls_);
    std::swap(frames_, from.frames_);
    std::swap(plain_, from.plain_);
    std::swap(taken_, from.taken_);
    return *this;
}
TlsClient::~TlsClient() {
    if (socket_ >= 0) ::close(socket_);
}

Result<TlsClient> TlsClient::connect(std::uint16_t port, const ClientPapers& papers, std::int64_t now_unix_s,
                                     int timeout_ms) {
    ERR_clear_error();
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
    const std::unique_ptr<ssl_ctx_st, Free> context{SSL_CTX_new(TLS_client_method())};
    const auto own = certificate_in(papers.certificate_pem), device = certificate_in(papers.device_pem);
    const Key key{PEM_read_bio_PrivateKey(reader(papers.key_pem).get(), nullptr, nullptr, nullptr)};
    if (!context || !own || !device || !key || SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) != 1 ||
        SSL_CTX_use_certificate(context.get(), own.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1 ||
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), device.get()) != 1) {
        ERR_clear_error();
        return fail(ErrorCode::unreadable, "This client's certificate or key cannot be used.", ask_enrolment);
    }
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    // The enrolled certificate is the end of the chain: what its issuer signed besides is nothing to this client.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.get()), X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context.get()), now_unix_s);

    std::unique_ptr<ssl_st, Free> tls{SSL_new(context.get())};
    Bio in{BIO_new(BIO_s_mem())}, out{BIO_new(BIO_s_mem())};
    if (!tls || !in || !out) return fail(ErrorCode::check_failed, "OpenSSL does not start.", "Try again.");
    SSL_set_bio(tls.get(), in.release(), out.release());
    SSL_set_connect_state(tls.get());
    const auto socket = connected_socket(port, timeout_ms);
    if (!socket) return std::unexpected{socket.error()};
    TlsClient client{*socket, std::move(tls)};
    if (auto done = client.shake_hands(timeout_ms); !done) return std::unexpected{done.error()};
    return client;
}

Result<void> TlsClient::shake_hands(int timeout_ms) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{timeout_ms};
    for (;;) {
        ERR_clear_error();
        const int done = SSL_do_handshake(tls_.get());
        const int why = SSL_get_error(tls_.get(), done);
        if (done != 1 && why != SSL_ERROR_WANT_READ) {
            auto error = refused(tls_.get());
            (void)push(0);  // the alert
            return error;
        }
        if (auto pushed = push(left(until)); !pushed) return pushed;
        if (done == 1) return {};
        const auto pulled = pull(left(until));
        if (!pulled) return std::unexpected{pulled.error()};
        if (!*pulled && left(until) == 0)
            return fail(ErrorCode::io, "The pump does not answer.", "Wait until it has started, then try again.");
    }
}

/// Everything that TLS wants sent goes to the kernel.
Result<void> TlsClient::push(int timeout_ms) {
    std::array<char, 4'096> some;
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{timeout_ms};
    char* at = nullptr;
    BIO* const out = SSL_get_wbio(tls_.get());
    for (long size = BIO_get_mem_data(out, &at); size > 0; size = BIO_get_mem_data(out, &at)) {
        const ssize_t sent = ::send(socket_, at, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            if (wait_for(socket_, POLLOUT, left(until))) continue;
            return fail(ErrorCode::io, "The pump takes nothing.", "Connect again.");
        }
        if (sent <= 0) {
            // It was ended at the other end, which may have said why: that is worth more than that it was.
            while (BIO_read(out, some.data(), static_cast<int>(some.size())) > 0) {
            }
            return {};
        }
        for (auto rest = static_cast<std::size_t>(sent); rest > 0;)
            rest -= static_cast<std::size_t>(BIO_read(out, some.data(), static_cast<int>(std::min(rest, some.size()))));
    }
    return {};
}

/// What the kernel has goes to TLS. False: nothing came in time.
Result<bool> TlsClient::pull(int timeout_ms) {
    std::array<std::uint8_t, 4'096> some;
    for (;;) {
        if (!wait_for(socket_, POLLIN, timeout_ms)) return false;
        const ssize_t count = ::recv(socket_, some.data(), some.size(), MSG_DONTWAIT);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count <= 0) return fail(ErrorCode::refused, "The connection to the pump is over.", "Connect again.");
        BIO_write(SSL_get_rbio(tls_.get()), some.data(), static_cast<int>(count));
        return true;
    }
}

Result<void> TlsClient::send(ByteView frame) {
    if (frame.empty() || frame.size() > max_frame_size)
        return fail(ErrorCode::usage, "The message is longer than any that the pump takes.", "Send a shorter one.");
    std::vector<std::uint8_t> bytes;
    const auto length = length_of(frame);
    bytes.insert(bytes.end(), length.begin(), length.end());
    bytes.insert(bytes.end(), frame.begin(), frame.end());
    ERR_clear_error();
    if (SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) != static_cast<int>(bytes.size()))
        return refused(tls_.get());
    return push(5'000);
}

Result<std::vector<std::uint8_t>> TlsClient::receive(int timeout_ms) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{timeout_ms};
    for (;;) {
        ByteView rest = ByteView{plain_}.subspan(taken_);
        const auto frame = frames_->take(rest);
        taken_ = plain_.size() - rest.size();
        if (frame) return std::vector<std::uint8_t>{frame->begin(), frame->end()};
        if (frames_->broken())
            return fail(ErrorCode::refused, "What answers there does not speak as a pump does.", "Check the port.");
        plain_.resize(max_frame_size);
        taken_ = 0;
        ERR_clear_error();
        const int count = SSL_read(tls_.get(), plain_.data(), static_cast<int>(plain_.size()));
        plain_.resize(static_cast<std::size_t>(std::max(count, 0)));
        if (count > 0) continue;
        if (SSL_get_error(tls_.get(), count) != SSL_ERROR_WANT_READ) return refused(tls_.get());
        if (auto pushed = push(left(until)); !pushed) return std::unexpected{pushed.error()};
        const auto pulled = pull(left(until));
        if (!pulled) return std::unexpected{pulled.error()};
        if (!*pulled) return std::vector<std::uint8_t>{};
    }
}

}  // namespace basalt::link
