// tpm/simulator.h: swtpm as a child process: the TPM chip of the simulated board, with its power switch.
#pragma once
#include "tpm/result.h"

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace basalt::tpm {

struct SimulatorPlaces {
    std::filesystem::path state;  ///< the TPM's memory; made with mode 0700 when it is not there
    std::filesystem::path run;    ///< private directory for the sockets tpm and tpm.ctrl; its path at most 90 bytes
    std::filesystem::path program = "/usr/bin/swtpm";
};

/// A running swtpm. Move-only; the destructor cuts the power, waits for the end (no zombie) and removes the sockets.
/// Call start() from the main thread only: the child is killed with the thread that forked it.
/// What swtpm answered survives its being killed. It never calls fsync (0.7.1), so it does not survive a power cut of
/// the computer under it; a real chip does.
class Simulator {
  public:
    /// Returns when the TPM answers (about 15 ms), after TPM2_Startup(CLEAR).
    /// Errors: missing (swtpm is not installed, with the remedy), io (state in use, unreadable, read-only, path too
    /// long).
    static Result<Simulator> start(const SimulatorPlaces& places);

    Simulator(Simulator&& from) noexcept;
    Simulator& operator=(Simulator&& from) noexcept;
    ~Simulator();

    /// For Tpm::connect: "swtpm:path=<run>/tpm". The same after each start.
    std::string tcti() const;
    pid_t pid() const noexcept { return pid_; }
    /// False once it has ended by itself or by us. Never blocks.
    bool running() noexcept;

    /// TPM2_Shutdown, then SIGTERM, then the exit status. At most about a second: whoever still holds the connection
    /// makes the shutdown impossible, and then the power is cut.
    Result<void> stop();
    /// SIGKILL: the power fails. Returns when the process is gone.
    void power_cut() noexcept;
    /// power_cut() and start again: what the board's reset line does to the TPM.
    Result<void> power_cycle();

  private:
    explicit Simulator(SimulatorPlaces places) noexcept : places_{std::move(places)} {}
    Result<void> launch();
    SimulatorPlaces places_;
    pid_t pid_ = -1;
};

}  // namespace basalt::tpm
