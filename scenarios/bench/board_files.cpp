#include "scenarios/bench/board_files.h"

#include <sys/stat.h>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace basalt::bench {
using namespace std::string_view_literals;
namespace {

constexpr std::string_view motor_magic = "MOTOR1\0\0"sv, motor_name = "The motor's place";
constexpr std::size_t motor_size = 8 + 4 + 1 + 8 + 8;
constexpr std::size_t patient_size = pump_model::Patient::saved_size + 8 + 8 + 8;

template <class C>
void board_fields(C& c, BoardRecord& record) {
    c(record.tick);
    c(record.second_of_day);
    c(record.clock_ok);
    c(record.motor_mu);
    c(record.reservoir_mu);
}

std::array<std::uint8_t, motor_size> bytes_of(BoardRecord record) {
    std::array<std::uint8_t, motor_size> bytes{};
    codec::Writer writer{bytes};
    board_fields(writer, record);
    return bytes;
}

std::optional<BoardRecord> board_in(ByteView bytes) {
    BoardRecord record;
    codec::Reader reader{bytes};
    board_fields(reader, record);
    if (!reader.ok() || record.motor_mu < 0 || record.reservoir_mu < 0 || record.second_of_day.seconds >= 86'400)
        return std::nullopt;
    return record;
}

std::array<std::uint8_t, patient_size> bytes_of(const PatientRecord& record) {
    std::array<std::uint8_t, patient_size> bytes{};
    codec::Writer writer{bytes};
    writer(record.patient.save());
    writer(record.minute_began);
    writer(record.motor_mu);
    writer(record.carbs_mg);
    return bytes;
}

std::optional<PatientRecord> patient_in(ByteView bytes) {
    const auto patient = pump_model::Patient::restore(bytes.first(pump_model::Patient::saved_size));
    if (!patient) return std::nullopt;
    PatientRecord record{*patient, {}, 0, 0};
    codec::Reader reader{bytes.subspan(pump_model::Patient::saved_size)};
    reader(record.minute_began);
    reader(record.motor_mu);
    reader(record.carbs_mg);
    if (!reader.ok() || record.motor_mu < 0 || record.carbs_mg < 0) return std::nullopt;
    return record;
}

std::unexpected<Error> impossible(std::string_view what, const std::string& file) {
    return fail(ErrorCode::unreadable, std::string{what} + " holds values that it cannot have: " + file + ".",
                "Put a copy of it back, or make a new device with: basalt device init");
}

}  // namespace

Result<FileMemory> FileMemory::open(const std::string& file) {
    hal::Descriptor opened{::open(file.c_str(), O_RDWR | O_CLOEXEC)};
    if (!opened) return std::unexpected{cannot("The guardian's memory cannot be opened:", file, errno)};
    struct stat is{};
    if (::fstat(opened.get(), &is) != 0 || is.st_size != hal::memory_size)
        return fail(ErrorCode::unreadable, "The guardian's memory has the wrong length: " + file + ".",
                    "Put a copy of it back, or make a new device with: basalt device init");
    return FileMemory{std::move(opened)};
}

bool FileMemory::read(std::uint32_t offset, std::span<std::uint8_t> into) noexcept {
    return ::pread(file_.get(), into.data(), into.size(), offset) == static_cast<ssize_t>(into.size());
}

bool FileMemory::write(std::uint32_t offset, ByteView data) noexcept {
    return ::pwrite(file_.get(), data.data(), data.size(), offset) == static_cast<ssize_t>(data.size());
}

Result<MotorFile> MotorFile::open(const std::string& file, const BoardRecord& fresh) {
    auto kept = KeptRecord::open(file, motor_magic, motor_name, bytes_of(fresh));
    if (!kept) return std::unexpected{kept.error()};
    const auto last = board_in(kept->last());
    if (!last) return impossible(motor_name, file);
    return MotorFile{std::move(*kept), *last};
}

Result<BoardRecord> MotorFile::read(const std::string& file) {
    const auto bytes = KeptRecord::read(file, motor_magic, motor_name, motor_size);
    if (!bytes) return std::unexpected{bytes.error()};
    const auto last = board_in(*bytes);
    if (!last) return impossible(motor_name, file);
    return *last;
}

bool MotorFile::keep(const BoardRecord& record) noexcept {
    last_ = record;
    return kept_.keep(bytes_of(record));
}

Result<PatientFile> PatientFile::open(const std::string& file, const PatientRecord& fresh) {
    auto kept = KeptRecord::open(file, "PERSON1\0"sv, "The virtual patient", bytes_of(fresh));
    if (!kept) return std::unexpected{kept.error()};
    const auto last = patient_in(kept->last());
    if (!last) return impossible("The virtual patient", file);
    return PatientFile{std::move(*kept), *last};
}

bool PatientFile::keep(const PatientRecord& record) noexcept {
    last_ = record;
    return kept_.keep(bytes_of(record));
}

}  // namespace basalt::bench
