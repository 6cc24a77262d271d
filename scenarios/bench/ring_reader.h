// scenarios/bench/ring_reader.h: the guardian's own ring of doses and triggers, read from its memory from outside: the
// reason of a failsafe is there even when no firmware runs that could tell it.
#pragma once
#include "device/hal/dose_frames.h"
#include "scenarios/bench/board.h"

#include <vector>

namespace basalt::bench {

/// All whole entries whose sequence number is greater than `after`, oldest first. At most 1024: the ring holds no more.
std::vector<hal::RingEntry> ring_entries(MemoryStore& memory, std::uint32_t after);

/// Those that directly follow `after` and each other: what was written since `after` was read. Cheap when there are
/// few.
std::vector<hal::RingEntry> ring_entries_since(MemoryStore& memory, std::uint32_t after);

}  // namespace basalt::bench
