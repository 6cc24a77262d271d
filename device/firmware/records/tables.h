// device/firmware/records/tables.h: the two databases whose tables follow the event log: patient.db (doses, glucose)
// and config.db (settings). What is expected here reaches the disk by commit(), after the log.
#pragma once
#include "device/firmware/records/follow.h"
#include "storage/database.h"
#include "storage/glucose.h"
#include "storage/position.h"
#include "storage/settings.h"

#include <memory>

namespace basalt::firmware {

class Tables {
  public:
    /// Errors: as Database::open(); unreadable too, when what it remembers of the log's state is none.
    static Result<Tables> open(const std::filesystem::path& directory, const storage::Key& patient_key,
                               const storage::Key& configuration_key, const storage::FileOptions& options);

    storage::LogHead patient_follows() const noexcept { return patient_at_; }
    storage::LogHead configuration_follows() const noexcept { return configuration_at_; }
    const Standing& standing() const noexcept { return standing_; }  ///< as of patient_follows()

    void expect(Effect effect);
    void expect_reading(Tick measured, std::uint16_t mg_dl) { readings_.emplace_back(measured, mg_dl); }

    /// Nothing is expected that is not on disk.
    bool level() const noexcept { return new_doses_.empty() && new_settings_.empty(); }

    std::size_t readings_waiting() const noexcept { return readings_.size(); }

    /// So many records the log may be ahead of what a database remembers of it: a start catches up with no more.
    static constexpr std::uint64_t position_lag_max = 256;

    /// One transaction of each database that something is expected in, or that lags; of both with `always`.
    /// head, standing: of the log, all of whose effects are here or expected.
    Result<void> commit(const storage::LogHead& head, const Standing& standing, bool always = false);

    std::uint64_t glucose_rows() const noexcept { return glucose_rows_; }  ///< on disk
    storage::DoseTable& doses() noexcept { return doses_; }
    storage::GlucoseTable& glucose() noexcept { return glucose_; }
    storage::SettingsTable& settings() noexcept { return settings_; }
    storage::Database& configuration() noexcept { return *configuration_; }
    /// Reads every page of both.
    Result<void> check_files() const;

  private:
    Tables(std::unique_ptr<storage::Database> patient, std::unique_ptr<storage::Database> configuration,
           storage::DoseTable doses, storage::GlucoseTable glucose, storage::PositionTable patient_position,
           storage::SettingsTable settings, storage::PositionTable configuration_position) noexcept;
    Result<void> remember();
    Result<void> commit_patient(const storage::LogHead& head, const Standing& standing);
    Result<void> commit_configuration(const storage::LogHead& head);

    std::unique_ptr<storage::Database> patient_, configuration_;
    storage::DoseTable doses_;
    storage::GlucoseTable glucose_;
    storage::PositionTable patient_position_;
    storage::SettingsTable settings_;
    storage::PositionTable configuration_position_;

    storage::LogHead patient_at_, configuration_at_;
    Standing standing_;
    std::uint64_t glucose_rows_ = 0;
    std::vector<storage::DoseRow> new_doses_;
    std::vector<std::pair<Tick, std::uint16_t>> readings_;
    std::vector<std::pair<std::string, std::string>> new_settings_;
};

}  // namespace basalt::firmware
