// device/boot/files.h: how boot reads and writes a directory that an attacker may have filled.
#pragma once
#include "device/common/codec.h"
#include "device/common/image_verdict.h"
#include "device/hal/seqpacket.h"

#include <cstddef>
#include <expected>

namespace basalt::boot {

/// A whole file in memory of this process's own. It is read once: what was verified is what is used, whatever happens
/// to the file afterwards.
class FileBytes {
  public:
    FileBytes() noexcept = default;
    FileBytes(FileBytes&& other) noexcept;
    FileBytes& operator=(FileBytes&& other) noexcept;
    FileBytes(const FileBytes&) = delete;
    FileBytes& operator=(const FileBytes&) = delete;
    ~FileBytes();
    ByteView view() const noexcept { return {data_, size_}; }

  private:
    friend class Directory;
    std::uint8_t* data_ = nullptr;
    std::size_t size_ = 0;  // of the mapping too
};

class Directory {
  public:
    /// `path` stays the caller's. A directory that is not there is found out by the first read.
    explicit Directory(const char* path) noexcept;

    /// Reads `name`, a path below the directory.
    /// Errors:  missing; unreadable: a link, a pipe or anything else that is no plain file, larger than `most`, or an
    /// error
    ///          of the disk.
    /// Rely on: never waits for a writer, as reading a pipe would.
    std::expected<FileBytes, ImageVerdict> read(const char* name, std::size_t most) const noexcept;

    /// Puts `bytes` in the place of `name`, whole or not at all: written beside it as `temporary`, synced, renamed.
    /// Returns false when the disk refuses; then the old file is still there.
    bool replace(const char* name, const char* temporary, ByteView bytes) const noexcept;

  private:
    hal::Descriptor directory_;
};

}  // namespace basalt::boot
