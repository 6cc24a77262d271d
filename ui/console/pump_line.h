// ui/console/pump_line.h: the console's line to the pump: TLS, session and one command at a time, in a thread of its
// own, so that the window never waits.
#pragma once
#include "device/link/client_end.h"
#include "device/link/tls_client.h"
#include "ui/view/line.h"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace basalt::console {

class PumpLine {
  public:
    /// Where the pump listens, and the folder of this console's certificates (host/clients).
    struct Place {
        std::uint16_t port = 0;
        std::filesystem::path clients;
    };
    using Body = std::vector<std::uint8_t>;
    /// Makes a command's body at the moment it is sent: a badge signs what belongs to this session and number alone.
    /// Called in the line's own thread. An error is told, and nothing is sent.
    using Order = std::function<Result<Body>(const link::ClientEnd&, const link::ClientPapers&)>;

    explicit PumpLine(Place place);
    /// Says goodbye. Waits for the thread: at most connect_ms.
    ~PumpLine();
    PumpLine(const PumpLine&) = delete;
    PumpLine& operator=(const PumpLine&) = delete;

    /// The pump's seconds: the session's time runs with them. Never going back.
    void clock(std::uint64_t now_s) noexcept { now_s_ = now_s; }
    /// Connects, and connects again when the line is lost; or leaves it.
    void want(bool wanted);
    bool wanted() const;
    /// False: another command is under way, or no session stands.
    bool send(Order order);
    std::vector<view::LineNews> take_news();

    static constexpr int connect_ms = 1'500;

  private:
    class Session;
    void work();
    void tell(view::LineNews news);
    bool pause(int milliseconds);

    const Place place_;
    std::atomic<std::uint64_t> now_s_{0};
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool stop_ = false, wanted_ = false, leave_ = false, stands_ = false, under_way_ = false;
    std::optional<Order> order_;
    std::vector<view::LineNews> news_;
    std::thread thread_;
};

}  // namespace basalt::console
