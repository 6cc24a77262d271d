// device/boot/measurements.h: what is measured into which PCR. One table, read by boot when it measures, by the factory
// when it signs the states under which data keys open, and by the hospital when it checks a quote: the three cannot
// disagree.
#pragma once
#include "device/common/authority.h"
#include "device/common/signed_file.h"
#include "tpm/layout.h"

#include <array>
#include <cstdint>
#include <optional>

namespace basalt::boot {

/// The numbers and their meaning. The cap stays zero here: the firmware extends it once its keys are open.
using tpm::Pcr;
using tpm::pcr_count;

/// All that decides the PCRs. An empty header says: there was none, or it was refused.
struct MeasuredState {
    std::optional<SignedHeader> guardian, boot, firmware, gateway, configuration;
    Authority authority;
    Digest profile{};  ///< BootStart::profile_digest: SHA-256 of the signed profile; zeros: none verified
};

/// One event: SHA-256 of `data` is extended into `pcr`. The event log holds `data` as it is, so a verifier recomputes
/// each digest from what it says, and trusts no event's name.
struct Measurement {
    Pcr pcr = Pcr::rom;
    Bytes<512> data;
    Digest digest() const noexcept { return sha256(data.view()); }
};

/// In the order in which they are extended.
/// Files are measured by their 128 header bytes, which hold the payload's digest (VerifiedFile::measurement() is the
/// same digest); one that is not there, by the six letters "absent"; the authority, by its file's bytes; the profile,
/// by its digest's 32 bytes. Rely on: pure; every state gives all seven, so no PCR of 0 to 5 is ever left at zero for
/// the firmware to fill.
std::array<Measurement, 7> measurements(const MeasuredState& state) noexcept;

/// What the PCRs hold after measurements(state), on a TPM where nothing else extended them. Index: PCR. The last is
/// zeros.
std::array<Digest, pcr_count> pcr_values(const MeasuredState& state) noexcept;

}  // namespace basalt::boot
