#include "device/guardian/profile.h"

#include <algorithm>
#include <utility>

namespace basalt::guardian {
namespace {
using enum ProfileFault;
constexpr std::int32_t slots_an_hour = 12, bolus_step_mu = 50;

std::int32_t highest(const Profile& p) noexcept { return std::ranges::max(p.rates).count; }
std::int32_t whole_day(const Profile& p) noexcept {
    std::int32_t sum = 0;  // 24 rates of at most 5000: asked only after rate_out_of_range
    for (const auto rate : p.rates) sum += rate.count;
    return sum;
}
bool is_used(const ReleaseKey& k) noexcept {
    return k.role != ReleaseRole::none && k.key[0] == 0x04 && k.expires_day > 0;
}
bool is_unused(const ReleaseKey& k) noexcept {
    return k.role == ReleaseRole::none && k.expires_day == 0 &&
           std::ranges::all_of(k.key, [](auto b) { return b == 0; });
}
bool keys_wrong(const Profile& p) noexcept {
    const auto& keys = p.release_keys;
    if (!is_used(keys[0]) || !is_used(keys[1])) return true;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (!(is_used(keys[i]) || is_unused(keys[i]))) return true;
        if (i > 0 && is_used(keys[i]) && !is_used(keys[i - 1])) return true;
        for (std::size_t j = 0; j < i; ++j)
            if (is_used(keys[i]) && keys[i].key == keys[j].key) return true;  // two persons, so two keys
    }
    return false;
}

struct Rule {
    ProfileFault fault;
    bool (*broken)(const Profile& p);
    std::string_view words;
};
// Doses of a slot carry their fraction on, so an hour may hold 1 mU and a day 24 mU more than the rates say: hence the
// rates must stay below the limits by a step.
constexpr std::array rules{
    Rule{no_generation, [](auto& p) { return p.generation == 0; }, "the profile has no generation number"},
    Rule{rate_out_of_range,
         [](auto& p) { return std::ranges::any_of(p.rates, [](auto r) { return r.count < 0 || r > highest_rate; }); },
         "a basal rate is below 0 or above 5 U/h"},
    Rule{rate_step,
         [](auto& p) { return std::ranges::any_of(p.rates, [](auto r) { return r.count % rate_step_mu_per_h != 0; }); },
         "a basal rate is no multiple of 0.05 U/h"},
    Rule{dose_limit, [](auto& p) { return p.limits.per_dose < 500_mU || p.limits.per_dose > 30_U; },
         "the limit of one dose is below 0.5 U or above 30 U"},
    Rule{hour_limit, [](auto& p) { return p.limits.per_hour < p.limits.per_dose || p.limits.per_hour > 60_U; },
         "the limit of an hour is below the limit of one dose, or above 60 U"},
    Rule{day_limit, [](auto& p) { return p.limits.per_day < p.limits.per_hour || p.limits.per_day > 300_U; },
         "the limit of a day is below the limit of an hour, or above 300 U"},
    Rule{cap_limit,
         [](auto& p) {
             return p.limits.beyond_profile_in_4_h < 0_mU || p.limits.beyond_profile_in_4_h > p.limits.per_day;
         },
         "the cap of four hours is below 0, or above the limit of a day"},
    Rule{rates_over_hour, [](auto& p) { return highest(p) + rate_step_mu_per_h > p.limits.per_hour.count; },
         "a basal rate alone reaches the limit of an hour"},
    Rule{rates_over_day, [](auto& p) { return whole_day(p) + rate_step_mu_per_h > p.limits.per_day.count; },
         "the basal rates alone reach the limit of a day"},
    Rule{doses_out_of_range,
         [](auto& p) {
             return p.limits.doses_per_hour < slots_an_hour || p.limits.doses_per_hour > most_doses_per_hour;
         },
         "the number of doses in an hour is below 12 or above 30"},
    Rule{release_keys, keys_wrong, "there are not two or more different release keys, each with a role and a last day"},
    Rule{failsafe_bolus,
         [](auto& p) {
             return p.failsafe_bolus < 0_mU || p.failsafe_bolus > std::min(p.limits.per_dose, 2_U) ||
                    p.failsafe_bolus.count % bolus_step_mu != 0;
         },
         "the bolus in failsafe is above 2 U or the limit of one dose, or no multiple of 0.05 U"},
};
}  // namespace

std::string_view in_words(ProfileFault fault) noexcept {
    for (const Rule& rule : rules)
        if (rule.fault == fault) return rule.words;
    return fault == malformed ? "it is no profile, or not one of 24 rates" : "nothing is wrong with it";
}

ProfileFault fault_of(const Profile& profile) noexcept {
    for (const Rule& rule : rules)
        if (rule.broken(profile)) return rule.fault;
    return none;
}

std::expected<Profile, ProfileFault> read_profile(ByteView payload) noexcept {
    const auto frame = ProfileFrames::decode(payload);
    if (!frame) return std::unexpected{malformed};
    const Profile& profile = *std::get_if<Profile>(&*frame);
    if (const auto fault = fault_of(profile); fault != none) return std::unexpected{fault};
    return profile;
}

SlotDose slot_dose(MilliUnitsPerHour rate, std::uint16_t remainder) noexcept {
    const std::int32_t parts = rate.count * static_cast<std::int32_t>(hal::basal_slot_s) + remainder;  // 1/3600 mU
    return {{parts / 3600}, static_cast<std::uint16_t>(parts % 3600)};
}

MilliUnitsPerHour rate_at(const Profile& profile, SecondOfDay now, bool clock_ok) noexcept {
    if (!clock_ok || now.seconds >= 86'400) return std::ranges::min(profile.rates);
    return profile.rates[now.seconds / 3600];
}

}  // namespace basalt::guardian
