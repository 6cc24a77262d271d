// ui/console/sound.h: the pump's loudspeaker.
#pragma once
#include "device/hal/board_frames.h"

#include <cstdint>

namespace basalt::console {

class Sound {
  public:
    /// Without a sound device it stays silent; silent() says so, and the screen must.
    Sound();
    Sound(const Sound&) = delete;
    Sound& operator=(const Sound&) = delete;
    ~Sound();
    bool silent() const noexcept { return device_ == 0; }

    /// What is to be heard from now on. `now_ms` is the host's steady clock. A more urgent alarm interrupts the one
    /// that sounds; none ends it at once.
    void play(hal::Priority priority, std::int64_t now_ms);

  private:
    std::uint32_t device_ = 0;
    hal::Priority playing_ = hal::Priority::none;
    std::int64_t next_burst_ms_ = 0;
};

}  // namespace basalt::console
