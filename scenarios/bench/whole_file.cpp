#include "scenarios/bench/whole_file.h"

#include "device/hal/seqpacket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace basalt::bench {

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

}  // namespace basalt::bench
