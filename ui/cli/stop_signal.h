// ui/cli/stop_signal.h: Ctrl-C, or a request to end, as an event that is waited for and not a jump into the middle.
#pragma once

namespace basalt::cli {

class StopSignal {
  public:
    /// From here on SIGINT, SIGTERM and SIGHUP wait to be asked for. Programs that are started later do not inherit
    /// this.
    StopSignal();
    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;
    ~StopSignal();

    /// True once one has come. Waits for it at most this long. After the first, the next one ends the process at once:
    /// whoever presses Ctrl-C twice means it.
    bool came(int within_ms);

  private:
    void let_through() const noexcept;
    int signals_;
    bool came_ = false;
};

}  // namespace basalt::cli
