// device/boot/tpm_steps.h: all that boot does with the TPM, in the order of this file. It holds the TPM alone
// meanwhile, and lets go of it before it launches anything.
#pragma once
#include "device/boot/measurements.h"
#include "device/hal/boot_frames.h"
#include "tpm/event_log.h"
#include "tpm/tpm.h"

namespace basalt::boot {

/// A guardian that was reset without a TPM to count along may be this far ahead; further ahead is no memory of this
/// device.
inline constexpr std::uint64_t max_generations_ahead = 1000;

/// Holds the guardian's generation against the TPM's counter, and counts up to it.
/// Returns: fresh when it is larger than any that boot has seen; stale when an older copy of the guardian's memory was
/// put
///          back (the counter then stays as it was); unknown when the TPM gave no answer.
/// Rely on: once fresh was said, the same generation is stale, over resets and power cuts too. Needs the open platform
///          hierarchy, so no firmware can count.
hal::Anchor check_anchor(tpm::Tpm& tpm, std::uint64_t generation) noexcept;

/// Extends every measurement of `state` and writes it into `log`. False: the TPM refused one, and what it holds now
/// opens no key.
bool measure(tpm::Tpm& tpm, const MeasuredState& state, tpm::EventLog& log) noexcept;

}  // namespace basalt::boot
