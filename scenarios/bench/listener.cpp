#include "scenarios/bench/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace basalt::bench {
namespace {
/// Connections that wait for the gateway: it takes them as soon as it has its certificate.
constexpr int waiting = 16;
}  // namespace

Result<Listener> Listener::open(std::uint16_t port) {
    hal::Descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    // A port that a run of a moment ago had is free again, though the kernel still remembers its connections.
    const int yes = 1;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    const bool listens = socket && ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
                         ::bind(socket.get(), plain, size) == 0 && ::listen(socket.get(), waiting) == 0 &&
                         ::getsockname(socket.get(), plain, &size) == 0;
    if (listens) return Listener{std::move(socket), ntohs(address.sin_port)};
    const std::string which = "The pump cannot listen on port " + std::to_string(port) + " of this computer: ";
    if (errno == EADDRINUSE)
        return fail(ErrorCode::refused, which + "another program, or another pump, has it.",
                    "End that program, or choose another port; 0 takes any that is free.");
    return fail(ErrorCode::io, which + std::strerror(errno) + ".", "Choose another port; 0 takes any that is free.");
}

}  // namespace basalt::bench
