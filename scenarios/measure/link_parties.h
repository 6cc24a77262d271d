// scenarios/measure/link_parties.h: the two far ends that `bench link` measures between: a pump of which only the link
// is there, and a bare TLS 1.3 server that knows nothing of it.
#pragma once
#include "device/factory/p256_key.h"
#include "device/link/crypto.h"
#include "device/link/device_sessions.h"
#include "device/link/tls_client.h"
#include "scenarios/bench/listener.h"
#include "scenarios/bench/processes.h"

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace basalt::measure {

/// The real gateway program as a process, and the firmware's end of the sessions in a thread that answers a frame at
/// once, where a real firmware answers in its next tick. The identity key signs in memory, where a device's TPM does.
class LinkPump {
  public:
    /// `gateway`: the program; as large as `answer` says is every reply. From the main thread only.
    static Result<std::unique_ptr<LinkPump>> start(const std::filesystem::path& gateway, std::size_t answer);
    LinkPump(const LinkPump&) = delete;
    LinkPump& operator=(const LinkPump&) = delete;
    ~LinkPump();

    std::uint16_t port() const noexcept { return listener_.port(); }
    const link::ClientPapers& papers() const noexcept { return papers_; }
    /// Bytes inside TLS of the last command and its reply, with their lengths in front.
    std::size_t command_size() const noexcept { return command_size_; }
    std::size_t reply_size() const noexcept { return reply_size_; }

  private:
    class Signer final : public link::Signer {
      public:
        explicit Signer(const factory::P256Key& identity) : identity_(identity) {}
        const PublicKey& key() const noexcept override { return identity_.point(); }
        const Signature& certificate() const noexcept override { return none_; }
        std::optional<Signature> sign(const Digest& digest) noexcept override {
            const auto made = identity_.sign(digest);
            return made ? std::optional{*made} : std::nullopt;
        }

      private:
        const factory::P256Key& identity_;
        Signature none_{};
    };

    LinkPump(factory::P256Key identity, factory::P256Key hospital, bench::Listener listener, std::size_t answer)
        : identity_(std::move(identity)),
          hospital_(std::move(hospital)),
          listener_(std::move(listener)),
          answer_(answer, 'x') {}
    Result<void> make_papers();
    Result<void> start_gateway(const std::filesystem::path& program);
    void live();
    template <class Frame>
    std::size_t say(const Frame& frame);
    void on(const link::Certify& certify);
    void on(const link::Hello& hello);
    void on(const link::SealedIn& sealed);
    template <class Other>
    void on(const Other&) {}
    Tick now() const;

    factory::P256Key identity_, hospital_;
    bench::Listener listener_;
    std::vector<std::uint8_t> answer_;
    link::ClientPapers papers_;
    bench::Process gateway_;
    hal::Seqpacket frames_;
    Signer signer_{identity_};
    link::SystemChance chance_;
    link::DeviceSessions sessions_{{.device = {1, 2, 3, 4}}, signer_, chance_};
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::uint64_t skipped_s_ = 0;
    std::atomic<std::size_t> command_size_ = 0, reply_size_ = 0;
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

/// TLS 1.3 on the loopback with one P-256 certificate, X25519 and AES-256-GCM, as at the gateway; no client
/// certificate, no frames, no session. Answers `asked` bytes with `answered`, in a thread.
class TlsEcho {
  public:
    static Result<std::unique_ptr<TlsEcho>> start(std::size_t asked, std::size_t answered);
    TlsEcho(const TlsEcho&) = delete;
    TlsEcho& operator=(const TlsEcho&) = delete;
    ~TlsEcho();

    /// A client of it: connected, hands shaken. Nothing: it failed.
    struct End {
        void operator()(SSL* tls) const noexcept;
    };
    using Client = std::unique_ptr<SSL, End>;
    Client connect() const;
    /// One round trip.
    bool ask(SSL* client) const;

  private:
    TlsEcho(bench::Listener listener, std::size_t asked, std::size_t answered)
        : listener_(std::move(listener)), asked_(asked), answered_(answered) {}
    struct Free {
        void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
    };
    void serve();

    bench::Listener listener_;
    std::size_t asked_, answered_;
    std::unique_ptr<SSL_CTX, Free> server_, client_;
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

}  // namespace basalt::measure
