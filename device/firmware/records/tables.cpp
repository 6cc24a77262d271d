#include "device/firmware/records/tables.h"

#include "storage/accounts.h"

#include <array>

namespace basalt::firmware {
namespace {

using storage::Database;

}  // namespace

Tables::Tables(std::unique_ptr<Database> patient, std::unique_ptr<Database> configuration, storage::DoseTable doses,
               storage::GlucoseTable glucose, storage::PositionTable patient_position, storage::SettingsTable settings,
               storage::PositionTable configuration_position) noexcept
    : patient_(std::move(patient)),
      configuration_(std::move(configuration)),
      doses_(std::move(doses)),
      glucose_(std::move(glucose)),
      patient_position_(std::move(patient_position)),
      settings_(std::move(settings)),
      configuration_position_(std::move(configuration_position)) {}

Result<Tables> Tables::open(const std::filesystem::path& directory, const storage::Key& patient_key,
                            const storage::Key& configuration_key, const storage::FileOptions& options) {
    const auto joined = [](auto... tables) { return (std::string{} + ... + std::string{tables}); };
    const std::string patient_1 =
        joined(storage::DoseTable::schema, storage::GlucoseTable::schema, storage::PositionTable::schema);
    const std::string configuration_1 = joined(storage::SettingsTable::schema, storage::PositionTable::schema, storage::AccountTables::schema);
    const std::array<std::string_view, 1> patient_schema{patient_1};
    const std::array<std::string_view, 1> configuration_schema{configuration_1};
    auto patient_db = Database::open(directory / "patient.db", patient_key, patient_schema, options);
    if (!patient_db) return std::unexpected{patient_db.error()};
    auto configuration_db = Database::open(directory / "config.db", configuration_key, configuration_schema, options);
    if (!configuration_db) return std::unexpected{configuration_db.error()};
    auto patient = std::make_unique<Database>(std::move(*patient_db));
    auto configuration = std::make_unique<Database>(std::move(*configuration_db));

    auto doses = storage::DoseTable::open(*patient);
    if (!doses) return std::unexpected{doses.error()};
    auto glucose = storage::GlucoseTable::open(*patient);
    if (!glucose) return std::unexpected{glucose.error()};
    auto patient_position = storage::PositionTable::open(*patient);
    if (!patient_position) return std::unexpected{patient_position.error()};
    auto settings = storage::SettingsTable::open(*configuration);
    if (!settings) return std::unexpected{settings.error()};
    auto configuration_position = storage::PositionTable::open(*configuration);
    if (!configuration_position) return std::unexpected{configuration_position.error()};

    Tables tables{std::move(patient),
                  std::move(configuration),
                  std::move(*doses),
                  std::move(*glucose),
                  std::move(*patient_position),
                  std::move(*settings),
                  std::move(*configuration_position)};
    if (auto done = tables.remember(); !done) return std::unexpected{done.error()};
    return tables;
}

Result<void> Tables::remember() {
    const auto patient = patient_position_.get();
    if (!patient) return std::unexpected{patient.error()};
    const auto configuration = configuration_position_.get();
    if (!configuration) return std::unexpected{configuration.error()};
    const auto standing = standing_from(patient->state);
    if (!standing)
        return fail(ErrorCode::unreadable, "patient.db does not say how far it follows the event log.",
                    "Report the damage; restore the records from a backup.");
    const auto rows = glucose_.rows();
    if (!rows) return std::unexpected{rows.error()};
    patient_at_ = patient->log;
    configuration_at_ = configuration->log;
    standing_ = *standing;
    glucose_rows_ = *rows;
    return {};
}

void Tables::expect(Effect effect) {
    if (effect.dose) new_doses_.push_back(*effect.dose);
    if (effect.setting) new_settings_.push_back(std::move(*effect.setting));
}

Result<void> Tables::commit(const storage::LogHead& head, const Standing& standing, bool always) {
    const auto lags = [&head](const storage::LogHead& at) { return head.seq - at.seq >= position_lag_max; };
    if (always || !new_doses_.empty() || !readings_.empty() || lags(patient_at_))
        if (auto done = commit_patient(head, standing); !done) return done;
    if (always || !new_settings_.empty() || lags(configuration_at_))
        if (auto done = commit_configuration(head); !done) return done;
    return {};
}

Result<void> Tables::commit_patient(const storage::LogHead& head, const Standing& standing) {
    auto transaction = patient_->begin();
    if (!transaction) return std::unexpected{transaction.error()};
    for (const auto& dose : new_doses_)
        if (auto added = doses_.add(dose); !added) return added;
    for (const auto& [measured, mg_dl] : readings_)
        if (auto added = glucose_.add(measured.seconds, mg_dl); !added) return added;
    const auto rows = glucose_.rows();
    if (!rows) return std::unexpected{rows.error()};
    if (auto set = patient_position_.set({head, to_bytes(standing)}); !set) return set;
    if (auto done = transaction->commit(); !done) return done;
    new_doses_.clear();
    readings_.clear();
    patient_at_ = head;
    standing_ = standing;
    glucose_rows_ = *rows;
    return {};
}

Result<void> Tables::commit_configuration(const storage::LogHead& head) {
    auto transaction = configuration_->begin();
    if (!transaction) return std::unexpected{transaction.error()};
    for (const auto& [name, value] : new_settings_)
        if (auto set = settings_.set(name, value); !set) return set;
    if (auto set = configuration_position_.set({head, {}}); !set) return set;
    if (auto done = transaction->commit(); !done) return done;
    new_settings_.clear();
    configuration_at_ = head;
    return {};
}

Result<void> Tables::check_files() const {
    if (auto whole = patient_->check(); !whole) return whole;
    return configuration_->check();
}

}  // namespace basalt::firmware
