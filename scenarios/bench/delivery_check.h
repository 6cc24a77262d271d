// scenarios/bench/delivery_check.h: whether what was given, what stands in the guardian's ring and what stands in the
// firmware's records are the same insulin: none twice, none missing, none unrecorded.
#pragma once
#include "device/hal/dose_frames.h"
#include "scenarios/bench/simulation.h"

#include <span>
#include <string>
#include <vector>

namespace basalt::bench {

/// Holds the ring against the motor.
/// `began`: where the motor stood before the ring's first entry. `motor_mu`: where it stands now. `in_flight_mu`: what
/// it has been told and not yet moved. `slots_until`: every basal slot from the ring's first to before this tick must
/// have one dose. Returns: sentences about what does not fit; empty when everything does.
std::vector<std::string> check_ring(std::span<const hal::RingEntry> ring, std::int64_t began_mu, std::int64_t motor_mu,
                                    std::int64_t in_flight_mu, Tick slots_until);

/// One row of the firmware's dose table, as it answers over the radio.
struct RecordedDose {
    std::uint32_t ring_seq = 0;  ///< 0: not yet known
    std::int64_t amount_mu = 0;
};
/// Reads "rows" of read_doses. Errors: unreadable.
Result<std::vector<RecordedDose>> recorded_doses(const std::vector<std::string>& bodies);

/// Holds the firmware's dose table against the ring: the same doses, each once.
std::vector<std::string> check_records(std::span<const hal::RingEntry> ring, std::span<const RecordedDose> records);

}  // namespace basalt::bench
