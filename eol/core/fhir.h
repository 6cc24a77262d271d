// eol/core/fhir.h: the patient's records as one FHIR R4 Bundle, in the codes of the field: LOINC for glucose, UCUM for
// units, ATC for the insulin, SNOMED CT and ISO/IEEE 11073 for the device.
#pragma once
#include "eol/core/portable.h"
#include "storage/doses.h"
#include "storage/event.h"
#include "storage/glucose.h"

namespace basalt::eol {

/// Writes a Bundle entry by entry, so that its size takes no memory. Call add() in any order, finish() once.
/// Rely on: the same rows give the same bytes. Insulin has the UCUM unit [IU], never U, which is the enzyme unit. Every
///          row of the tables becomes one entry, but for the motor's count when the records began, which nobody was
///          given; so the entries' insulin is what the patient got.
/// Errors: the sink's; afterwards it writes nothing more.
class FhirBundle {
  public:
    FhirBundle(const DeviceFacts& device, Sink sink);
    /// The patient, the device, its glucose metric, and who wrote this: before the rows.
    Result<void> begin(std::int64_t written_at_unix_s);
    /// An Observation.
    Result<void> add(const storage::GlucoseRow& reading);
    /// A MedicationAdministration. Corrections are negative, and say why.
    Result<void> add(const storage::DoseRow& dose);
    /// An AuditEvent where the record is a log-in, a refusal of one, or a log-out; nothing for all others, which stand
    /// in the log's own file.
    Result<void> add(const storage::LoggedEvent& record);
    Result<void> finish();
    std::uint64_t entries() const noexcept { return entries_; }

  private:
    Result<void> entry(std::string_view type, std::string_view id, std::string_view resource);

    DeviceFacts device_;
    Sink sink_;
    std::uint64_t entries_ = 0;
};

}  // namespace basalt::eol
