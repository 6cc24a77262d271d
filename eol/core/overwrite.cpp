#include "eol/core/overwrite.h"

#include "tpm/free_by.h"

#include <openssl/evp.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <unistd.h>
#include <vector>

namespace basalt::eol {
namespace {

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeBy<EVP_CIPHER_CTX_free>>;
using Piece = std::vector<std::uint8_t>;
constexpr std::size_t piece_size = 1U << 20U;

std::unexpected<Error> system_says(const char* what) {
    return fail(ErrorCode::io, std::string{"The storage could not be "} + what + ": " + std::strerror(errno) + ".",
                "Check the storage, and begin this step again.");
}

/// The stream, from its begin on, a piece at a time.
class Stream {
  public:
    explicit Stream(const Secret& key) : cipher_(EVP_CIPHER_CTX_new()), zeros_(piece_size) {
        constexpr std::uint8_t from_zero[16] = {};
        ok_ = cipher_ &&
              EVP_EncryptInit_ex2(cipher_.get(), EVP_aes_256_ctr(), key.view().data(), from_zero, nullptr) == 1;
    }
    bool next(std::span<std::uint8_t> out) {
        int size = 0;
        return ok_ &&
               EVP_EncryptUpdate(cipher_.get(), out.data(), &size, zeros_.data(), static_cast<int>(out.size())) == 1;
    }

  private:
    Cipher cipher_;
    Piece zeros_;
    bool ok_ = false;
};

}  // namespace

Result<std::uint64_t> FileMedium::size() {
    struct stat about{};
    if (::fstat(file_, &about) != 0) return system_says("looked at");
    return static_cast<std::uint64_t>(about.st_size);
}

Result<void> FileMedium::write(std::uint64_t at, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return system_says("overwritten");
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        at += static_cast<std::uint64_t>(written);
    }
    return {};
}

Result<void> FileMedium::settle() {
    if (::fdatasync(file_) != 0) return system_says("written through");
    ::posix_fadvise(file_, 0, 0, POSIX_FADV_DONTNEED);  // a request, not an order: the certificate says so
    return {};
}

Result<std::size_t> FileMedium::read(std::uint64_t at, std::span<std::uint8_t> out) {
    std::size_t have = 0;
    while (have < out.size()) {
        const ssize_t got = ::pread(file_, out.data() + have, out.size() - have, static_cast<off_t>(at + have));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return system_says("read back");
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    return have;
}

Result<Overwritten> overwrite(Medium& medium, const Secret& key) {
    const auto size = medium.size();
    if (!size) return std::unexpected{size.error()};
    Overwritten done{.bytes = *size, .differs_at = {}};
    Piece piece(piece_size), found(piece_size);
    const auto each_piece = [&](auto&& act) -> Result<void> {
        Stream stream{key};
        for (std::uint64_t at = 0; at < done.bytes;) {
            const std::span part{piece.data(),
                                 static_cast<std::size_t>(std::min<std::uint64_t>(piece_size, done.bytes - at))};
            if (!stream.next(part)) return fail(ErrorCode::io, "The cipher failed.", "Begin this step again.");
            if (auto acted = act(std::span<const std::uint8_t>{part}, at); !acted) return acted;
            at += part.size();
        }
        return {};
    };
    auto written = each_piece([&](auto part, std::uint64_t at) { return medium.write(at, part); });
    if (written) written = medium.settle();
    if (!written) return std::unexpected{written.error()};
    const auto compared = each_piece([&](auto part, std::uint64_t at) -> Result<void> {
        const auto have = medium.read(at, std::span{found}.first(part.size()));
        if (!have) return std::unexpected{have.error()};
        const auto differs = std::ranges::mismatch(part, std::span{found}.first(*have)).in1;
        if (differs != part.end() && !done.differs_at)
            done.differs_at = at + static_cast<std::uint64_t>(differs - part.begin());
        return {};
    });
    if (!compared) return std::unexpected{compared.error()};
    return done;
}

}  // namespace basalt::eol
