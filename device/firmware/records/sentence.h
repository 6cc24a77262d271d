// device/firmware/records/sentence.h: an event as people read it; the guardian's alarms in the guardian's own words.
#pragma once
#include "storage/event.h"

#include <string>

namespace basalt::firmware {

/// As storage::in_words(), and for an alarm of the guardian what happened and what to do now, from its table of alarms.
std::string sentence(const storage::Event& event, storage::Language language);

}  // namespace basalt::firmware
