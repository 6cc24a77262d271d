#include "eol/core/fhir.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace basalt::eol {
namespace {

using Json = nlohmann::ordered_json;
constexpr const char *loinc = "http://loinc.org", *ucum = "http://unitsofmeasure.org",
                     *snomed = "http://snomed.info/sct", *mdc = "urn:iso:std:iso:11073:10101",
                     *atc = "http://www.whocc.no/atc", *dicom = "http://dicom.nema.org/resources/ontology/DCM",
                     *observation_category = "http://terminology.hl7.org/CodeSystem/observation-category",
                     *participant = "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
                     *serial_system = "urn:basalt:device-serial", *patient_system = "urn:basalt:patient-of-device";
constexpr const char *patient_ref = "Patient/patient-1", *device_ref = "Device/pump-1";

Json coded(const char* system, const char* code, const char* display) {
    return {{"coding", Json::array({Json{{"system", system}, {"code", code}, {"display", display}}})}};
}
Json reference(const char* to) { return {{"reference", to}}; }

/// How a dose came about, for whoever reads it.
std::string_view text_of(storage::DoseOrigin origin) noexcept {
    using enum storage::DoseOrigin;
    switch (origin) {
        case profile:
            return "basal by the pump's failsafe profile";
        case firmware_basal:
            return "basal";
        case firmware_bolus:
            return "bolus";
        case correction:
            return "correction: the pump gave less than is on record before";
        case gap:
            return "given while the pump's records were closed";
        case unexplained:
            return "the pump's motor and its records differ by this amount";
        case failsafe_bolus:
            return "bolus by the pump's own button in failsafe";
        case before_records:
            break;
    }
    return "the motor's count when the records began";
}

/// Insulin as FHIR counts it: a decimal that is exact.
Json units(std::int64_t mu) {
    return {{"value", static_cast<double>(mu) / 1'000.0}, {"unit", "U"}, {"system", ucum}, {"code", "[IU]"}};
}

}  // namespace

FhirBundle::FhirBundle(const DeviceFacts& device, Sink sink) : device_(device), sink_(std::move(sink)) {}

Result<void> FhirBundle::entry(std::string_view type, std::string_view id, std::string_view resource) {
    // The relative references resolve against this; the name is one that never leads anywhere (RFC 2606).
    const std::string url = fmt::format("https://basalt.invalid/fhir/{}/{}/{}", device_.serial, type, id);
    auto written =
        sink_(fmt::format("{}\n{{\"fullUrl\":\"{}\",\"resource\":{}}}", entries_ == 0 ? "" : ",", url, resource));
    ++entries_;
    return written;
}

Result<void> FhirBundle::begin(std::int64_t written_at_unix_s) {
    const Json head{{"resourceType", "Bundle"}, {"type", "collection"}, {"timestamp", iso_8601(written_at_unix_s)}};
    std::string opening = head.dump();
    opening.pop_back();  // the object goes on
    if (auto written = sink_(opening + ",\"entry\":["); !written) return written;

    const Json patient{{"resourceType", "Patient"},
                       {"id", "patient-1"},
                       {"identifier", Json::array({Json{{"system", patient_system}, {"value", device_.serial}}})}};
    const Json device{
        {"resourceType", "Device"},
        {"id", "pump-1"},
        {"identifier", Json::array({Json{{"system", serial_system}, {"value", device_.serial}}})},
        {"status", "active"},
        {"manufacturer", "Basalt (reference design, not a medical device)"},
        {"serialNumber", device_.serial},
        {"modelNumber", "Basalt"},
        {"type", coded(snomed, "69805005", "Insulin pump")},
        {"version", Json::array({Json{{"type", Json{{"text", "firmware"}}}, {"value", device_.firmware}}})},
        {"patient", reference(patient_ref)}};
    const Json metric{{"resourceType", "DeviceMetric"},
                      {"id", "glucose"},
                      {"type", coded(mdc, "160212", "MDC_CONC_GLU_ISF")},
                      {"unit", coded(ucum, "mg/dL", "mg/dL")},
                      {"source", reference(device_ref)},
                      {"operationalStatus", "on"},
                      {"category", "measurement"}};
    const Json author{
        {"resourceType", "Provenance"},
        {"id", "export"},
        {"target", Json::array({reference(patient_ref)})},
        {"recorded", iso_8601(written_at_unix_s)},
        {"agent",
         Json::array({Json{{"type", coded(participant, "assembler", "Assembler")}, {"who", reference(device_ref)}}})}};
    for (const Json* resource : {&patient, &device, &metric, &author})
        if (auto written = entry(resource->at("resourceType").get<std::string>(), resource->at("id").get<std::string>(),
                                 resource->dump());
            !written)
            return written;
    return {};
}

Result<void> FhirBundle::add(const storage::GlucoseRow& reading) {
    const std::string id = fmt::format("glucose-{}", reading.row);
    const Json observation{
        {"resourceType", "Observation"},
        {"id", id},
        {"status", "final"},
        {"category", Json::array({coded(observation_category, "laboratory", "Laboratory")})},
        {"code", coded(loinc, "99504-3", "Glucose [Mass/volume] in Interstitial fluid")},
        {"subject", reference(patient_ref)},
        {"effectiveDateTime", date_at(device_, reading.measured_s)},
        {"valueQuantity", Json{{"value", reading.mg_dl}, {"unit", "mg/dL"}, {"system", ucum}, {"code", "mg/dL"}}},
        {"device", reference(device_ref)}};
    return entry("Observation", id, observation.dump());
}

Result<void> FhirBundle::add(const storage::DoseRow& dose) {
    if (dose.origin == storage::DoseOrigin::before_records) return {};
    const std::string id = fmt::format("dose-{}", dose.row);
    const Json administration{{"resourceType", "MedicationAdministration"},
                              {"id", id},
                              {"status", "completed"},
                              {"medicationCodeableConcept", coded(atc, "A10AB05", "insulin aspart")},
                              {"subject", reference(patient_ref)},
                              {"effectiveDateTime", date_at(device_, dose.at_s)},
                              {"device", Json::array({reference(device_ref)})},
                              {"dosage", Json{{"text", text_of(dose.origin)},
                                              {"route", coded(snomed, "34206005", "Subcutaneous route")},
                                              {"dose", units(dose.amount_mu)}}}};
    return entry("MedicationAdministration", id, administration.dump());
}

Result<void> FhirBundle::add(const storage::LoggedEvent& record) {
    const bool in = record.event.what == "logged_in" || record.event.what == "login_refused";
    if (!in && record.event.what != "logged_out") return {};
    const std::string id = fmt::format("access-{}", record.seq);
    const Json audit{
        {"resourceType", "AuditEvent"},
        {"id", id},
        {"type", Json{{"system", dicom}, {"code", "110114"}, {"display", "User Authentication"}}},
        {"subtype", Json::array({in ? Json{{"system", dicom}, {"code", "110122"}, {"display", "Login"}}
                                    : Json{{"system", dicom}, {"code", "110123"}, {"display", "Logout"}}})},
        {"action", "E"},
        {"recorded", date_at(device_, record.event.tick_s)},
        {"outcome", record.event.outcome == storage::Outcome::done ? "0" : "4"},
        {"agent", Json::array({Json{{"altId", record.event.who}, {"requestor", true}}})},
        {"source", Json{{"observer", reference(device_ref)}}},
        {"entity", Json::array({Json{{"detail", Json::array({Json{{"type", "log-seq"},
                                                                  {"valueString", std::to_string(record.seq)}}})}}})}};
    return entry("AuditEvent", id, audit.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Result<void> FhirBundle::finish() { return sink_("\n]}\n"); }

}  // namespace basalt::eol
