// device/firmware/therapy/refusal_words.h: a refused bolus, explained: what was asked, why not, what is allowed now,
// when more will be.
#pragma once
#include "device/firmware/therapy/dose_room.h"
#include "device/firmware/therapy/words.h"

namespace basalt::firmware {

/// Three or four sentences. `verdict` is the guardian's, or verdict_for() before anything was asked; `room` is that of
/// the moment of the refusal. Rely on:  every verdict has its words; the amounts are those of `room`, down to the next
/// step that can be typed.
Sentence explain_refusal(hal::DoseVerdict verdict, MilliUnits asked, const DoseRoom& room);

}  // namespace basalt::firmware
