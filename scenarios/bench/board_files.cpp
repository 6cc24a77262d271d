#include "scenarios/bench/board_files.h"

#include "device/common/digest.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <unistd.h>

namespace basalt::bench {
namespace {

/// The bytes of one copy. The digest is over the fields before it.
struct Copy {
    std::array<std::uint8_t, 8> magic{'M', 'O', 'T', 'O', 'R', '1', 0, 0};
    std::uint64_t number = 0;
    BoardRecord record;
    Digest digest{};
    template <class C>
    void body(C& c) {
        c(magic);
        c(number);
        c(record.tick);
        c(record.second_of_day);
        c(record.clock_ok);
        c(padding);
        c(record.motor_mu);
        c(record.reservoir_mu);
    }
    std::array<std::uint8_t, 3> padding{};
};
constexpr std::size_t body_size = 8 + 8 + 8 + 4 + 1 + 3 + 8 + 8;
static_assert(body_size + sizeof(Digest) == MotorFile::copy_size);

std::array<std::uint8_t, MotorFile::copy_size> bytes_of(Copy copy) {
    std::array<std::uint8_t, MotorFile::copy_size> bytes{};
    codec::Writer writer{bytes};
    copy.body(writer);
    const Digest digest = sha256(ByteView{bytes}.first(body_size));
    std::memcpy(bytes.data() + body_size, digest.data(), digest.size());
    return bytes;
}

std::optional<Copy> whole_copy(ByteView bytes) {
    Copy copy;
    codec::Reader reader{bytes.first(body_size)};
    const auto magic = copy.magic;
    copy.body(reader);
    const Digest digest = sha256(bytes.first(body_size));
    if (!reader.ok() || copy.magic != magic || !same_bytes(digest, bytes.subspan(body_size))) return std::nullopt;
    if (copy.record.motor_mu < 0 || copy.record.reservoir_mu < 0 || copy.record.second_of_day.seconds >= 86'400)
        return std::nullopt;
    return copy;
}

bool write_at(int file, ByteView data, std::uint64_t offset) {
    return ::pwrite(file, data.data(), data.size(), static_cast<off_t>(offset)) == static_cast<ssize_t>(data.size());
}

std::unexpected<Error> cannot(const std::string& what, const std::string& file) {
    const int why = errno;
    std::string next = "Make the state directory writable for you, or choose another one with --state.";
    if (why == ENOSPC || why == EDQUOT) next = "Make room on that disk, or choose another place with --state.";
    if (why == EROFS) next = "That disk is read-only. Choose another place with --state.";
    return fail(ErrorCode::io, what + " " + file + ": " + std::strerror(why) + ".", next);
}

}  // namespace

Result<FileMemory> FileMemory::open(const std::string& file, bool create) {
    hal::Descriptor opened{::open(file.c_str(), O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0600)};
    if (!opened) return cannot("The guardian's memory cannot be opened:", file);
    struct stat is{};
    if (::fstat(opened.get(), &is) != 0) return cannot("The guardian's memory cannot be read:", file);
    if (is.st_size == 0 && create) {
        // Its whole room is taken now: a disk that fills up later cannot keep the guardian from writing down a dose.
        const std::array<std::uint8_t, 4096> zeros{};
        for (std::uint32_t at = 0; at < hal::memory_size; at += zeros.size())
            if (!write_at(opened.get(), zeros, at)) return cannot("The guardian's memory cannot be written:", file);
    } else if (is.st_size != hal::memory_size) {
        return fail(ErrorCode::unreadable, "The guardian's memory " + file + " has the wrong length.",
                    "Put a copy of it back, or provision a new device with: basalt device init");
    }
    return FileMemory{std::move(opened)};
}

bool FileMemory::read(std::uint32_t offset, std::span<std::uint8_t> into) noexcept {
    return ::pread(file_.get(), into.data(), into.size(), offset) == static_cast<ssize_t>(into.size());
}

bool FileMemory::write(std::uint32_t offset, ByteView data) noexcept { return write_at(file_.get(), data, offset); }

Result<MotorFile> MotorFile::open(const std::string& file, const BoardRecord& fresh) {
    MotorFile motor{hal::Descriptor{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)}};
    if (!motor.file_) return cannot("The motor's place cannot be opened:", file);
    std::array<std::uint8_t, 2 * copy_size> bytes{};
    const ssize_t got = ::pread(motor.file_.get(), bytes.data(), bytes.size(), 0);
    if (got < 0) return cannot("The motor's place cannot be read:", file);
    if (got == 0) {
        motor.last_ = fresh;
        // Twice, so that both copies are there and neither is ever made longer than the file.
        if (!motor.keep(fresh) || !motor.keep(fresh)) return cannot("The motor's place cannot be written:", file);
        return motor;
    }
    bool found = false;
    for (std::size_t which = 0; which < 2; ++which) {
        const auto copy = whole_copy(ByteView{bytes}.subspan(which * copy_size, copy_size));
        if (!copy || copy->number < motor.number_) continue;
        motor.number_ = copy->number;
        motor.last_ = copy->record;
        found = true;
    }
    if (!found)
        return fail(ErrorCode::unreadable,
                    "The motor's place " + file + " is damaged: how much was given is not known.",
                    "Put a copy of it back, or provision a new device with: basalt device init");
    return motor;
}

bool MotorFile::keep(const BoardRecord& record) noexcept {
    Copy copy;
    copy.number = number_ + 1;
    copy.record = record;
    if (!write_at(file_.get(), bytes_of(copy), (copy.number % 2) * copy_size)) return false;
    number_ = copy.number;
    last_ = record;
    return true;
}

}  // namespace basalt::bench
