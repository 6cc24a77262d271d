// scenarios/campaign/flips.h: a fresh device one bit of whose images in flash is another, or a bit in each of several,
// and a real start of it: what was changed is refused before anything of it runs, and insulin goes on.
#pragma once
#include "scenarios/campaign/campaign.h"
#include "scenarios/campaign/device_kind.h"

namespace basalt::campaign {

/// Which images, and in each which of its bits, counted from the file's beginning.
struct Flip {
    std::string image;  ///< "slot-a/firmware.img"
    std::uint64_t bit = 0;
    friend bool operator==(const Flip&, const Flip&) = default;
};

/// What a run changes: in turn by seed the firmware of both slots, of A, of B, or the gateway of A. The bits follow from
/// the seed: one of four lies in the first 512 bytes, in header or signature.
Result<std::vector<Flip>> draw_flips(std::uint64_t seed, const std::filesystem::path& flash);

/// Starts the changed device, lets it live for some minutes, and judges.
Result<RunResult> play_flips(const bench::FreshDevice& fresh, std::uint64_t seed);

}  // namespace basalt::campaign
