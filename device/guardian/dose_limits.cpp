#include "device/guardian/dose_limits.h"

#include <array>
#include <utility>

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

// By the number of the verdict.
constexpr std::array<std::string_view, 11> words{
    "The dose was accepted. It is being given.",
    "The dose was zero or less. Nothing was given. Enter the dose again.",
    "The dose is more than this pump gives at once. Nothing was given. Check the dose.",
    "Too much insulin for one hour. Nothing was given. Check the glucose before you ask again.",
    "More than the physician allows in four hours. Nothing was given. Check the glucose and call the physician.",
    "Too much insulin for one day. Nothing was given. Call the care team.",
    "Too many doses in one hour. Nothing was given. Wait, then ask for one dose.",
    "The basal dose of these five minutes was already given. Nothing was given twice. Nothing needs to be done.",
    "A basal dose is not due now. Nothing was given. It is given at the next five minutes by itself.",
    "The pump is not in normal mode. The dose was not given. Read the pump's alarm.",
    "The motor has not finished the dose before. Nothing was given. Wait until it has, then ask again.",
};
static_assert(words.size() == std::to_underlying(motor_behind) + 1);
}  // namespace

std::string_view in_words(hal::DoseVerdict verdict) noexcept { return words[std::to_underlying(verdict)]; }

hal::DoseVerdict allow(const Ask& ask, const DoseLimits& max, const Delivered& given) noexcept {
    for (const Rule& rule : rules)
        if (rule.broken(ask, max, given)) return rule.refusal;
    return accepted;
}

}  // namespace basalt::guardian
