// device/factory/staged_directory.h: a directory that is made whole or not at all.
#pragma once
#include "device/common/codec.h"
#include "device/common/result.h"

#include <filesystem>

namespace basalt::factory {

/// Grows beside its final place, under a hidden name, and is moved there in one step: a power cut, a full disk or an
/// error leaves nothing at the place itself. Removed by the destructor unless it was published. All of it is for its
/// owner alone: directories 0700, files 0600.
class StagedDirectory {
  public:
    /// `target`: where it shall be: a path where nothing is, or an empty directory. Directories above it are made.
    /// Errors: io.
    static Result<StagedDirectory> for_place(const std::filesystem::path& target);

    StagedDirectory(StagedDirectory&& from) noexcept;
    StagedDirectory& operator=(StagedDirectory&&) = delete;
    ~StagedDirectory();

    const std::filesystem::path& path() const noexcept { return path_; }
    /// A directory in it, those above it too. Errors: io.
    Result<void> directory(const std::filesystem::path& relative);
    /// A file in it, on the disk when it returns. Errors: io (full, too).
    Result<void> file(const std::filesystem::path& relative, ByteView bytes);
    /// Moves it to its place. Errors: io: something has come there meanwhile.
    Result<void> publish();

  private:
    StagedDirectory(std::filesystem::path path, std::filesystem::path target, int lock)
        : path_{std::move(path)}, target_{std::move(target)}, lock_{lock} {}
    std::filesystem::path path_, target_;
    int lock_ = -1;  ///< on the directory, as long as somebody is making it
};

}  // namespace basalt::factory
