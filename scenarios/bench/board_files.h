// scenarios/bench/board_files.h: what the board keeps in the state directory: the guardian's memory and the motor in
// chip/, the virtual patient in host/. All survive a simulator that is killed at any moment. The page is
// docs/formats/board-files.md.
#pragma once
#include "pump_model/patient.h"
#include "scenarios/bench/board.h"
#include "scenarios/bench/kept_record.h"

namespace basalt::bench {

/// chip/guardian.mem: hal::memory_size bytes as they are.
class FileMemory final : public MemoryStore {
  public:
    /// Provisioning makes it. One that is not there, or has another length, is refused.
    static Result<FileMemory> open(const std::string& file);
    bool read(std::uint32_t offset, std::span<std::uint8_t> into) noexcept override;
    bool write(std::uint32_t offset, ByteView data) noexcept override;

  private:
    explicit FileMemory(hal::Descriptor file) noexcept : file_(std::move(file)) {}
    hal::Descriptor file_;
};

/// chip/motor. One in which neither copy is whole is refused: a motor that forgot its count could be told to give
/// everything again.
class MotorFile {
  public:
    static Result<MotorFile> open(const std::string& file, const BoardRecord& fresh);
    /// The record alone, also while another simulator writes there. Errors: io (also before the first run), unreadable.
    static Result<BoardRecord> read(const std::string& file);
    const BoardRecord& last() const noexcept { return last_; }
    bool keep(const BoardRecord& record) noexcept;

  private:
    MotorFile(KeptRecord kept, const BoardRecord& last) : kept_(std::move(kept)), last_(last) {}
    KeptRecord kept_;
    BoardRecord last_;
};

/// The patient, and how far the motor was when the patient's last whole minute ended: what it pushed out since then is
/// not yet in the body.
struct PatientRecord {
    pump_model::Patient patient;
    Tick minute_began;          ///< divides by 60
    std::int64_t motor_mu = 0;  ///< at minute_began
    std::int64_t carbs_mg = 0;  ///< eaten since
};

/// host/patient.
class PatientFile {
  public:
    static Result<PatientFile> open(const std::string& file, const PatientRecord& fresh);
    const PatientRecord& last() const noexcept { return last_; }
    bool keep(const PatientRecord& record) noexcept;

  private:
    PatientFile(KeptRecord kept, const PatientRecord& last) : kept_(std::move(kept)), last_(last) {}
    KeptRecord kept_;
    PatientRecord last_;
};

}  // namespace basalt::bench
