// scenarios/bench/ring_words.h: the guardian's ring for people: the same sentences as those of the event log.
#pragma once
#include "device/hal/dose_frames.h"
#include "scenarios/engine/text.h"
#include "storage/event.h"

#include <string>

namespace basalt::bench {

/// An event of the log as a whole sentence; an alarm is named as the pump names it.
std::string in_words(const storage::Event& event, scenarios::Language language);
/// One entry as a whole sentence.
std::string in_words(const hal::RingEntry& entry, scenarios::Language language);
/// One entry as the event that it is in the device's log: its canonical JSON (docs/formats/log-record.md), numbered by
/// its place in the ring.
std::string as_record(const hal::RingEntry& entry);

}  // namespace basalt::bench
