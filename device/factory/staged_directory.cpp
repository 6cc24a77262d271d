#include "device/factory/staged_directory.h"

#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace basalt::factory {
namespace {

std::unexpected<Error> io(std::string_view what, const std::filesystem::path& path, int error) {
    const char* next = error == ENOSPC || error == EDQUOT ? "Make room on the disk, then try again."
                       : error == EROFS || error == EACCES || error == EPERM
                           ? "Choose a place that you may write to (--state DIR), then try again."
                           : "Check the place, then try again.";
    return fail(ErrorCode::io, fmt::format("{} {} cannot be made: {}.", what, path.string(), std::strerror(error)),
                next);
}

std::string hidden_beginning(const std::filesystem::path& place) { return "." + place.filename().string() + ".new-"; }

/// The lock says that somebody is making this directory; it is gone with them, however they end. -1: somebody is.
int lock_directory(const std::filesystem::path& directory) noexcept {
    const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
    if (fd >= 0) ::close(fd);
    return -1;
}

void remove_abandoned(const std::filesystem::path& place) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{place.parent_path(), error}) {
        if (!entry.path().filename().string().starts_with(hidden_beginning(place))) continue;
        const int lock = lock_directory(entry.path());
        if (lock < 0) continue;
        std::filesystem::remove_all(entry.path(), error);
        ::close(lock);
    }
}

/// What a crash must not undo: a directory's entries.
void keep_entries(const std::filesystem::path& directory) noexcept {
    const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    ::fsync(fd);
    ::close(fd);
}

}  // namespace

Result<StagedDirectory> StagedDirectory::for_place(const std::filesystem::path& target) {
    std::error_code error;
    const auto whole = std::filesystem::absolute(target, error).lexically_normal();
    const auto place = whole.has_filename() ? whole : whole.parent_path();  // "dir/" is "dir"
    std::filesystem::create_directories(place.parent_path(), error);
    if (error) return io("The directory", place.parent_path(), error.value());
    remove_abandoned(place);
    std::string hidden = (place.parent_path() / (hidden_beginning(place) + "XXXXXX")).string();
    if (::mkdtemp(hidden.data()) == nullptr) return io("The directory", place, errno);  // mode 0700
    const int lock = lock_directory(hidden);
    if (lock < 0) return io("The directory", place, EBUSY);
    return StagedDirectory{hidden, place, lock};
}

StagedDirectory::StagedDirectory(StagedDirectory&& from) noexcept
    : path_{std::exchange(from.path_, {})},
      target_{std::exchange(from.target_, {})},
      lock_{std::exchange(from.lock_, -1)} {}

StagedDirectory::~StagedDirectory() {
    std::error_code ignored;  // there is nobody to tell, and nothing at the place itself
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    if (lock_ >= 0) ::close(lock_);
}

Result<void> StagedDirectory::directory(const std::filesystem::path& relative) {
    auto at = path_;
    for (const auto& part : relative) {
        at /= part;
        if (::mkdir(at.c_str(), 0700) != 0 && errno != EEXIST) return io("The directory", at, errno);
    }
    return {};
}

Result<void> StagedDirectory::file(const std::filesystem::path& relative, ByteView bytes) {
    if (const auto made = directory(relative.parent_path()); !made) return made;
    const auto path = path_ / relative;
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return io("The file", path, errno);
    int error = 0;
    while (!bytes.empty() && error == 0) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written >= 0)
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        else if (errno != EINTR)
            error = errno;
    }
    if (error == 0 && ::fsync(fd) != 0) error = errno;
    if (::close(fd) != 0 && error == 0) error = errno;
    if (error != 0) return io("The file", path, error);
    return {};
}

Result<void> StagedDirectory::publish() {
    keep_entries(path_);
    if (::rename(path_.c_str(), target_.c_str()) != 0) return io("The directory", target_, errno);
    path_.clear();
    keep_entries(target_.parent_path());
    return {};
}

}  // namespace basalt::factory
