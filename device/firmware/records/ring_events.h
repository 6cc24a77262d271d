// device/firmware/records/ring_events.h: what an entry of the guardian's ring becomes in the event log: one table.
#pragma once
#include "device/hal/dose_frames.h"
#include "storage/event.h"

#include <span>
#include <string>

namespace basalt::firmware {

struct RingRow {
    hal::RingKind kind;
    storage::EventId becomes;
    bool moves_the_motor;  ///< the entry's amount is part of the dose table
    storage::Event (*event)(Tick now, const hal::RingEntry& entry);
};

/// One row for each RingKind, in their order.
std::span<const RingRow> ring_rows() noexcept;
const RingRow& ring_row(hal::RingKind kind) noexcept;

/// How the log spells these values; the words for people stand in storage/event_words.cpp.
std::string_view key_of(hal::DoseKind kind) noexcept;
std::string_view key_of(hal::DoseSource source) noexcept;
std::string_view key_of(hal::DoseVerdict verdict) noexcept;
std::string_view key_of(hal::Mode mode) noexcept;
std::string_view key_of(hal::Finding finding) noexcept;
std::string_view key_of(ImageVerdict verdict) noexcept;

}  // namespace basalt::firmware
