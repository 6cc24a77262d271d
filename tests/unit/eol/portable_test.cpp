// The portable forms: each row once, exact amounts, codes of the field.
#include "eol/core/csv.h"
#include "eol/core/fhir.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace basalt::eol {
namespace {

const DeviceFacts pump{
    .serial = "05d54bed4836498fc9d6e5f2e3d16891", .firmware = "0.1.0", .unix_at_tick_0 = 1'800'000'000};

class Written {
  public:
    Sink sink() {
        return [this](std::string_view bytes) -> Result<void> {
            if (text.size() + bytes.size() > room) return fail(ErrorCode::io, "The disk is full.", "Take another.");
            text += bytes;
            return {};
        };
    }
    std::string text;
    std::size_t room = 1'000'000;
};

storage::LoggedEvent record(std::uint64_t seq, std::string what, storage::Outcome outcome = storage::Outcome::done) {
    return {.seq = seq,
            .event = {.tick_s = 60, .who = "nurse", .what = std::move(what), .outcome = outcome, .fields = {}}};
}

nlohmann::json bundle(const std::vector<storage::DoseRow>& doses, const std::vector<storage::GlucoseRow>& glucose,
                      const std::vector<storage::LoggedEvent>& log = {}) {
    Written written;
    FhirBundle fhir{pump, written.sink()};
    EXPECT_TRUE(fhir.begin(1'800'086'400));
    for (const auto& row : glucose) EXPECT_TRUE(fhir.add(row));
    for (const auto& row : doses) EXPECT_TRUE(fhir.add(row));
    for (const auto& row : log) EXPECT_TRUE(fhir.add(row));
    EXPECT_TRUE(fhir.finish());
    auto json = nlohmann::json::parse(written.text);
    EXPECT_EQ(json.at("entry").size(), fhir.entries());
    return json;
}

TEST(FhirBundle, HoldsEachRowOnceUnderANameOfItsOwn) {
    const auto json =
        bundle({{.row = 1, .origin = storage::DoseOrigin::profile, .ring_seq = {}, .amount_mu = 50},
                {.row = 2, .origin = storage::DoseOrigin::firmware_bolus, .ring_seq = {}, .amount_mu = 3'000}},
               {{.row = 1, .measured_s = 300, .mg_dl = 118}}, {record(9, "logged_in")});
    std::map<std::string, int> types;
    std::set<std::string> urls;
    for (const auto& entry : json.at("entry")) {
        ++types[entry.at("resource").at("resourceType")];
        EXPECT_TRUE(urls.insert(entry.at("fullUrl")).second);
        const std::string ends =
            std::string{entry.at("resource").at("resourceType")} + "/" + std::string{entry.at("resource").at("id")};
        EXPECT_TRUE(std::string{entry.at("fullUrl")}.ends_with(ends));
    }
    EXPECT_EQ(types, (std::map<std::string, int>{{"Patient", 1},
                                                 {"Device", 1},
                                                 {"DeviceMetric", 1},
                                                 {"Provenance", 1},
                                                 {"Observation", 1},
                                                 {"MedicationAdministration", 2},
                                                 {"AuditEvent", 1}}));
    EXPECT_EQ(json.at("timestamp"), "2027-01-16T08:00:00Z");
}

TEST(FhirBundle, ItsInsulinIsWhatThePatientGotToTheLastThousandth) {
    using enum storage::DoseOrigin;
    const auto json = bundle({{.row = 1, .origin = before_records, .ring_seq = {}, .amount_mu = 9'000'000},
                              {.row = 2, .origin = firmware_basal, .ring_seq = {}, .amount_mu = 1},
                              {.row = 3, .origin = firmware_bolus, .ring_seq = {}, .amount_mu = 12'345},
                              {.row = 4, .origin = correction, .ring_seq = {}, .amount_mu = -45},
                              {.row = 5, .origin = gap, .ring_seq = {}, .amount_mu = 700}},
                             {});
    std::int64_t sum = 0;
    for (const auto& entry : json.at("entry")) {
        const auto& resource = entry.at("resource");
        if (resource.at("resourceType") != "MedicationAdministration") continue;
        const auto& dose = resource.at("dosage").at("dose");
        EXPECT_EQ(dose.at("code"), "[IU]") << "U would be the enzyme unit";
        sum += std::llround(dose.at("value").get<double>() * 1'000);
    }
    EXPECT_EQ(sum, 1 + 12'345 - 45 + 700);
    EXPECT_NE(json.dump().find("\"value\":12.345"), std::string::npos) << "a decimal, not its nearest double's digits";
}

TEST(FhirBundle, ALogInARefusalAndALogOutAreAuditedAndOtherRecordsStandInTheLogAlone) {
    const auto json = bundle({}, {},
                             {record(1, "logged_in"), record(2, "login_refused", storage::Outcome::refused),
                              record(3, "logged_out"), record(4, "dose_written")});
    std::vector<std::string> seen;
    for (const auto& entry : json.at("entry")) {
        const auto& resource = entry.at("resource");
        if (resource.at("resourceType") == "AuditEvent")
            seen.push_back(resource.at("subtype").at(0).at("code").get<std::string>() + " " +
                           resource.at("outcome").get<std::string>());
    }
    EXPECT_EQ(seen, (std::vector<std::string>{"110122 0", "110122 4", "110123 0"}));
}

TEST(FhirBundle, AFullDiskEndsItInItsOwnWords) {
    Written written;
    written.room = 300;
    FhirBundle fhir{pump, written.sink()};
    const auto begun = fhir.begin(0);
    ASSERT_FALSE(begun);
    EXPECT_EQ(begun.error().what, "The disk is full.");
}

TEST(Csv, SaysAmountsExactlyAndDatesInUtc) {
    EXPECT_EQ(csv_of(storage::GlucoseRow{.row = 3, .measured_s = 86'400, .mg_dl = 71}, pump),
              "3,2027-01-16T08:00:00Z,71\r\n");
    EXPECT_EQ(csv_of(storage::DoseRow{.row = 1,
                                      .log_seq = 8,
                                      .at_s = 0,
                                      .origin = storage::DoseOrigin::correction,
                                      .ring_seq = {},
                                      .amount_mu = -50,
                                      .target_mu = 24'000},
                     pump),
              "1,2027-01-15T08:00:00Z,correction,-0.05,24,8\r\n");
    EXPECT_EQ(decimal_units(INT64_MIN), "-9223372036854775.808");
}

TEST(Csv, NoCellIsAFormulaOrBreaksItsRow) {
    EXPECT_EQ(csv_record({"=1+1", "+x", "-x", "@x", "-5", "-0.05"}), "'=1+1,'+x,'-x,'@x,-5,-0.05\r\n");
    EXPECT_EQ(csv_record({"a,b", "say \"no\"", "two\r\nlines\x7F"}), "\"a,b\",\"say \"\"no\"\"\",two  lines \r\n");
    EXPECT_EQ(csv_record({"", "a"}), ",a\r\n");
}

TEST(Dates, AreTheNearestThatCanBeWritten) {
    EXPECT_EQ(iso_8601(-1), "1970-01-01T00:00:00Z");
    EXPECT_EQ(iso_8601(INT64_MAX), "9999-12-31T23:59:59Z");
}

}  // namespace
}  // namespace basalt::eol
