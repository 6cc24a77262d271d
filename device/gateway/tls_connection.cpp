#include "device/gateway/tls_connection.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <algorithm>

namespace basalt::gateway {
namespace {

struct ByReason {
    int reason;
    TlsRefusal refusal;
};
constexpr std::array by_reason{
    ByReason{SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, TlsRefusal::no_certificate},
    ByReason{SSL_R_UNSUPPORTED_PROTOCOL, TlsRefusal::old_version},
    ByReason{SSL_R_HTTP_REQUEST, TlsRefusal::not_tls},
    ByReason{SSL_R_HTTPS_PROXY_REQUEST, TlsRefusal::not_tls},
    ByReason{SSL_R_WRONG_VERSION_NUMBER, TlsRefusal::not_tls},
    ByReason{SSL_R_UNKNOWN_PROTOCOL, TlsRefusal::not_tls},
    ByReason{SSL_R_BAD_RECORD_TYPE, TlsRefusal::not_tls},
    ByReason{SSL_R_PACKET_LENGTH_TOO_LONG, TlsRefusal::not_tls},
    ByReason{SSL_R_EXCESSIVE_MESSAGE_SIZE, TlsRefusal::too_much},
    ByReason{SSL_R_TLSV1_ALERT_UNKNOWN_CA, TlsRefusal::peer_refused},
    ByReason{SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, TlsRefusal::peer_refused},
    ByReason{SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, TlsRefusal::peer_refused},
    ByReason{SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, TlsRefusal::peer_refused},
};

TlsRefusal of_certificate(long found) noexcept {
    switch (found) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return TlsRefusal::expired_certificate;
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return TlsRefusal::early_certificate;
        case X509_V_ERR_INVALID_PURPOSE:
            return TlsRefusal::wrong_purpose;
        default:
            return TlsRefusal::foreign_certificate;
    }
}

}  // namespace

void TlsConnection::Free::operator()(ssl_st* connection) const noexcept { SSL_free(connection); }
TlsConnection::~TlsConnection() = default;

TlsConnection::TlsConnection(const TlsServer& server, hal::Port& inside, std::int64_t now_unix_s, Tick now) noexcept
    : inside_{inside}, tls_{SSL_new(server.context())}, began_{now}, heard_{now} {
    BIO* const in = BIO_new(BIO_s_mem());
    BIO* const out = BIO_new(BIO_s_mem());
    if (!tls_ || in == nullptr || out == nullptr) {
        BIO_free(in);
        BIO_free(out);
        tls_.reset();
        end(TlsRefusal::failed);
        return;
    }
    SSL_set_bio(tls_.get(), in, out);  // owns both from here
    SSL_set_accept_state(tls_.get());
    X509_VERIFY_PARAM_set_time(SSL_get0_param(tls_.get()), now_unix_s);
}

void TlsConnection::receive(ByteView bytes, Tick now) noexcept {
    // In small pieces: OpenSSL then never holds more than one record that is not whole.
    constexpr std::size_t piece = 4'096;
    while (!bytes.empty() && !over_) {
        const ByteView some = bytes.first(std::min(piece, bytes.size()));
        bytes = bytes.subspan(some.size());
        if (!open_ && (handshake_bytes_ += some.size()) > max_handshake) return end(TlsRefusal::too_much);
        ERR_clear_error();
        if (BIO_write(SSL_get_rbio(tls_.get()), some.data(), static_cast<int>(some.size())) !=
            static_cast<int>(some.size()))
            return end(TlsRefusal::failed);
        if (!open_) shake_hands(now);
        if (open()) read_frames(now);
        // Answers to key updates go out unasked: whoever asks for them and reads nothing ends here.
        if (outgoing().size() > max_outgoing) return end(TlsRefusal::slow_reader);
    }
}

