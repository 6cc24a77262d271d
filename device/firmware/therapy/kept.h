// device/firmware/therapy/kept.h: the therapy's values as text that the journal can keep as a setting, and back.
#pragma once
#include "device/firmware/therapy/bolus.h"
#include "device/firmware/therapy/temporary_basal.h"

namespace basalt::firmware {

using TherapyFrames = FrameSet<'T', Bolus, TemporaryBasal>;

/// Names of the settings.
inline constexpr std::string_view bolus_setting = "therapy.bolus", temporary_setting = "therapy.temporary_basal";

/// Hexadecimal, lower case, less than 512 characters: docs/formats/therapy.md.
std::string to_text(const Bolus& bolus);
std::string to_text(const TemporaryBasal& temporary);

/// nullopt: it is not such a text, or holds what none of the functions here can have made. Then nothing of it is used:
/// there is no bolus and no temporary rate.
std::optional<Bolus> bolus_of(std::string_view text);
std::optional<TemporaryBasal> temporary_of(std::string_view text);

}  // namespace basalt::firmware
