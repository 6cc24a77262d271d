// scenarios/bench/screen_client.h: the pump's own screen as the bench plays it: it asks the firmware over the screen
// channel, which no network part touches.
#pragma once
#include "device/hal/screen_frames.h"
#include "scenarios/bench/simulation.h"

#include <string>
#include <vector>

namespace basalt::bench {

class ScreenClient {
  public:
    /// `simulation` is switched on, and outlives this.
    explicit ScreenClient(Simulation& simulation) : simulation_(simulation) {}

    /// Lets the device live until its firmware was accepted, or for at most two minutes of its time. False: no firmware
    /// runs that could answer. Whether it has a network changes nothing.
    Result<bool> wait_until_reachable();

    /// Asks, and lets the device live until the last reply is there; asks again where the firmware was started anew.
    /// `from`: the first row, where rows are asked for. Returns: the bodies of all replies, in order. Errors:
    /// check_failed: no answer within two minutes of the device's time; refused: the device's own sentence,
    ///          cleaned by shown(); unreadable: more replies than hal::max_screen_replies.
    /// The bodies are as they came: whoever shows their words cleans them.
    Result<std::vector<std::string>> ask(hal::ScreenQuestion question, std::uint64_t from = 0);

  private:
    enum class Heard : std::uint8_t { noise, more, last, nobody };
    Result<Heard> one_reply(std::uint32_t id, std::vector<std::string>& bodies);
    Simulation& simulation_;
    std::uint32_t last_id_ = 0;
};

}  // namespace basalt::bench
