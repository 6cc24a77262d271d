// tests/powercut/crash_disk/crash_disk.h: a disk in memory, offered to SQLite as a VFS. It notes every operation below
// the encryption; afterwards the power is cut at each of them in turn, and what a real disk might then hold is read
// back.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basalt::test {

using Content = std::vector<std::uint8_t>;
/// What stands on a disk: names and contents.
using DiskImage = std::map<std::string, Content>;

/// What of the writes that were not yet synced when the power went is there afterwards.
enum class Survivors : std::uint8_t {
    none,  ///< only what was synced
    all,   ///< the disk was quick
    some,  ///< any subset, each write torn at any 512 bytes; removals and creations too
};

struct Operation {
    enum class Kind : std::uint8_t { create, write, truncate, sync, remove } kind;
    std::size_t inode = 0;   ///< a file that is removed and made again is another file
    std::string name;        ///< create, remove
    std::size_t offset = 0;  ///< write: where; truncate: new size
    Content bytes;           ///< write
};

/// Registered as a VFS under name() for as long as it lives. One thread.
class CrashDisk {
  public:
    explicit CrashDisk(const DiskImage& image = {});
    ~CrashDisk();
    CrashDisk(const CrashDisk&) = delete;
    CrashDisk& operator=(const CrashDisk&) = delete;

    const char* name() const noexcept { return name_.c_str(); }
    DiskImage image() const;  ///< as it stands now
    const std::vector<Operation>& operations() const noexcept { return operations_; }
    const DiskImage& begun_with() const noexcept { return begin_; }

    /// The disk is full from so many further written bytes on: a write beyond fails, as the system's files do. nullopt:
    /// not.
    void full_after(std::optional<std::size_t> bytes) noexcept { space_ = bytes; }
    /// So many operations succeed, then every later one fails: a disk that died, or a program killed there.
    void die_after(std::optional<std::size_t> operations) noexcept { alive_for_ = operations; }

    struct Impl;  ///< the VFS's functions: they alone reach what follows
  private:
    friend struct Impl;
    /// False: the operation fails, and nothing of it happens.
    bool take(Operation operation);
    std::string name_;
    DiskImage begin_;
    std::vector<Content> inodes_;
    std::map<std::string, std::size_t> names_;
    std::vector<Operation> operations_;
    std::optional<std::size_t> space_, alive_for_;
    std::unique_ptr<Impl> impl_;
};

/// Calls `look` with what the disk may hold when the power goes just before operation `at` (0 ... the number of
/// operations: after the last), for every `at` from `first` on: with Survivors none, all, and `some` of them `subsets`
/// times.
void cut_everywhere(const CrashDisk& disk, std::uint64_t seed, int subsets, std::size_t first,
                    const std::function<void(std::size_t at, const DiskImage& image)>& look);

}  // namespace basalt::test
