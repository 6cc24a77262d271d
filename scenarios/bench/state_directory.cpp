#include "scenarios/bench/state_directory.h"

#include "scenarios/bench/kept_record.h"

#include <sys/file.h>
#include <sys/statvfs.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace basalt::bench {
namespace {

namespace fs = std::filesystem;

// What a day of a running device adds to its databases, with room to spare.
constexpr std::uint64_t needed_bytes = 16ULL << 20;

fs::path lock_file(const fs::path& state) { return state / "host" / "running"; }

hal::Descriptor open_lock(const fs::path& state) {
    return hal::Descriptor{::open(lock_file(state).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
}

Result<void> has_room(const fs::path& state) {
    struct statvfs disk{};
    if (::statvfs(state.c_str(), &disk) != 0)
        return std::unexpected{cannot("The state directory cannot be read:", state.string(), errno)};
    if ((disk.f_flag & ST_RDONLY) != 0)
        return std::unexpected{cannot("The state directory cannot be written:", state.string(), EROFS)};
    if (std::uint64_t{disk.f_bavail} * disk.f_frsize < needed_bytes)
        return std::unexpected{cannot("The state directory has less than 16 MB of room:", state.string(), ENOSPC)};
    return {};
}

// Every place that a run writes to. Root passes this on a directory without write permission, and then can write there.
Result<void> is_writable(const fs::path& state) {
    for (const char* part : {"flash/db", "flash/boot", "chip", "chip/tpm", "host"})
        if (::access((state / part).c_str(), W_OK) != 0)
            return std::unexpected{cannot("The state directory cannot be written:", (state / part).string(), errno)};
    return {};
}

}  // namespace

Result<fs::path> default_state_directory() {
    if (const char* own = std::getenv("XDG_STATE_HOME"); own != nullptr && own[0] == '/')
        return fs::path{own} / "basalt";
    if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/')
        return fs::path{home} / ".local" / "state" / "basalt";
    return fail(ErrorCode::missing, "There is no home directory to keep the device in.",
                "Say where, as in: --state DIR");
}

Result<StateDirectory> StateDirectory::open(const fs::path& path) {
    auto what = factory::read_state_file(path);
    if (!what) return std::unexpected{what.error()};
    if (auto room = has_room(path); !room) return std::unexpected{room.error()};
    if (auto writable = is_writable(path); !writable) return std::unexpected{writable.error()};

    StateDirectory state;
    state.path_ = path;
    state.what_ = *what;
    state.lock_ = open_lock(path);
    if (!state.lock_)
        return std::unexpected{cannot("The state directory cannot be written:", lock_file(path).string(), errno)};
    if (::flock(state.lock_.get(), LOCK_EX | LOCK_NB) != 0)
        return fail(ErrorCode::refused, "This device is running already: " + path.string() + ".",
                    "End that run first (basalt device stop), or choose another device with --state.");
    // Whatever it is opened for, from now on it can be asked to end. A note of an earlier run would name a process that
    // may be anybody's now.
    state.note("");
    return state;
}

void StateDirectory::note_alive() const { note("alive\n"); }

void StateDirectory::note(std::string_view words) const {
    const std::string note = std::to_string(::getpid()) + "\n" + std::string{words};
    // It only serves the sentence that others print; the lock is what counts.
    (void)!::ftruncate(lock_.get(), 0);
    (void)!::pwrite(lock_.get(), note.data(), note.size(), 0);
}

Result<Holder> holder_of(const fs::path& path) {
    if (auto what = factory::read_state_file(path); !what) return std::unexpected{what.error()};
    const hal::Descriptor lock{::open(lock_file(path).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!lock)
        return errno == ENOENT
                   ? Result<Holder>{Holder{}}
                   : std::unexpected{cannot("It cannot be seen whether the device runs:", path.string(), errno)};
    if (::flock(lock.get(), LOCK_SH | LOCK_NB) == 0) return Holder{};
    std::array<char, 32> note{};
    const ssize_t got = ::pread(lock.get(), note.data(), note.size(), 0);
    const std::string_view words{note.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
    Holder holder;
    (void)std::from_chars(words.data(), words.data() + words.size(), holder.process);
    holder.alive = words.ends_with("\nalive\n");
    return holder.process > 0 ? Result<Holder>{holder}
                              : fail(ErrorCode::io, "The device is running, but it is not known in which process.",
                                     "Wait a moment and ask again.");
}

}  // namespace basalt::bench
