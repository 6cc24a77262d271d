// device/firmware/trust/sealing.h: the defence "sealing": keys open under the measured state alone. Decided in one
// function, in a file of its own; the training build links its twin, scenarios/training/sealing.cpp, instead.
#pragma once
#include <cstdint>

namespace basalt::firmware {

enum class Protection : std::uint8_t {
    measured_state,  ///< PolicyAuthorize over PCRs 0 to 3 and 6, and the version
    none,            ///< whoever reaches the TPM may use the key
};

/// How a device that does without the defences `switched_off` (Authority::switched_off) makes and opens its keys.
Protection protection(std::uint32_t switched_off) noexcept;

}  // namespace basalt::firmware
