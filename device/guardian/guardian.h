// device/guardian/guardian.h: the guardian between its three channels. It owns no clock and no descriptor: what arrives
// is fed to it, what it says goes out of three ports. main.cpp joins it to sockets; tests and campaigns join it by
// queues. What it decides stands in step.h; here bytes become inputs, and effects become bytes.
#pragma once
#include "device/common/authority.h"
#include "device/guardian/step.h"
#include "device/hal/port.h"

namespace basalt::guardian {

class Guardian {
  public:
    /// `rom`: whose signature makes a profile good. It and the ports must outlive the guardian; a port may lead nowhere
    /// yet. About 130 KiB: keep it static, on a large stack, or (tests) on the heap. Allocates nothing itself.
    Guardian(hal::Port& board, hal::Port& boot, hal::Port& firmware, const Authority& rom) noexcept
        : board_(board), boot_(boot), firmware_(firmware), rom_(rom) {}

    /// Asks the board for its memory. The rest follows from on_board(). Call once.
    void start() noexcept { ask_for_memory(); }

    /// One packet of a channel. What is no frame of it is dropped and counted.
    void on_board(ByteView frame) noexcept;
    void on_boot(ByteView frame) noexcept;
    void on_firmware(ByteView frame) noexcept;
    /// The channel ended: that side is dead. Right after a PullReset it is no news.
    void on_boot_end() noexcept { take(Ended{hal::Side::boot}); }
    void on_firmware_end() noexcept { take(Ended{hal::Side::firmware}); }

    /// Whom to read from now. Between ticks, and while the guardian reads its memory or waits for it: the board.
    Waiting waiting() const noexcept { return held_.size() == 0 ? state_.waiting : Waiting::board; }
    /// The board did not take what was said, or never did what it was asked: nothing more will be. The program ends,
    /// and the watchdog starts it anew.
    bool board_lost() const noexcept { return board_lost_; }
    /// For tests and screens in the same process.
    const State& state() const noexcept { return state_; }

  private:
    template <class Frame>
    void tell_board(const Frame& frame) noexcept;
    void ask_for_memory() noexcept;
    void take_memory(const hal::MemoryData& data) noexcept;
    void take(const Input& input) noexcept;
    void perform(const Effects& effects) noexcept;
    void perform(const Effect& effect) noexcept;
    void perform_held() noexcept;
    void hold(const Effect& effect) noexcept;
    void write(std::uint32_t offset, ByteView data) noexcept;
    hal::RingEntries entries_from(std::uint32_t from, std::uint32_t newest) const noexcept;

    hal::Port& board_;
    hal::Port& boot_;
    hal::Port& firmware_;
    const Authority& rom_;
    MemoryBytes memory_{};    ///< as it was read at start
    std::uint32_t read_ = 0;  ///< so many bytes of it
    bool board_lost_ = false;
    bool unsynced_ = false;  ///< something was written that the board may not have done yet
    Effects held_;           ///< what is to be done after MemorySynced, in this order
    State state_;
};

}  // namespace basalt::guardian
