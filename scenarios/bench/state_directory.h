// scenarios/bench/state_directory.h: one device's files, held by one simulator at a time. Page:
// docs/formats/state-directory.md.
#pragma once
#include "device/factory/state_file.h"
#include "device/hal/seqpacket.h"

#include <filesystem>
#include <string_view>

namespace basalt::bench {

/// $XDG_STATE_HOME/basalt, else ~/.local/state/basalt. Errors: missing (neither is known).
Result<std::filesystem::path> default_state_directory();

class StateDirectory {
  public:
    /// Opens the device there and holds it until the end of this process, however that comes: the lock is the kernel's.
    /// Errors:  missing (no device there), refused (another simulator has it; a newer Basalt made it), unreadable,
    ///          io (read-only, full, not ours). One sentence each, and nothing is changed.
    static Result<StateDirectory> open(const std::filesystem::path& path);

    const std::filesystem::path& path() const noexcept { return path_; }
    std::filesystem::path flash() const { return path_ / "flash"; }
    std::filesystem::path chip() const { return path_ / "chip"; }
    std::filesystem::path host() const { return path_ / "host"; }
    const factory::StateFile& what() const noexcept { return what_; }

    /// Adds to the note about who holds it, which others read: the device is switched on. For `device start`.
    void note_alive() const;

  private:
    StateDirectory() = default;
    void note(std::string_view words) const;
    std::filesystem::path path_;
    factory::StateFile what_;
    hal::Descriptor lock_;
};

struct Holder {
    int process = 0;     ///< 0: nobody
    bool alive = false;  ///< it has switched the device on: StateDirectory::note_alive()
};

/// Who holds the device in `path` at this moment. It is known as soon as StateDirectory::open() has returned there.
/// Errors: missing (no device there), io.
Result<Holder> holder_of(const std::filesystem::path& path);

}  // namespace basalt::bench
