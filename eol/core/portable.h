// eol/core/portable.h: what every portable form has in common: where its bytes go, whose data they are, and dates.
#pragma once
#include "tpm/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace basalt::eol {

/// Takes a file's bytes in order. What it answers ends the writing, when it is an error.
using Sink = std::function<Result<void>(std::string_view)>;

struct DeviceFacts {
    std::string serial;               ///< 32 hexadecimal digits: the device's identity
    std::string firmware;             ///< its version
    std::int64_t unix_at_tick_0 = 0;  ///< the device's date when its time began, Unix seconds, as it knows it today
};

/// "2026-11-24T08:00:00Z". Years 1970 to 9999; what lies outside is the nearest of them.
std::string iso_8601(std::int64_t unix_s);
/// The device's date at that tick.
std::string date_at(const DeviceFacts& device, std::uint64_t tick_s);
/// Thousandths of a unit as a decimal: 1250 is "1.25", -50 is "-0.05".
std::string decimal_units(std::int64_t mu);

}  // namespace basalt::eol
