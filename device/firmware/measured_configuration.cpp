#include "device/firmware/measured_configuration.h"

#include <algorithm>

namespace basalt::firmware {

Result<MeasuredConfiguration> measured_configuration(ByteView file, std::string_view name, const Digest& pcr4) {
    const auto refused = [&name] {
        return fail(ErrorCode::refused,
                    std::string{name} + " is not the configuration that was verified when the pump started.",
                    "Have the settings signed and installed again. Until then the pump gives its programmed rates.");
    };
    if (file.size() < SignedHeader::total) return refused();
    const Digest measurement = sha256(file.first(SignedHeader::size));
    if (sha256(Digest{}, measurement) != pcr4) return refused();

    // From here on the header is the one that boot found genuine, so its fields can be believed.
    SignedHeader header;
    constexpr std::size_t magic_size = 8;
    codec::Reader reader{file.subspan(magic_size, SignedHeader::size - magic_size)};
    header.fields(reader);
    const ByteView payload = file.subspan(SignedHeader::total);
    if (!reader.ok() || header.kind != FileKind::configuration || payload.size() != header.payload_size ||
        sha256(payload) != header.payload_digest)
        return refused();
    auto read = read_configuration({reinterpret_cast<const char*>(payload.data()), payload.size()}, name);
    if (!read) return std::unexpected{read.error()};
    return MeasuredConfiguration{header.device, std::move(*read)};
}

}  // namespace basalt::firmware
