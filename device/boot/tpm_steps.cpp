#include "device/boot/tpm_steps.h"

#include "tpm/layout.h"
#include "tpm/nv.h"
#include "tpm/pcr.h"

#include <utility>

namespace basalt::boot {

hal::Anchor check_anchor(tpm::Tpm& tpm, std::uint64_t generation) noexcept {
    const auto counter = tpm::read_counter(tpm, tpm::generation_counter);
    if (!counter) return hal::Anchor::unknown;
    // A counter that never counted cannot be read, so the factory counted it once: it is one ahead of what was seen.
    const std::uint64_t seen = *counter - 1;
    if (generation <= seen || generation - seen > max_generations_ahead) return hal::Anchor::stale;
    // A power cut in this loop leaves a smaller number, which the next generation is larger than, too.
    for (std::uint64_t count = seen; count < generation; ++count)
        if (!tpm::increment(tpm, tpm::generation_counter)) return hal::Anchor::unknown;
    return hal::Anchor::fresh;
}

bool measure(tpm::Tpm& tpm, const MeasuredState& state, tpm::EventLog& log) noexcept {
    for (const Measurement& measurement : measurements(state)) {
        const auto pcr = std::to_underlying(measurement.pcr);
        if (!tpm::extend(tpm, pcr, measurement.digest())) return false;
        log.add(pcr, tpm::EventType::compact_hash, measurement.data.view());
    }
    return true;
}

}  // namespace basalt::boot
