#include "scenarios/engine/expectations.h"

#include "pump_model/metrics.h"

#include <algorithm>
#include <span>

namespace basalt::scenarios {
namespace {

using Met = std::optional<Moment>;

struct Judge {
    const Scenario& scenario;
    const Recording& seen;

    Met operator()(const ShowsEvent& wanted) const {
        const auto found = std::ranges::find(seen.events, wanted.event, &Event::id);
        return found == seen.events.end() || found->at > wanted.by ? Met{} : found->at;
    }
    Met operator()(const ShowsMode& wanted) const {
        // The last stretch of this mode must have begun in time and last to the end.
        if (seen.modes.empty() || seen.mode_at_end() != wanted.mode) return {};
        auto since = seen.modes.back().at;
        for (auto it = seen.modes.rbegin(); it != seen.modes.rend() && it->mode == wanted.mode; ++it) since = it->at;
        return since > wanted.by ? Met{} : since;
    }
    Met operator()(const ShowsAlarm& wanted) const {
        Met since;
        for (const auto& alarm : seen.alarms) {
            if (alarm.id != wanted.alarm) continue;
            if (!alarm.on)
                since.reset();
            else if (!since)
                since = alarm.at;
        }
        return since && *since > wanted.by ? Met{} : since;
    }
    Met operator()(const StaysInRange& wanted) const {
        const auto plasma = seen.plasma();
        return pump_model::measure(plasma).tir_percent >= wanted.percent ? Met{scenario.end()} : Met{};
    }
    Met operator()(const GivesNoMoreThanProfile&) const {
        constexpr std::int64_t slot_s = 300;
        const std::int64_t rate = scenario.setting.basal.count;
        const std::int64_t largest =
            (rate * slot_s + 3599) / 3600;  // the profile carries what is left of a mU to the next slot
        // Firmware and guardian each carry less than 1 mU from slot to slot, on their own; an hour may hold three such
        // turns (the guardian at start-up, the firmware, the guardian again).
        constexpr std::int64_t carried = 3;
        std::int64_t hour = 0;
        std::int64_t all = 0;
        std::size_t first = 0;
        for (std::size_t i = 0; i < seen.doses.size(); ++i) {
            const auto& dose = seen.doses[i];
            hour += dose.amount.count;
            all += dose.amount.count;
            while (seen.doses[first].at + 3600 <= dose.at) hour -= seen.doses[first++].amount.count;
            const bool too_early = i > 0 && seen.doses[i - 1].at + slot_s > dose.at;
            if (dose.amount.count > largest || too_early || hour > rate + carried) return {};
        }
        // What the motor moved counts, not what was asked of it.
        return seen.delivered_mu() <= all ? Met{scenario.end()} : Met{};
    }
};

}  // namespace

std::vector<Judged> judge(const Scenario& scenario, const Recording& seen) {
    std::vector<Judged> out;
    for (const auto& expectation : scenario.expectations) {
        const Met met = std::visit(Judge{scenario, seen}, expectation.sight);
        out.push_back({expectation.id, expectation.text, met.has_value(), met});
    }
    return out;
}

std::optional<Moment> harmed_at(const Scenario& scenario, const Recording& seen) {
    const auto plasma = seen.plasma();
    switch (scenario.harm) {
        case Harm::hypo:
            if (!pump_model::harmed_by_low(plasma, 1)) return {};
            // Harm is there once the low has lasted long enough: the first minute of which that can be said.
            for (std::size_t n = 1; n <= plasma.size(); ++n)
                if (pump_model::harmed_by_low(std::span{plasma}.subspan(n > 16 ? n - 16 : 0, n > 16 ? 16 : n), 1))
                    return seen.samples[n - 1].at;
            break;
    }
    return {};
}

std::optional<Difference> first_difference(const Recording& one, const Recording& other) {
    std::optional<Difference> first;
    const auto compare = [&first](const auto& a, const auto& b, std::string_view in, auto equal) {
        const auto [x, y] = std::ranges::mismatch(a, b, equal);
        if (x == a.end() && y == b.end()) return;
        const Moment at = x == a.end() ? y->at : y == b.end() ? x->at : std::min(x->at, y->at);
        if (!first || at < first->at) first = Difference{at, in};
    };
    compare(one.samples, other.samples, "glucose", [](const Sample& a, const Sample& b) {
        return a.at == b.at && a.plasma_mg_dl == b.plasma_mg_dl && a.cgm_mg_dl == b.cgm_mg_dl &&
               a.delivered_mu == b.delivered_mu;
    });
    compare(one.doses, other.doses, "doses", std::equal_to<>{});
    compare(one.modes, other.modes, "modes", std::equal_to<>{});
    return first;
}

}  // namespace basalt::scenarios