void TlsConnection::shake_hands(Tick now) noexcept {
    const int done = SSL_accept(tls_.get());
    if (!outgoing().empty() && !waits_since_) waits_since_ = now;
    if (done != 1) {
        if (SSL_get_error(tls_.get(), done) != SSL_ERROR_WANT_READ) end(reason());
        return;
    }
    // OpenSSL has refused by itself whoever showed none or a wrong one: asked once more, because all rests on it.
    const X509* const certificate = SSL_get0_peer_certificate(tls_.get());
    unsigned size = 0;
    if (certificate == nullptr || SSL_get_verify_result(tls_.get()) != X509_V_OK ||
        SSL_version(tls_.get()) != TLS1_3_VERSION || X509_digest(certificate, EVP_sha256(), peer_.data(), &size) != 1 ||
        size != peer_.size())
        return end(TlsRefusal::failed);
    open_ = true;
    heard_ = now;
}

void TlsConnection::read_frames(Tick now) noexcept {
    std::array<std::uint8_t, max_frame_size> plain;
    while (!over_) {
        const int count = SSL_read(tls_.get(), plain.data(), static_cast<int>(plain.size()));
        if (count <= 0) {
            const int why = SSL_get_error(tls_.get(), count);
            if (why == SSL_ERROR_ZERO_RETURN) return end(TlsRefusal::closed);
            if (why != SSL_ERROR_WANT_READ) end(reason());
            break;
        }
        ByteView rest = ByteView{plain}.first(static_cast<std::size_t>(count));
        while (const auto frame = frames_.take(rest)) {
            heard_ = now;
            inside_.send(*frame);  // what is inside counts what it does not take
        }
        if (frames_.broken()) end(TlsRefusal::bad_frame);
    }
    if (!outgoing().empty() && !waits_since_) waits_since_ = now;
}

TlsRefusal TlsConnection::reason() const noexcept {
    const long certificate = SSL_get_verify_result(tls_.get());
    const int found = ERR_GET_REASON(ERR_peek_error());
    ERR_clear_error();
    if (certificate != X509_V_OK) return of_certificate(certificate);
    const auto row = std::ranges::find(by_reason, found, &ByReason::reason);
    return row == by_reason.end() ? TlsRefusal::failed : row->refusal;
}

bool TlsConnection::send(ByteView frame) noexcept {
    if (!open() || frame.empty() || frame.size() > max_frame_size) return false;
    std::array<std::uint8_t, 2 + max_frame_size> bytes;
    const auto length = link::length_of(frame);
    std::ranges::copy(frame, std::ranges::copy(length, bytes.begin()).out);
    const std::size_t size = length.size() + frame.size();
    if (outgoing().size() + size > max_outgoing) return false;
    ERR_clear_error();
    if (SSL_write(tls_.get(), bytes.data(), static_cast<int>(size)) == static_cast<int>(size)) return true;
    end(reason());
    return false;
}

ByteView TlsConnection::outgoing() const noexcept {
    if (!tls_) return {};
    char* at = nullptr;
    const long size = BIO_get_mem_data(SSL_get_wbio(tls_.get()), &at);
    return {reinterpret_cast<const std::uint8_t*>(at), static_cast<std::size_t>(std::max(size, 0L))};
}

void TlsConnection::sent(std::size_t count, Tick now) noexcept {
    std::array<std::uint8_t, 4'096> gone;
    count = std::min(count, outgoing().size());
    while (count > 0) {
        const int some =
            BIO_read(SSL_get_wbio(tls_.get()), gone.data(), static_cast<int>(std::min(count, gone.size())));
        if (some <= 0) return;
        count -= static_cast<std::size_t>(some);
    }
    waits_since_ = outgoing().empty() ? std::nullopt : std::optional{waits_since_.value_or(now)};
}

void TlsConnection::on_tick(Tick now) noexcept {
    if (over_) return;
    if (!open_ && now > began_ + handshake_ticks) return end(TlsRefusal::handshake_slow);
    if (now > heard_ + silent_ticks) return end(TlsRefusal::silent);
    if (outgoing().empty())
        waits_since_.reset();
    else if (!waits_since_)
        waits_since_ = now;
    if (waits_since_ && now > *waits_since_ + slow_ticks) end(TlsRefusal::slow_reader);
}

void TlsConnection::close() noexcept {
    if (open()) SSL_shutdown(tls_.get());
    end(TlsRefusal::closed);
}

void TlsConnection::end(TlsRefusal why) noexcept {
    if (!over_) over_ = why;
}

}  // namespace basalt::gateway
