// device/link/pump_client.h: a person's program speaks to a pump: connection and session in one. Open this one to write
// a client.
#pragma once
#include "device/link/client_end.h"
#include "device/link/tls_client.h"

#include <functional>
#include <string>

namespace basalt::link {

/// Blocking, one command at a time; a program with a window asks it in a thread of its own.
///
///     auto papers = read_papers(clients);
///     auto pump = PumpClient::open(port, *papers, {.unix_s = ..., .now_s = ...}, chance);
///     auto reply = pump->command(body);
class PumpClient {
  public:
    struct Clocks {
        std::int64_t unix_s = 0;               ///< the date, for the pump's certificate
        std::function<std::uint64_t()> now_s;  ///< the client's own seconds, never going back; as fast as the pump's
    };
    /// Connects and begins a session; a pump that was asked too often is not asked again here.
    /// Errors: those of TlsClient; refused: what came was no Answer of the enrolled pump, in words; io: no Answer
    /// within handshake_s. `chance` outlives this.
    static Result<PumpClient> open(std::uint16_t port, const ClientPapers& papers, Clocks clocks, Chance& chance,
                                   std::uint32_t switched_off = 0);

    struct Reply {
        std::uint64_t sequence = 0;
        CommandState state = CommandState::unknown;  ///< in_words() says what that means
        std::vector<std::string> bodies;             ///< in order
    };
    /// Sends a command of at most max_command_size bytes, and waits until its state is certain, or unknown (answer_s).
    /// Errors: usage: too long; refused: there is no session any more: nothing was sent.
    /// `on_part`: hears each body as it comes; the pump may say first what it waits for.
    using OnPart = std::function<void(std::string_view body)>;
    Result<Reply> command(ByteView body, const OnPart& on_part = {});

    /// To be called every second or so while no command waits, and when descriptor() can be read: keeps the session
    /// alive. Errors: the session or connection is over, with its words.
    Result<void> on_time();
    int descriptor() const noexcept { return tls_.descriptor(); }
    /// What a badge has to sign, states, the pump's time.
    const ClientEnd& session() const noexcept { return *end_; }
    /// Says goodbye.
    void close() noexcept;

  private:
    PumpClient(TlsClient tls, std::unique_ptr<ClientEnd> end, Clocks clocks) noexcept
        : tls_(std::move(tls)), end_(std::move(end)), clocks_(std::move(clocks)) {}
    Result<void> begin(Chance& chance);
    Result<void> hear(int timeout_ms, Reply* waiting, const OnPart& on_part = {});

    TlsClient tls_;
    std::unique_ptr<ClientEnd> end_;
    Clocks clocks_;
};

}  // namespace basalt::link
