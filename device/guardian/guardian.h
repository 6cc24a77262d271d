// device/guardian/guardian.h: the guardian between its three channels. It owns no clock and no descriptor: what arrives is
// fed to it, what it says goes out of three ports. main.cpp joins it to sockets; tests and campaigns join it by queues.
// What it decides stands in step.h.
#pragma once
#include "device/common/authority.h"
#include "device/guardian/step.h"
#include "device/hal/port.h"

namespace basalt::guardian {

/// Whom the guardian waits for. Only that side (and the board) needs to be read: what the others said meanwhile is read in
/// their turn, so that a run does not depend on who was faster.
enum class Waiting : std::uint8_t { board, boot, firmware };

class Guardian {
  public:
    /// `rom`: whose signature makes a profile good. Ports must outlive the guardian; they may point to nobody yet.
    /// About 120 KiB: keep it static or on a large stack. Allocates nothing.
    Guardian(hal::Port& board, hal::Port& boot, hal::Port& firmware, const Authority& rom) noexcept;

    /// Asks the board for its memory. The rest follows from on_board().
    void start() noexcept;

    void on_board(ByteView frame) noexcept;
    void on_boot(ByteView frame) noexcept;
    void on_firmware(ByteView frame) noexcept;
    /// The channel ended: the other side is dead, or its packet was longer than any frame.
    void on_boot_end() noexcept;
    void on_firmware_end() noexcept;

    Waiting waiting() const noexcept;
    /// For tests and screens in the same process; the guardian's own.
    const State& state() const noexcept { return state_; }

  private:
    void take(const Input& input) noexcept;

    hal::Port& board_;
    hal::Port& boot_;
    hal::Port& firmware_;
    const Authority& rom_;
    Memory memory_;
    State state_;
};

}  // namespace basalt::guardian
