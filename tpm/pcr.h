// tpm/pcr.h: platform configuration registers of the SHA-256 bank.
#pragma once
#include "tpm/tpm.h"

#include <array>
#include <cstddef>

namespace basalt::tpm {

/// PCRs 0 to 7: all that Basalt uses, and one TPM2_PCR_Read returns at most eight.
inline constexpr std::size_t pcr_max = 8;
using PcrValues = std::array<Digest, pcr_max>;

/// A set of PCRs 0 to 7.
struct PcrSet {
    std::uint8_t bits = 0;
    static constexpr PcrSet of(std::initializer_list<unsigned> pcrs) noexcept {
        PcrSet set;
        for (const unsigned pcr : pcrs) set.bits = static_cast<std::uint8_t>(set.bits | (1U << pcr));
        return set;
    }
    constexpr bool has(std::size_t pcr) const noexcept { return ((bits >> pcr) & 1U) != 0; }
};

/// new = SHA-256(old || digest). `pcr` is 0 to 7.
Result<void> extend(Tpm& tpm, unsigned pcr, const Digest& digest);

/// All of PCRs 0 to 7 in one command, so the values belong to one moment.
Result<PcrValues> read_pcrs(Tpm& tpm);

}  // namespace basalt::tpm
