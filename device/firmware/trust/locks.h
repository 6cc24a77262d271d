// device/firmware/trust/locks.h: which policy stands on which key. The factory makes keys with it, the firmware opens
// them.
#pragma once
#include "device/firmware/trust/sealing.h"
#include "tpm/release_policy.h"

namespace basalt::firmware {

inline tpm::Lock channel_key_lock(Protection protection, const tpm::Point& policy_key) {
    if (protection == Protection::none) return {};
    return {tpm::authorized_policy(policy_key, tpm::KeyUse::channel)};
}

/// Dead for ever once the class's counter has moved on.
inline tpm::Lock sealed_half_lock(Protection protection, const tpm::Point& policy_key, tpm::KeyUse use,
                                  std::uint64_t alive) {
    if (protection == Protection::none) return {};
    return {tpm::authorized_while_alive(policy_key, use, alive)};
}

inline tpm::Lock nv_half_lock(Protection protection, const tpm::Point& policy_key, tpm::KeyUse use) {
    if (protection == Protection::none) return {};
    return {tpm::authorized_policy(policy_key, use)};
}

}  // namespace basalt::firmware
