#include "device/factory/sign.h"

namespace basalt::factory {

Result<std::vector<std::uint8_t>> make_signed_file(SignedHeader header, ByteView payload, const P256Key& key) {
    header.payload_size = payload.size();
    header.payload_digest = sha256(payload);
    const auto head = header_bytes(header);
    const auto signature = key.sign(sha256(head));
    if (!signature) return std::unexpected{signature.error()};
    std::vector<std::uint8_t> file;
    file.reserve(SignedHeader::total + payload.size());
    file.insert(file.end(), head.begin(), head.end());
    file.insert(file.end(), signature->begin(), signature->end());
    file.insert(file.end(), payload.begin(), payload.end());
    return file;
}

}  // namespace basalt::factory
