#include "device/guardian/profile.h"

#include "tests/fuzz/target.h"

#include <algorithm>

namespace basalt::fuzz {
std::vector<Input> seeds() {
    guardian::Profile profile;
    profile.generation = 1;
    profile.rates.fill({850});
    profile.limits.per_dose = 10_U;
    profile.limits.per_hour = 15_U;
    profile.limits.beyond_profile_in_4_h = 12_U;
    profile.limits.per_day = 60_U;
    profile.limits.doses_per_hour = guardian::most_doses_per_hour;
    profile.failsafe_bolus = 500_mU;
    for (std::size_t i = 0; i < 2; ++i) {
        profile.release_keys[i].key.fill(static_cast<std::uint8_t>(1 + i));
        profile.release_keys[i].key[0] = 4;  // an uncompressed point
        profile.release_keys[i].role = guardian::ReleaseRole::physician;
        profile.release_keys[i].expires_day = 30'000;
    }
    const auto frame = guardian::ProfileFrames::encode(profile);
    require(guardian::read_profile(frame.view()).has_value(), "the good profile is accepted");
    return {Input{frame.view().begin(), frame.view().end()}};
}
}  // namespace basalt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const ByteView in{data, size};
    const auto profile = guardian::read_profile(in);
    if (!profile) {
        fuzz::require(!guardian::in_words(profile.error()).empty(), "a refusal has words");
        return 0;
    }
    fuzz::require(std::ranges::equal(guardian::ProfileFrames::encode(*profile).view(), in),
                  "a profile has one spelling");
    for (const auto rate : profile->rates)
        fuzz::require(
            rate.count >= 0 && rate <= guardian::highest_rate && rate.count % guardian::rate_step_mu_per_h == 0,
            "every rate is one that the pump can give");
    std::uint16_t rest = 0;
    MilliUnits hour{};
    for (std::uint32_t slot = 0; slot < 12; ++slot) {
        const auto dose = guardian::slot_dose(profile->rates[23], rest);
        rest = dose.remainder;
        hour += dose.amount;
    }
    fuzz::require(hour.count == profile->rates[23].count, "twelve slots give the hour's rate");
    fuzz::require(hour <= profile->limits.per_hour, "the rates keep the hour's own limit");
    return 0;
}
