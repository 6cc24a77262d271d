// scenarios/bench/board_files.h: what the board keeps in the state directory's chip/: the guardian's memory and the
// motor. Both survive a simulator that is killed at any moment. The page is docs/formats/board-files.md.
#pragma once
#include "device/hal/seqpacket.h"
#include "scenarios/bench/board.h"
#include "tpm/result.h"

#include <string>

namespace basalt::bench {

/// chip/guardian.mem: hal::memory_size bytes as they are.
class FileMemory final : public MemoryStore {
  public:
    /// Opens it; `create` makes one full of zeros where there is none. One that is too short or too long is refused.
    static Result<FileMemory> open(const std::string& file, bool create);
    bool read(std::uint32_t offset, std::span<std::uint8_t> into) noexcept override;
    bool write(std::uint32_t offset, ByteView data) noexcept override;

  private:
    explicit FileMemory(hal::Descriptor file) noexcept : file_(std::move(file)) {}
    hal::Descriptor file_;
};

/// chip/motor: two copies of a BoardRecord, written in turn, each with its number and digest: when a write is cut, the
/// copy before it counts.
class MotorFile {
  public:
    /// Opens it, or makes one with `fresh` in it where there is none. One in which neither copy is whole is refused:
    /// a motor that forgot its count could be told to give everything again.
    static Result<MotorFile> open(const std::string& file, const BoardRecord& fresh);
    const BoardRecord& last() const noexcept { return last_; }
    /// False: the disk is full or gone; the last copy is still whole.
    bool keep(const BoardRecord& record) noexcept;

    static constexpr std::size_t copy_size = 80;

  private:
    explicit MotorFile(hal::Descriptor file) noexcept : file_(std::move(file)) {}
    hal::Descriptor file_;
    BoardRecord last_;
    std::uint64_t number_ = 0;
};

}  // namespace basalt::bench
