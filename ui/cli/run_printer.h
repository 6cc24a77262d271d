// ui/cli/run_printer.h: what happens in a run, in words as it happens, and its numbers at the end. Everything comes
// from simulated time: the same seed prints the same bytes.
#pragma once
#include "scenarios/engine/device_under_test.h"
#include "scenarios/engine/text.h"

#include <ostream>
#include <vector>

namespace basalt::cli {

struct RunSummary {
    double hours = 0;
    double glucose_min_mg_dl = 0, glucose_max_mg_dl = 0;  ///< in the body, not at the sensor
    double tir_percent = 0, tbr54_percent = 0;
    double insulin_total_u = 0;
    hal::Mode mode = hal::Mode::start_up;
    std::vector<scenarios::Alarm> alarms;  ///< that came on
};

class RunPrinter final : public scenarios::Observer {
  public:
    /// `first_day_s`: seconds from the midnight before the device's first tick to Moment 0. `out` outlives this; null:
    /// nothing is printed as it happens.
    RunPrinter(std::uint64_t first_day_s, scenarios::Language language, std::ostream* out);

    void hear(const scenarios::Sample& sample) override;
    void hear(const scenarios::Dose& dose) override;
    void hear(const scenarios::ModeChange& change) override;
    void hear(const scenarios::Alarm& alarm) override;
    void hear(const scenarios::Event& event) override;

    /// `end`, and what the motor moved until then, in mU.
    RunSummary summary(scenarios::Moment end, std::int64_t delivered_mu) const;
    std::string in_words(const RunSummary& summary) const;

  private:
    void line(scenarios::Moment at, const std::string& words);
    std::uint64_t first_day_s_;
    scenarios::Language language_;
    std::ostream* out_;
    std::vector<double> plasma_mg_dl_;
    std::int64_t hour_began_mu_ = 0;
    int by_firmware_ = 0, by_profile_ = 0;  ///< doses of this hour
    hal::Mode mode_ = hal::Mode::start_up;
    std::vector<scenarios::Alarm> alarms_;
};

/// One object: schema, seed, hours, the numbers of `summary` by the names that every report uses, alarms.
std::string as_json(const RunSummary& summary, std::uint64_t seed);

}  // namespace basalt::cli
