#include "scenarios/measure/link.h"

#include "device/link/commands.h"
#include "device/link/pump_client.h"
#include "scenarios/measure/link_parties.h"

#include <csignal>
#include <ctime>

namespace basalt::measure {
namespace {

// The goals: a command passes one process more than the echo, is sealed twice and opened twice; a session shakes hands
// twice, with certificates on both sides, and signs once more. Two busy processors gave 4 to 19 (median 7) beside an
// echo of 25 microseconds, and 5 to 8: docs/benches.md. Both ends have TCP_NODELAY: without it the kernel held the
// client's Hello back until the gateway's delayed acknowledgement (48 ms, ratio 37).
constexpr std::size_t state_size = 600;  // about as many bytes of JSON as a state with therapy has
constexpr int commands_a_round = 500, sessions_a_round = 20;

std::uint64_t seconds() {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch()).count());
}

std::unexpected<Error> failed() {
    return fail(ErrorCode::io, "The bare TLS connection broke off.", "Close other programs and try again.");
}

class Client {
  public:
    explicit Client(const LinkPump& pump) : pump_(pump) {}
    Result<void> open() {
        if (client_) client_->close();
        client_.reset();
        auto opened = link::PumpClient::open(pump_.port(), pump_.papers(),
                                             {.unix_s = std::time(nullptr), .now_s = seconds}, chance_);
        if (!opened) return std::unexpected{opened.error()};
        client_.emplace(std::move(*opened));
        return {};
    }
    Result<void> ask() {
        const auto body = link::CommandFrames::encode(link::See{.what = link::Shown::state});
        const auto reply = client_->command(body.view());
        if (!reply) return std::unexpected{reply.error()};
        if (reply->state != link::CommandState::done)
            return fail(ErrorCode::check_failed, "A command was not answered.", "Close other programs and try again.");
        return {};
    }

  private:
    const LinkPump& pump_;
    link::SystemChance chance_;
    std::optional<link::PumpClient> client_;
};

}  // namespace

Result<Figures> measure_link(int rounds, const std::filesystem::path& gateway) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's own socket calls raise it when the other end has gone
    auto pump = LinkPump::start(gateway, state_size);
    if (!pump) return std::unexpected{pump.error()};
    Client client{**pump};
    // The first of each is not measured: the gateway waits for its certificate, libraries are loaded.
    if (auto opened = client.open(); !opened) return std::unexpected{opened.error()};
    if (auto asked = client.ask(); !asked) return std::unexpected{asked.error()};
    auto echo = TlsEcho::start((*pump)->command_size(), (*pump)->reply_size());
    if (!echo) return std::unexpected{echo.error()};

    Rounds trips, sessions;
    Result<void> right;
    bool bare_right = true;
    for (int round = 0; round < rounds && right && bare_right; ++round) {
        auto bare = (*echo)->connect();
        trips.own_s.push_back(seconds_of([&] {
                                  for (int i = 0; i < commands_a_round && right; ++i) right = client.ask();
                              }) /
                              commands_a_round);
        trips.peer_s.push_back(seconds_of([&] {
                                   for (int i = 0; i < commands_a_round && bare_right; ++i)
                                       bare_right = bare && (*echo)->ask(bare.get());
                               }) /
                               commands_a_round);
        bare.reset();
        sessions.own_s.push_back(seconds_of([&] {
                                     for (int i = 0; i < sessions_a_round && right; ++i) right = client.open();
                                 }) /
                                 sessions_a_round);
        sessions.peer_s.push_back(seconds_of([&] {
                                      for (int i = 0; i < sessions_a_round && bare_right; ++i)
                                          bare_right = (*echo)->connect() != nullptr;
                                  }) /
                                  sessions_a_round);
    }
    if (!right) return std::unexpected{right.error()};
    if (!bare_right) return failed();
    return Figures{{time_figure({"link_command", "a sealed command and its reply / bare TLS 1.3 echo", 5}, trips),
                    time_figure({"link_session", "TLS and session set up / bare TLS 1.3 handshake", 8}, sessions)},
                   {}};
}

}  // namespace basalt::measure
