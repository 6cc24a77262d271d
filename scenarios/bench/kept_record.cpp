#include "scenarios/bench/kept_record.h"

#include "device/common/digest.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace basalt::bench {
namespace {

constexpr std::size_t before_record = 16;

std::optional<std::uint64_t> number_of(ByteView copy, std::string_view magic) {
    const std::size_t body = copy.size() - sizeof(Digest);
    if (!std::equal(magic.begin(), magic.end(), copy.begin()) ||
        !same_bytes(sha256(copy.first(body)), copy.subspan(body)))
        return std::nullopt;
    codec::Reader reader{copy.subspan(magic.size())};
    std::uint64_t number = 0;
    reader(number);
    return number;
}

}  // namespace

Error cannot(std::string_view what, const std::string& file, int why) {
    std::string next = "Make the state directory writable for you, or choose another one with --state.";
    if (why == ENOSPC || why == EDQUOT) next = "Make room on that disk, or choose another place with --state.";
    if (why == EROFS) next = "That disk is read-only. Choose another place with --state.";
    if (why == ENOENT) next = "Make the device with: basalt device init";
    return {ErrorCode::io, std::string{what} + " " + file + ": " + std::strerror(why) + ".", std::move(next), 0};
}

Result<KeptRecord> KeptRecord::open(const std::string& file, std::string_view magic, std::string_view called,
                                    ByteView fresh) {
    KeptRecord kept{hal::Descriptor{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)}, magic};
    const std::string name{called};
    if (!kept.file_) return std::unexpected{cannot(name + " cannot be opened:", file, errno)};
    const std::size_t copy_size = overhead + fresh.size();
    std::vector<std::uint8_t> bytes(2 * copy_size + 1);
    const ssize_t got = ::pread(kept.file_.get(), bytes.data(), bytes.size(), 0);
    if (got < 0) return std::unexpected{cannot(name + " cannot be read:", file, errno)};
    if (got == 0) {
        // Twice, so that the file has its whole length from the first day: a full disk cannot stop it later.
        if (!kept.keep(fresh) || !kept.keep(fresh))
            return std::unexpected{cannot(name + " cannot be written:", file, errno)};
        return kept;
    }
    for (std::size_t which = 0; static_cast<std::size_t>(got) == 2 * copy_size && which < 2; ++which) {
        const ByteView copy = ByteView{bytes}.subspan(which * copy_size, copy_size);
        const auto number = number_of(copy, magic);
        if (!number || (!kept.last_.empty() && *number < kept.number_)) continue;
        kept.number_ = *number;
        kept.last_.assign(copy.begin() + before_record, copy.end() - sizeof(Digest));
    }
    if (kept.last_.empty())
        return fail(ErrorCode::unreadable, name + " is damaged: " + file + ".",
                    "Put a copy of it back, or make a new device with: basalt device init");
    return kept;
}

std::vector<std::uint8_t> KeptRecord::copy_of(ByteView record, std::uint64_t number) const {
    std::vector<std::uint8_t> copy(overhead + record.size());
    std::ranges::copy(magic_, copy.begin());
    codec::Writer writer{std::span{copy}.subspan(magic_.size())};
    writer(number);
    std::ranges::copy(record, copy.begin() + before_record);
    const Digest digest = sha256(ByteView{copy}.first(copy.size() - sizeof(Digest)));
    std::ranges::copy(digest, copy.end() - sizeof(Digest));
    return copy;
}

bool KeptRecord::keep(ByteView record) noexcept {
    const auto copy = copy_of(record, number_ + 1);
    const auto at = static_cast<off_t>((number_ + 1) % 2 * copy.size());
    if (::pwrite(file_.get(), copy.data(), copy.size(), at) != static_cast<ssize_t>(copy.size())) return false;
    ++number_;
    last_.assign(record.begin(), record.end());
    return true;
}

}  // namespace basalt::bench
