// scenarios/bench/kept_record.h: one small record on disk that is whole at every moment: two copies, written in turn,
// each with its number and digest. When a write is cut, the copy before it counts. The page is
// docs/formats/board-files.md.
#pragma once
#include "device/common/codec.h"
#include "device/hal/seqpacket.h"
#include "tpm/result.h"

#include <optional>
#include <string>
#include <vector>

namespace basalt::bench {

class KeptRecord {
  public:
    /// Opens `file`, or makes one with `fresh` in it where there is none. `magic`: eight characters that say what it
    /// is; `called`: what people call it, as in "The motor's place". Every record of a file has the size of `fresh`.
    /// Errors: unreadable (neither copy is whole; nothing is changed), io.
    static Result<KeptRecord> open(const std::string& file, std::string_view magic, std::string_view called,
                                   ByteView fresh);

    /// Only looks: the newest whole copy, also while another process writes there.
    static Result<std::vector<std::uint8_t>> read(const std::string& file, std::string_view magic,
                                                  std::string_view called, std::size_t size);

    ByteView last() const noexcept { return last_; }
    /// False: the disk is full or gone; the last copy is still whole.
    bool keep(ByteView record) noexcept;

    /// Around each copy: magic, number, digest.
    static constexpr std::size_t overhead = 8 + 8 + 32;

  private:
    KeptRecord(hal::Descriptor file, std::string_view magic) : file_(std::move(file)), magic_(magic) {}
    std::vector<std::uint8_t> copy_of(ByteView record, std::uint64_t number) const;
    hal::Descriptor file_;
    std::string magic_;
    std::vector<std::uint8_t> last_;
    std::uint64_t number_ = 0;
};

/// An Error for a file that the operating system refused: `what` and the file, the reason, and what helps against it.
Error cannot(std::string_view what, const std::string& file, int why);

}  // namespace basalt::bench
