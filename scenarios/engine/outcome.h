// scenarios/engine/outcome.h: a scenario played on one device or on three, and the verdict.
#pragma once
#include "pump_model/metrics.h"
#include "scenarios/engine/expectations.h"
#include "scenarios/engine/play.h"

#include <optional>
#include <string>
#include <vector>

namespace basalt::scenarios {

enum class RunKind : std::uint8_t {
    protected_device,    ///< the production build
    unprotected_device,  ///< the training build with the scenario's defences switched off
    training_device,     ///< the training build with every defence on: must equal the protected one
};
/// "protected", "unprotected", "training": the names in JSON.
std::string_view name_of(RunKind kind) noexcept;

struct RunResult {
    RunKind kind = RunKind::protected_device;
    Recording seen;
    std::vector<Judged> expectations;
    std::optional<Moment> harmed;  ///< since when the scenario's harm is there
    pump_model::Metrics plasma;    ///< of one reading a minute
};

/// Why a scenario failed: a number for programs, a sentence in words.h for people.
enum class Shortfall : std::uint8_t {
    expectation_missed,  ///< the protected device did not show something
    protected_harmed,    ///< the protected device harmed the patient
    no_harm,             ///< the unprotected twin did no harm: the attack proves nothing
    training_differs,    ///< the training build with all defences on is another device than the production build
};
struct Lack {
    Shortfall shortfall;
    std::string
        detail;  ///< the expectation's id, or what differs and at which minute; empty where there is nothing to add
};

struct Outcome {
    std::uint64_t seed = 0;
    std::vector<RunResult> runs;  ///< protected; with a twin also unprotected, then training
    std::vector<Lack> lacks;      ///< empty: passed
    bool twin() const noexcept { return runs.size() > 1; }
    bool passed() const noexcept { return lacks.empty(); }
    const RunResult* run(RunKind kind) const noexcept;
};

struct HowToRun {
    bool twin = false;
    std::uint64_t seed = 1;
};

/// Plays the scenario. Every run of a twin has the same patient, setting, seed and timeline.
/// live: hears the protected run (for a screen that shows it as it happens); may be null.
/// Errors: only those of the simulator. A scenario that fails is an Outcome that did not pass.
Result<Outcome> run_scenario(Scenario scenario, HowToRun how, DeviceMaker& maker, Observer* live);

}  // namespace basalt::scenarios
