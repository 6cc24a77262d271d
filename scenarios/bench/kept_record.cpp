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

struct Newest {
    std::uint64_t number = 0;
    std::vector<std::uint8_t> record;
};

// The newer of the two copies that is whole.
std::optional<Newest> newest_copy(int file, std::string_view magic, std::size_t size) {
    const std::size_t copy_size = KeptRecord::overhead + size;
    std::vector<std::uint8_t> bytes(2 * copy_size + 1);
    if (::pread(file, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(2 * copy_size)) return std::nullopt;
    std::optional<Newest> newest;
    for (std::size_t which = 0; which < 2; ++which) {
        const ByteView copy = ByteView{bytes}.subspan(which * copy_size, copy_size);
        const auto number = number_of(copy, magic);
        if (!number || (newest && *number < newest->number)) continue;
        const ByteView record = copy.subspan(before_record, size);
        newest = Newest{*number, {record.begin(), record.end()}};
    }
    return newest;
}

std::unexpected<Error> damaged(const std::string& name, const std::string& file) {
    return fail(ErrorCode::unreadable, name + " is damaged: " + file + ".",
                "Put a copy of it back, or make a new device with: basalt device init");
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
    if (::lseek(kept.file_.get(), 0, SEEK_END) == 0) {
        // Twice, so that the file has its whole length from the first day: a full disk cannot stop it later.
        if (!kept.keep(fresh) || !kept.keep(fresh))
            return std::unexpected{cannot(name + " cannot be written:", file, errno)};
        return kept;
    }
    auto newest = newest_copy(kept.file_.get(), magic, fresh.size());
    if (!newest) return damaged(name, file);
    kept.number_ = newest->number;
    kept.last_ = std::move(newest->record);
    return kept;
}

Result<std::vector<std::uint8_t>> KeptRecord::read(const std::string& file, std::string_view magic,
                                                   std::string_view called, std::size_t size) {
    const hal::Descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    const std::string name{called};
    if (!opened) return std::unexpected{cannot(name + " cannot be opened:", file, errno)};
    auto newest = newest_copy(opened.get(), magic, size);
    if (!newest) return damaged(name, file);
    return std::move(newest->record);
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
