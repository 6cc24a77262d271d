#include "device/boot/files.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace basalt::boot {

FileBytes::FileBytes(FileBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

FileBytes& FileBytes::operator=(FileBytes&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

FileBytes::~FileBytes() {
    if (data_ != nullptr) ::munmap(data_, size_);
}

Directory::Directory(const char* path) noexcept : directory_(::open(path, O_PATH | O_DIRECTORY | O_CLOEXEC)) {}

std::expected<FileBytes, ImageVerdict> Directory::read(const char* name, std::size_t most) const noexcept {
    // O_NONBLOCK: opening a pipe without a writer would wait for ever.
    const hal::Descriptor file{::openat(directory_.get(), name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    if (!file) return std::unexpected{errno == ENOENT ? ImageVerdict::missing : ImageVerdict::unreadable};
    struct stat about{};
    if (::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) return std::unexpected{ImageVerdict::unreadable};
    const auto size = static_cast<std::size_t>(about.st_size);
    if (about.st_size < 0 || size > most) return std::unexpected{ImageVerdict::unreadable};

    FileBytes bytes;
    if (size == 0) return bytes;
    void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return std::unexpected{ImageVerdict::unreadable};
    bytes.data_ = static_cast<std::uint8_t*>(memory);
    bytes.size_ = size;
    for (std::size_t at = 0; at < size;) {
        const ssize_t n = ::read(file.get(), bytes.data_ + at, size - at);
        if (n < 0 && errno == EINTR) continue;
        // 0: the file was cut while it was read. Zeros would follow, and no signature fits them; "unreadable" says it
        // better.
        if (n <= 0) return std::unexpected{ImageVerdict::unreadable};
        at += static_cast<std::size_t>(n);
    }
    return bytes;
}

bool Directory::replace(const char* name, const char* temporary, ByteView bytes) const noexcept {
    const hal::Descriptor file{::openat(directory_.get(), temporary,
                                        O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600)};
    if (!file) return false;
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t n = ::write(file.get(), bytes.data() + at, bytes.size() - at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += static_cast<std::size_t>(n);
    }
    return ::fsync(file.get()) == 0 && ::renameat(directory_.get(), temporary, directory_.get(), name) == 0;
}

}  // namespace basalt::boot
