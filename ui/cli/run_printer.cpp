#include "ui/cli/run_printer.h"

#include "pump_model/metrics.h"
#include "scenarios/engine/words.h"
#include "ui/cli/device_clock.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace basalt::cli {
namespace {

using scenarios::Words;

constexpr std::uint64_t hour_s = 3'600;

// "{...}" is filled in.
constexpr Words hour_line{
    "Glucose {glucose} mg/dL. In the last hour {given:.2f} U of insulin: doses by the firmware {firmware}, by the "
    "guardian "
    "{profile}.",
    "Glycémie {glucose} mg/dL. Dans l'heure passée {given:.2f} U d'insuline : doses du logiciel {firmware}, du gardien "
    "{profile}."};
constexpr Words switched_off{"The run is over: the pump is switched off.", "Fin de l'exécution : la pompe est éteinte."};
constexpr Words summary_words{
    "In {hours:.1f} h: glucose {min} to {max} mg/dL, {tir:.1f} % of the time between 70 and 180, {low:.1f} % below 54; "
    "{insulin:.2f} U of insulin; mode at the end: {mode}; alarms: {alarms}.",
    "En {hours:.1f} h : glycémie de {min} à {max} mg/dL, {tir:.1f} % du temps entre 70 et 180, {low:.1f} % sous 54 ; "
    "{insulin:.2f} U d'insuline ; mode à la fin : {mode} ; alarmes : {alarms}."};

double rounded(double value, double per_unit) { return std::round(value * per_unit) / per_unit; }

}  // namespace

RunPrinter::RunPrinter(std::uint64_t first_day_s, scenarios::Language language, std::ostream* out)
    : first_day_s_(first_day_s), language_(language), out_(out) {}

void RunPrinter::line(scenarios::Moment at, const std::string& words) {
    if (out_ == nullptr) return;
    *out_ << day_and_hour(first_day_s_ + static_cast<std::uint64_t>(at.seconds), language_) << "  " << words << '\n'
          << std::flush;
}

void RunPrinter::hear(const scenarios::Sample& sample) {
    const bool first = plasma_mg_dl_.empty();
    plasma_mg_dl_.push_back(sample.plasma_mg_dl);
    if ((first_day_s_ + static_cast<std::uint64_t>(sample.at.seconds)) % hour_s != 0) return;
    if (!first)
        line(sample.at, fmt::format(fmt::runtime(hour_line.in(language_)),
                                    fmt::arg("glucose", scenarios::reading(sample.plasma_mg_dl, language_)),
                                    fmt::arg("given", static_cast<double>(sample.delivered_mu - hour_began_mu_) / 1000),
                                    fmt::arg("firmware", by_firmware_), fmt::arg("profile", by_profile_)));
    hour_began_mu_ = sample.delivered_mu;
    by_firmware_ = by_profile_ = 0;
}

void RunPrinter::hear(const scenarios::Dose& dose) {
    ++(dose.by == scenarios::Dose::By::firmware ? by_firmware_ : by_profile_);
}

void RunPrinter::hear(const scenarios::ModeChange& change) {
    mode_ = change.mode;
    line(change.at, scenarios::in_words(change, language_));
}

void RunPrinter::hear(const scenarios::Alarm& alarm) {
    if (alarm.on) alarms_.push_back(alarm);
    line(alarm.at, scenarios::alarm_line(alarm, language_));
}

// A run takes nobody's battery out: whoever runs the pump has had enough, and switches it off.
void RunPrinter::hear(const scenarios::Event& event) {
    line(event.at, event.id == "powered_off" ? std::string{switched_off.in(language_)}
                                             : scenarios::in_words(event, language_));
}

RunSummary RunPrinter::summary(scenarios::Moment end, std::int64_t delivered_mu) const {
    const auto metrics = pump_model::measure(plasma_mg_dl_);
    return {static_cast<double>(end.seconds) / 3600,
            metrics.min_mg_dl,
            metrics.max_mg_dl,
            metrics.tir_percent,
            metrics.tbr54_percent,
            static_cast<double>(delivered_mu) / 1000,
            mode_,
            alarms_};
}

std::string RunPrinter::in_words(const RunSummary& summary) const {
    return fmt::format(fmt::runtime(summary_words.in(language_)), fmt::arg("hours", summary.hours),
                       fmt::arg("min", scenarios::reading(summary.glucose_min_mg_dl, language_)),
                       fmt::arg("max", scenarios::reading(summary.glucose_max_mg_dl, language_)),
                       fmt::arg("tir", summary.tir_percent), fmt::arg("low", summary.tbr54_percent),
                       fmt::arg("insulin", summary.insulin_total_u),
                       fmt::arg("mode", scenarios::words_of(summary.mode).in(language_)),
                       fmt::arg("alarms", summary.alarms.size())) +
           "\n";
}

std::string as_json(const RunSummary& summary, std::uint64_t seed) {
    using Json = nlohmann::ordered_json;
    Json alarms = Json::array();
    for (const auto& alarm : summary.alarms)
        alarms.push_back({{"id", alarm.id},
                          {"priority", scenarios::words_of(alarm.priority).english},
                          {"at_min", rounded(alarm.at.minutes(), 100)}});
    return Json{{"schema", 1},
                {"seed", seed},
                {"hours", rounded(summary.hours, 1000)},
                {"glucose_min_mg_dl", rounded(summary.glucose_min_mg_dl, 10)},
                {"glucose_max_mg_dl", rounded(summary.glucose_max_mg_dl, 10)},
                {"tir_percent", rounded(summary.tir_percent, 100)},
                {"tbr54_percent", rounded(summary.tbr54_percent, 100)},
                {"insulin_total_u", summary.insulin_total_u},
                {"mode", scenarios::id_of(summary.mode)},
                {"alarms", alarms}}
               .dump(2) +
           "\n";
}

}  // namespace basalt::cli
