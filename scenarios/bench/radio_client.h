// scenarios/bench/radio_client.h: somebody outside who asks the pump over its radio: through the gateway to the
// firmware.
#pragma once
#include "device/link/frame_channel.h"
#include "scenarios/bench/simulation.h"

#include <string>
#include <vector>

namespace basalt::bench {

class RadioClient {
  public:
    /// `simulation` is switched on, and outlives this.
    explicit RadioClient(Simulation& simulation) : simulation_(simulation) {}

    /// Lets the device live until its firmware was accepted and its gateway listens, or for at most two minutes of its
    /// time. False: no firmware runs that could answer.
    Result<bool> wait_until_reachable();

    /// Asks, and lets the device live until the last reply is there.
    /// Returns: the bodies of all replies, in order.
    /// Errors:  check_failed: no answer within two minutes of the device's time; refused: the device's own sentence,
    ///          cleaned by shown(); unreadable: more replies than link::max_replies.
    /// The bodies are as they came: whoever shows their words cleans them.
    Result<std::vector<std::string>> ask(link::Operation operation, ByteView argument);

  private:
    Result<bool> one_reply(std::uint32_t id, std::vector<std::string>& bodies);
    Simulation& simulation_;
    std::uint32_t last_id_ = 0;
};

}  // namespace basalt::bench
