// scenarios/bench/listener.h: the device's network socket: in the simulator the board's, which hands it down, so that
// no program of the device needs the right to make one.
#pragma once
#include "device/common/result.h"
#include "device/hal/seqpacket.h"

namespace basalt::bench {

/// A TCP socket that listens on 127.0.0.1, and nowhere else. Nobody is let in by it: who accepts decides.
class Listener {
  public:
    /// `port` 0: the kernel chooses one. Errors: refused: the port is in use; io.
    static Result<Listener> open(std::uint16_t port);
    int get() const noexcept { return socket_.get(); }
    std::uint16_t port() const noexcept { return port_; }

  private:
    Listener(hal::Descriptor socket, std::uint16_t port) noexcept : socket_(std::move(socket)), port_(port) {}
    hal::Descriptor socket_;
    std::uint16_t port_;
};

}  // namespace basalt::bench
