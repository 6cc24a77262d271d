#include "device/firmware/therapy/dose_room.h"

#include <algorithm>
#include <limits>

namespace basalt::firmware {
namespace {
constexpr std::uint64_t an_hour_s = 3'600, four_hours_s = 4 * an_hour_s, a_day_s = 24 * an_hour_s;
constexpr int basal_doses_per_hour = 12;

MilliUnits at_least_none(std::int64_t amount) noexcept {
    return {static_cast<std::int32_t>(std::clamp<std::int64_t>(amount, 0, std::numeric_limits<std::int32_t>::max()))};
}
}  // namespace

MilliUnits most(const Room& room) noexcept {
    return room.boluses > 0 ? std::min({room.dose, room.hour, room.day, room.beyond}) : MilliUnits{};
}

hal::DoseVerdict verdict_for(MilliUnits amount, const Room& room) noexcept {
    if (amount <= MilliUnits{}) return hal::DoseVerdict::not_positive;
    if (amount > room.dose) return hal::DoseVerdict::over_dose;
    if (amount > room.hour) return hal::DoseVerdict::over_hour;
    if (amount > room.day) return hal::DoseVerdict::over_day;
    if (amount > room.beyond) return hal::DoseVerdict::over_cap;
    return room.boluses > 0 ? hal::DoseVerdict::accepted : hal::DoseVerdict::too_many;
}

DoseRoom::DoseRoom(const KnownLimits& limits, std::span<const PastDose> given, Tick now, const BasalToCome& basal)
    : limits_(limits), now_(now), basal_(basal), first_slot_(now.seconds / hal::basal_slot_s + (basal.due ? 0 : 1)) {
    basal_.most = std::max(basal.most, MilliUnits{});
    basal_.beyond = std::clamp(basal.beyond, MilliUnits{}, basal_.most);
    points_.reserve(given.size());
    for (const PastDose& dose : given) {
        const std::int64_t amount = std::max(dose.amount.count, 0), of_profile = std::max(dose.of_profile.count, 0);
        // An entry from the future (the board's clock went back) counts as given now, as the guardian has it.
        points_.push_back({std::min(dose.at.seconds, now.seconds), amount,
                           std::max<std::int64_t>(0, amount - of_profile), dose.bolus ? 1 : 0});
    }
    std::ranges::sort(points_, {}, &Point::at_s);
    for (std::size_t i = 1; i < points_.size(); ++i) {
        points_[i].amount += points_[i - 1].amount;
        points_[i].beyond += points_[i - 1].beyond;
        points_[i].boluses += points_[i - 1].boluses;
    }
}

/// The sums of what a window holds that ends at `end_s`: a dose leaves it `window_s` after it was written down.
DoseRoom::Point DoseRoom::given_in(std::uint64_t window_s, std::uint64_t end_s) const noexcept {
    if (points_.empty()) return {};
    const Point& all = points_.back();
    if (end_s < window_s) return all;
    const auto first = std::ranges::upper_bound(points_, end_s - window_s, {}, &Point::at_s);
    if (first == points_.begin()) return all;
    const Point& before = *std::prev(first);
    return {all.at_s, all.amount - before.amount, all.beyond - before.beyond, all.boluses - before.boluses};
}

/// The most that basal doses which are still to come can bring into that window.
DoseRoom::Point DoseRoom::basal_in(std::uint64_t window_s, std::uint64_t end_s) const noexcept {
    const std::uint64_t oldest = end_s > window_s ? (end_s - window_s) / hal::basal_slot_s : 0;
    const std::uint64_t from = std::max(first_slot_, oldest), to = end_s / hal::basal_slot_s;
    if (to < from) return {};
    const auto slots = static_cast<std::int64_t>(to - from + 1);
    const std::uint64_t to_beyond = std::min(to, basal_.beyond_until.seconds / hal::basal_slot_s);
    const auto slots_beyond = to_beyond < from ? 0 : static_cast<std::int64_t>(to_beyond - from + 1);
    const std::int64_t rounding = basal_.most > MilliUnits{} ? slots : 0;
    return {end_s, slots * basal_.most.count, slots_beyond * basal_.beyond.count + rounding, 0};
}

/// What a bolus at `when_s` may be so that the window holds its limit at once, and at each basal slot for as long as
/// the bolus is in it.
MilliUnits DoseRoom::left(MilliUnits limit, std::int64_t Point::* sum, std::uint64_t window_s,
                          std::uint64_t when_s) const noexcept {
    std::int64_t fullest = 0;
    const auto look_at = [&](std::uint64_t end_s) {
        fullest = std::max(fullest, given_in(window_s, end_s).*sum + basal_in(window_s, end_s).*sum);
    };
    look_at(when_s);
    for (std::uint64_t slot = when_s / hal::basal_slot_s + 1; slot * hal::basal_slot_s < when_s + window_s; ++slot)
        look_at(slot * hal::basal_slot_s);
    return at_least_none(limit.count - fullest);
}

Room DoseRoom::room(Tick when) const noexcept {
    const std::uint64_t at_s = std::max(when, now_).seconds;
    return {.dose = at_least_none(limits_.per_dose.count),
            .hour = left(limits_.per_hour, &Point::amount, an_hour_s, at_s),
            .beyond = left(limits_.beyond_profile_in_4_h, &Point::beyond, four_hours_s, at_s),
            .day = left(limits_.per_day, &Point::amount, a_day_s, at_s),
            .boluses = std::max(0, limits_.doses_per_hour - basal_doses_per_hour - given_in(an_hour_s, at_s).boluses)};
}

std::optional<std::uint64_t> DoseRoom::fits_in(MilliUnits amount) const noexcept {
    if (amount > limits_.per_dose) return std::nullopt;
    for (std::uint64_t wait = 0; wait <= a_day_s; wait += hal::basal_slot_s)
        if (verdict_for(amount, room(now_ + wait)) == hal::DoseVerdict::accepted) return wait;
    return std::nullopt;
}

}  // namespace basalt::firmware
