// eol/core/overwrite.h: a file's present blocks filled with what nobody can tell from noise, and read back whole. What
// it does not reach (journals, copies on write, spare cells of a flash chip, backups) is for the certificate to say:
// the purge rests on the destroyed keys, this is the second line (NIST SP 800-88 Rev. 2: Clear).
#pragma once
#include "tpm/result.h"
#include "tpm/secret.h"

#include <cstdint>
#include <optional>
#include <span>

namespace basalt::eol {

/// What is overwritten. The real one is a file; tests put one here that wears out or loses its power.
class Medium {
  public:
    virtual ~Medium() = default;
    virtual Result<std::uint64_t> size() = 0;
    /// All of it, or an error.
    virtual Result<void> write(std::uint64_t at, std::span<const std::uint8_t> bytes) = 0;
    /// Returns when all that was written is on the medium, and what is read from now on comes from there, as far as the
    /// system can be asked for that.
    virtual Result<void> settle() = 0;
    /// How much there was: less than asked for at the end.
    virtual Result<std::size_t> read(std::uint64_t at, std::span<std::uint8_t> out) = 0;

  protected:
    Medium() = default;
    Medium(const Medium&) = default;
    Medium& operator=(const Medium&) = default;
};

/// An open file, which stays the caller's. Errors: io, in the system's words.
class FileMedium final : public Medium {
  public:
    explicit FileMedium(int file) noexcept : file_(file) {}
    Result<std::uint64_t> size() override;
    Result<void> write(std::uint64_t at, std::span<const std::uint8_t> bytes) override;
    Result<void> settle() override;
    Result<std::size_t> read(std::uint64_t at, std::span<std::uint8_t> out) override;

  private:
    int file_;
};

struct Overwritten {
    std::uint64_t bytes = 0;
    /// First byte that did not read back as written; nullopt is what a certificate may rest on.
    std::optional<std::uint64_t> differs_at;
};

/// Writes a stream of AES-256-CTR under `key` over every byte, and compares every byte with the stream made anew. The
/// size stays. `key` is drawn for this medium and forgotten afterwards: without it nobody can tell the old content's
/// blocks from noise. Errors: the medium's; what was written until then is written.
Result<Overwritten> overwrite(Medium& medium, const Secret& key);

}  // namespace basalt::eol
