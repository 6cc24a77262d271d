#include "scenarios/bench/whole_file.h"

#include "device/hal/seqpacket.h"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace basalt::bench {
namespace {

bool write_all(int to, std::string_view text) noexcept {
    while (!text.empty()) {
        const ssize_t wrote = ::write(to, text.data(), text.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return true;
}

}  // namespace

Result<std::string> read_whole_file(const std::filesystem::path& file, std::string_view called,
                                    std::string_view next_step, std::size_t most) {
    const auto refused = [&](ErrorCode code, const std::string& why) {
        return fail(code, std::string{called} + " cannot be read: " + file.string() + ": " + why + ".",
                    std::string{next_step});
    };
    const hal::Descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)};
    if (!opened) return refused(ErrorCode::io, std::strerror(errno));
    std::string text;
    std::array<char, 65'536> piece;
    for (;;) {
        const ssize_t got = ::read(opened.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return refused(ErrorCode::io, std::strerror(errno));
        if (got == 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(got));
        if (text.size() > most)
            return refused(ErrorCode::unreadable, "it is longer than " + std::to_string(most) + " bytes");
    }
}

Result<void> write_whole_file(const std::filesystem::path& file, std::string_view called, std::string_view text) {
    const auto refused = [&](ErrorCode code, const std::string& why) {
        return fail(code, std::string{called} + " cannot be written: " + file.string() + ": " + why + ".",
                    "Name a file in a folder that you may write to, on a disk with room.");
    };
    std::error_code error;
    const auto there = std::filesystem::status(file, error);
    if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there))
        return refused(ErrorCode::refused, "it is no ordinary file");
    // Nobody else's file is opened in its place: the name is new, and no link is followed.
    const mode_t mode =
        std::filesystem::exists(there) ? static_cast<mode_t>(there.permissions()) & 0777U : mode_t{0600};
    std::string beside;
    hal::Descriptor out;
    for (int n = 0; n < 100 && !out; ++n) {  // a program that was killed may have left some
        beside = file.string() + "." + std::to_string(::getpid()) + "-" + std::to_string(n) + ".part";
        out = hal::Descriptor{::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
        if (!out && errno != EEXIST) break;
    }
    if (!out) return refused(ErrorCode::io, std::strerror(errno));
    if (!write_all(out.get(), text) || ::fchmod(out.get(), mode) != 0 || ::fsync(out.get()) != 0 ||
        ::rename(beside.c_str(), file.c_str()) != 0) {
        const std::string why = std::strerror(errno);
        ::unlink(beside.c_str());
        return refused(ErrorCode::io, why);
    }
    return {};
}

}  // namespace basalt::bench
