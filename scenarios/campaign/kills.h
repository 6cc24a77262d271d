// scenarios/campaign/kills.h: a day of a fresh device in which its programs are killed or hang at moments that the seed
// draws, and the judgement of it by the design's table "who dies, who goes on, who brings it back, in which mode".
#pragma once
#include "scenarios/campaign/campaign.h"
#include "scenarios/campaign/device_kind.h"
#include "scenarios/campaign/witness.h"

namespace basalt::campaign {

enum class How : std::uint8_t {
    killed,
    hung,        ///< stopped where it stands, its channels open
    cut_in_tick  ///< the guardian alone: dies in the middle of its tick, before its frame number `frame`
};

struct Blow {
    Moment at;
    bench::Part part = bench::Part::gateway;
    How how = How::killed;
    int frame = 0;  ///< 1 to 12
    friend bool operator==(const Blow&, const Blow&) = default;
};

/// "firmware killed", "guardian cut in its tick": the kind of a run's by_kind.
std::string name_of(const Blow& blow);

/// 1 to 8 blows in order of time. Two in three fall anywhere in the run, one in three within minutes of the one before,
/// so that starts and crash loops are hit; the TPM is hit in one run of four. The same seed gives the same blows.
std::vector<Blow> draw_blows(std::uint64_t seed, std::int64_t hours);

/// Plays `blows` over `hours` hours (1 to 24) of a fresh copy, and judges. Faults are sentences with the run's second.
Result<RunResult> play_blows(const bench::FreshDevice& fresh, const std::vector<Blow>& blows, std::int64_t hours);

}  // namespace basalt::campaign
