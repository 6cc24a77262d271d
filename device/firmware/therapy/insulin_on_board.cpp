#include "device/firmware/therapy/insulin_on_board.h"

#include <algorithm>
#include <limits>

namespace basalt::firmware {

InsulinOnBoard insulin_on_board(std::span<const PastDose> doses, const InsulinCurve& curve, Tick now,
                                Tick known_since) noexcept {
    constexpr std::uint64_t most = std::uint64_t{std::numeric_limits<std::int32_t>::max()} * InsulinCurve::one;
    std::uint64_t sum = 0;  // in 2^-30 mU
    for (const PastDose& dose : doses) {
        const auto amount = static_cast<std::uint64_t>(counted(dose).count);
        const std::uint64_t age = now > dose.at ? now.seconds - dose.at.seconds : 0;
        sum = std::min(most, sum + amount * curve.remaining(age));  // both below 2^61: no overflow
    }
    const std::uint64_t duration_s = std::uint64_t{60} * curve.action().duration_min;
    const bool complete = now >= known_since && now.seconds - known_since.seconds >= duration_s;
    return {{static_cast<std::int32_t>((sum + InsulinCurve::one - 1) / InsulinCurve::one)}, complete};
}

}  // namespace basalt::firmware
