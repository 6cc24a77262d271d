// device/link/tls_client.h: a person's side of the connection to a pump's gateway: TLS 1.3 with certificates on both
// sides, and frames inside. The other end is believed only when the pump that was enrolled vouches for it.
#pragma once
#include "device/common/digest.h"
#include "device/common/result.h"
#include "device/link/stream_frames.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

struct ssl_st;
struct ssl_ctx_st;

namespace basalt::link {

/// What a client was given when it was enrolled: a folder as host/clients (docs/formats/state-directory.md).
struct ClientPapers {
    std::string certificate_pem, key_pem;   ///< its own
    std::string device_pem;                 ///< of the pump's identity key
    PublicKey identity{};                   ///< that key
    std::array<std::uint8_t, 16> device{};  ///< the pump's identity, from its certificate
    std::array<std::uint8_t, 16> client{};  ///< this client's address in a session: of its certificate
};
/// Reads ca.pem, device.pem, NAME.pem and NAME.key. Errors: missing, unreadable: a file, named; refused: the pump's
/// certificate is not the manufacturer's.
Result<ClientPapers> read_papers(const std::filesystem::path& clients, const std::string& name = "console");

/// No thread, no signal. Never raises SIGPIPE. Errors are sentences with a next step.
class TlsClient {
  public:
    /// Connects to 127.0.0.1 and shakes hands. `now_unix_s`: by which the pump's certificate must be valid.
    /// Errors: missing: nobody listens there; refused: the other end is not the enrolled pump, or wants no client of
    /// this kind; io: no answer within `timeout_ms`.
    /// A pump that refuses this client's certificate says so only afterwards (TLS 1.3): receive() tells it.
    static Result<TlsClient> connect(std::uint16_t port, const ClientPapers& papers, std::int64_t now_unix_s,
                                     int timeout_ms = 10'000);

    TlsClient(TlsClient&& from) noexcept;
    TlsClient& operator=(TlsClient&& from) noexcept;
    ~TlsClient();

    /// Hands a frame (1 to max_frame_size bytes) to the kernel. Errors: usage, io, refused: the connection is over.
    Result<void> send(ByteView frame);
    /// The next whole frame; empty when none came within `timeout_ms`. Errors: refused: the pump ended the connection,
    /// with its reason as far as it told one.
    Result<std::vector<std::uint8_t>> receive(int timeout_ms);
    /// To be watched for reading. Frames may be here already: call receive(0) until it is empty before waiting.
    int descriptor() const noexcept { return socket_; }

  private:
    struct Free {
        void operator()(ssl_st* connection) const noexcept;
        void operator()(ssl_ctx_st* context) const noexcept;
    };
    TlsClient(int socket, std::unique_ptr<ssl_st, Free> tls) noexcept;
    Result<void> shake_hands(int timeout_ms);
    Result<void> push(int timeout_ms);
    Result<bool> pull(int timeout_ms);

    int socket_ = -1;
    std::unique_ptr<ssl_st, Free> tls_;
    std::unique_ptr<StreamFrames> frames_;
    std::vector<std::uint8_t> plain_;  ///< decrypted, not yet taken apart
    std::size_t taken_ = 0;
};

}  // namespace basalt::link
