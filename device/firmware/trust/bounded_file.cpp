#include "device/firmware/trust/bounded_file.h"

#include "device/hal/seqpacket.h"

#include <sys/stat.h>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace basalt::firmware {

Result<tpm::ByteVector> read_bounded(const std::filesystem::path& file, std::size_t longest) {
    // O_NONBLOCK: opening a pipe without a writer would wait for ever, at each start.
    const hal::Descriptor in{::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    const bool linked = !in && errno == ELOOP;
    if (!in && !linked)
        return fail(ErrorCode::missing, "The file " + file.string() + " cannot be opened.",
                    "Provision the device, or restore it.");
    struct stat about{};
    if (linked || ::fstat(in.get(), &about) != 0 || !S_ISREG(about.st_mode))
        return fail(ErrorCode::unreadable,
                    "In the place of the file " + file.string() + " stands something else, such as a pipe or a link.",
                    "Restore the device, or provision it again.");
    tpm::ByteVector bytes(longest + 1);
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t n = ::read(in.get(), bytes.data() + size, bytes.size() - size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0)
            return fail(ErrorCode::unreadable, "The file " + file.string() + " cannot be read.",
                        "Restore the device, or provision it again.");
        if (n == 0) break;
        size += static_cast<std::size_t>(n);
    }
    bytes.resize(size);
    if (size > longest)
        return fail(ErrorCode::unreadable, "The file " + file.string() + " is longer than it can be.",
                    "Restore the device, or provision it again.");
    return bytes;
}

}  // namespace basalt::firmware
