// device/hal/port.h: one end of a channel between two neighbours, as the device's programs see it.
#pragma once
#include "device/common/codec.h"

namespace basalt::hal {

/// Where frames go out. A program owns no channel and polls none: its main() (device/hal/seqpacket.h), or a test that
/// joins several programs in one process, feeds it what arrived and hands it Ports for what it says.
class Port {
  public:
    virtual ~Port() = default;
    /// Sends one frame, whole. Never blocks for longer than the neighbour's kernel buffer is full.
    /// Returns: false when the neighbour is gone or the frame does not fit; the caller hears of an end by its own event.
    virtual bool send(ByteView frame) noexcept = 0;

  protected:
    Port() = default;
    Port(const Port&) = default;
    Port& operator=(const Port&) = default;
};

}  // namespace basalt::hal
