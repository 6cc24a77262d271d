#include "scenarios/engine/outcome.h"

#include <fmt/format.h>

#include <algorithm>

namespace basalt::scenarios {
namespace {

Build build_of(RunKind kind, const Scenario& scenario) {
    switch (kind) {
        case RunKind::protected_device:
            return {Variant::production, 0};
        case RunKind::unprotected_device:
            return {Variant::training, scenario.switched_off};
        case RunKind::training_device:
            return {Variant::training, 0};
    }
    return {};
}

void hold_to_expectations(const RunResult& run, std::vector<Lack>& lacks) {
    for (const auto& judged : run.expectations)
        if (!judged.met) lacks.push_back({Shortfall::expectation_missed, judged.id});
    if (run.harmed) lacks.push_back({Shortfall::protected_harmed, ""});
}

std::vector<Lack> lacks_of(const Outcome& outcome) {
    std::vector<Lack> lacks;
    const auto* shielded = outcome.run(RunKind::protected_device);
    hold_to_expectations(*shielded, lacks);
    if (!outcome.twin()) return lacks;
    if (!outcome.run(RunKind::unprotected_device)->harmed) lacks.push_back({Shortfall::no_harm, ""});
    // Equal in everything that can be harmed; so what the protected device has met, the training device has met.
    const auto* training = outcome.run(RunKind::training_device);
    if (const auto difference = first_difference(shielded->seen, training->seen))
        lacks.push_back(
            {Shortfall::training_differs, fmt::format("{}, minute {:.0f}", difference->in, difference->at.minutes())});
    for (std::size_t i = 0; i < shielded->expectations.size(); ++i)
        if (shielded->expectations[i].met && !training->expectations[i].met)
            lacks.push_back({Shortfall::training_differs, shielded->expectations[i].id});
    return lacks;
}

}  // namespace

std::string_view name_of(RunKind kind) noexcept {
    switch (kind) {
        case RunKind::protected_device:
            return "protected";
        case RunKind::unprotected_device:
            return "unprotected";
        case RunKind::training_device:
            return "training";
    }
    return "unknown";
}

const RunResult* Outcome::run(RunKind kind) const noexcept {
    const auto found = std::ranges::find(runs, kind, &RunResult::kind);
    return found == runs.end() ? nullptr : &*found;
}

Result<Outcome> run_scenario(Scenario scenario, HowToRun how, DeviceMaker& maker, Observer* live) {
    scenario.setting.seed = how.seed;
    Outcome outcome{.seed = how.seed, .runs = {}, .lacks = {}};
    std::vector<RunKind> kinds{RunKind::protected_device};
    if (how.twin) kinds.insert(kinds.end(), {RunKind::unprotected_device, RunKind::training_device});
    for (const auto kind : kinds) {
        auto seen = play(scenario, build_of(kind, scenario), maker, kind == RunKind::protected_device ? live : nullptr);
        if (!seen) return std::unexpected{seen.error()};
        RunResult run{.kind = kind, .seen = std::move(*seen), .expectations = {}, .harmed = {}, .plasma = {}};
        run.expectations = judge(scenario, run.seen);
        run.harmed = harmed_at(scenario, run.seen);
        run.plasma = pump_model::measure(run.seen.plasma());
        outcome.runs.push_back(std::move(run));
    }
    outcome.lacks = lacks_of(outcome);
    return outcome;
}

}  // namespace basalt::scenarios
