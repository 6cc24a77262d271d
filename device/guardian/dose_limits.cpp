#include "device/guardian/dose_limits.h"

#include <array>

namespace basalt::guardian {
namespace {
using enum hal::DoseVerdict;

struct Rule {
    hal::DoseVerdict refusal;
    bool (*broken)(const Ask& ask, const DoseLimits& max, const Delivered& given);
};
constexpr int basal_doses_per_hour = 12;

// The whole policy. It subtracts what was given from the limit: both are >= 0, so that cannot overflow. Adding the
// request to what was given would be safe only for as long as over_dose is asked first.
constexpr std::array rules{
    Rule{not_positive, [](auto& ask, auto&, auto&) { return ask.amount <= 0_mU; }},
    Rule{over_dose, [](auto& ask, auto& max, auto&) { return ask.amount > max.per_dose; }},
    Rule{over_hour, [](auto& ask, auto& max, auto& given) { return ask.amount > max.per_hour - given.last_hour; }},
    Rule{over_day, [](auto& ask, auto& max, auto& given) { return ask.amount > max.per_day - given.last_day; }},
    Rule{over_cap,
         [](auto& ask, auto& max, auto& given) {
             const MilliUnits more = beyond(ask.amount, ask.of_profile);
             return more > 0_mU && more > max.beyond_profile_in_4_h - given.beyond_profile_in_4_h;
         }},
    Rule{too_many,
         [](auto& ask, auto& max, auto& given) {
             return ask.bolus && given.boluses_last_hour >= max.doses_per_hour - basal_doses_per_hour;
         }},
};
}  // namespace

hal::DoseVerdict allow(const Ask& ask, const DoseLimits& max, const Delivered& given) noexcept {
    for (const Rule& rule : rules)
        if (rule.broken(ask, max, given)) return rule.refusal;
    return accepted;
}

}  // namespace basalt::guardian
