// basalt-gateway: fd 3 is the frame channel to the firmware; fd 4, where the device has a network, the socket that
// listens for it: without one it has nothing to do. No file, no socket of its own making. Ends when the firmware ends;
// boot then starts it again.
#include "device/common/sandbox/sandbox.h"
#include "device/gateway/network_side.h"

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fcntl.h>

namespace {
using namespace basalt;
constexpr int frame_channel = 3, network_socket = 4;
constexpr int lacking = 4;

void say(std::string_view words) {
    std::fprintf(stderr, "gateway: %.*s\n", static_cast<int>(words.size()), words.data());
}
int end(std::string_view words) {
    say(words);
    return lacking;
}

/// Seconds of this program's life on this computer, which no clock that is set can move.
Tick monotonic_now() {
    std::timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return {static_cast<std::uint64_t>(now.tv_sec)};
}

/// Passes on what has arrived at one end. False when that end is gone.
template <class Forward>
bool pass_on(hal::Seqpacket& from, Forward forward) {
    std::array<std::uint8_t, max_frame_size> buffer;
    // A bounded number, so that a flood at one end does not keep the other from being heard.
    for (int i = 0; i < link::frames_a_tick; ++i) {
        const auto received = from.receive(buffer, hal::Wait::no);
        if (received.arrival == hal::Arrival::nothing) return true;
        if (received.arrival == hal::Arrival::ended) return false;
        forward(received.arrival == hal::Arrival::frame ? ByteView{buffer}.first(received.size) : ByteView{});
    }
    return true;
}

/// Without a network it waits for the firmware's end, and passes nothing.
class Ends {
  public:
    explicit Ends(bool network) {
        if (network) network_.emplace(firmware_);
    }
    int live() {
        std::array<pollfd, 1 + gateway::NetworkSide::poll_count> ends;
        for (;;) {
            ends.fill({-1, 0, 0});
            ends[0] = {firmware_.get(), POLLIN, 0};
            const auto sockets = std::span{ends}.subspan<1, gateway::NetworkSide::poll_count>();
            const Tick before = monotonic_now();
            if (network_ && last_second_ != before) {
                last_second_ = before;
                network_->side.on_second(before);
            }
            if (network_) network_->side.wants(sockets);
            if (::poll(ends.data(), ends.size(), network_ ? 1'000 : -1) < 0) {
                if (errno == EINTR) continue;
                return end("Waiting for its channels failed, so the gateway ends. Boot starts it again.");
            }
            if (ends[0].revents != 0 && !pass_on(firmware_, [this](ByteView frame) { on_firmware(frame); })) return 0;
            if (network_) network_->side.serve(sockets, monotonic_now());
        }
    }

  private:
    struct WithNetwork {
        explicit WithNetwork(hal::Port& firmware)
            : side(hal::Descriptor{network_socket}, firmware, say), filter(firmware, side) {
            side.attach(filter);
        }
        gateway::NetworkSide side;
        gateway::Gateway filter;
    };
    void on_firmware(ByteView frame) {
        if (!network_) return;
        const auto decoded = link::LinkFrames::decode(frame);
        const auto* certified = decoded ? std::get_if<link::Certified>(&*decoded) : nullptr;
        if (certified != nullptr)
            network_->side.on_certified(*certified, monotonic_now());
        else
            network_->filter.on_firmware(frame);
    }

    // It cannot make the gateway wait: what it does not take is dropped and counted.
    hal::Seqpacket firmware_{hal::Descriptor{frame_channel}, hal::Wait::no};
    std::optional<WithNetwork> network_;
    std::optional<Tick> last_second_;
};
}  // namespace

int main() {
    if (!sandbox::die_with_parent())
        return end(
            "It could not tie itself to the process that started it, or that one has ended, so it does not start. Boot "
            "starts it again.");
    const std::array keep{frame_channel, network_socket};
    if (!sandbox::close_all_except(keep))
        return end("The kernel cannot close inherited descriptors, so the gateway does not start. Use a newer kernel.");
    const bool listens = ::fcntl(network_socket, F_GETFD) >= 0;
    const bool network = listens && gateway::TlsServer::prepare();
    if (listens && !network)
        say("OpenSSL does not start, so nobody is let in from the network. Switch the pump off and on.");
    if (const auto confined = sandbox::confine({.program = sandbox::Program::gateway, .files = {}}); !confined)
        return end(sandbox::in_words(confined.error()));
    return Ends{network}.live();
}
