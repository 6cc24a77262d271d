#include "device/boot/measurements.h"

#include <string_view>
#include <utility>

namespace basalt::boot {
namespace {

constexpr std::array<std::uint8_t, 6> absent{'a', 'b', 's', 'e', 'n', 't'};

Measurement of_file(Pcr pcr, const std::optional<SignedHeader>& header) noexcept {
    Measurement out{.pcr = pcr, .data = {}};
    if (header)
        out.data.assign(header_bytes(*header));
    else
        out.data.assign(absent);
    return out;
}

Measurement of_bytes(Pcr pcr, ByteView bytes) noexcept {
    Measurement out{.pcr = pcr, .data = {}};
    out.data.assign(bytes);
    return out;
}

}  // namespace

std::array<Measurement, 7> measurements(const MeasuredState& state) noexcept {
    const EncodedFrame authority = AuthorityFrames::encode(AuthorityFile{state.authority});
    static_assert(sizeof(Authority) < 500, "the authority's bytes fit one measurement");
    return {
        of_file(Pcr::rom, state.guardian),          of_file(Pcr::rom, state.boot),
        of_bytes(Pcr::authority, authority.view()), of_file(Pcr::firmware, state.firmware),
        of_file(Pcr::gateway, state.gateway),       of_file(Pcr::configuration, state.configuration),
        of_bytes(Pcr::profile, state.profile),
    };
}

std::array<Digest, pcr_count> pcr_values(const MeasuredState& state) noexcept {
    std::array<Digest, pcr_count> values{};
    for (const Measurement& measurement : measurements(state)) {
        Digest& value = values[std::to_underlying(measurement.pcr)];
        value = sha256(value, measurement.digest());
    }
    return values;
}

}  // namespace basalt::boot
