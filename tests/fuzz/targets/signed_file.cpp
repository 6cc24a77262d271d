#include "device/common/signed_file.h"

#include "tests/fuzz/target.h"

#include <algorithm>
#include <bearssl.h>

namespace basalt::fuzz {
namespace {

/// A file signed with a key that stands here for the manufacturer's.
struct Sample {
    Input file;
    PublicKey key{};
};

Sample make_sample() {
    std::array<std::uint8_t, 32> secret{};
    secret.fill(0x11);
    const br_ec_private_key private_key{BR_EC_secp256r1, secret.data(), secret.size()};
    Sample sample;
    br_ec_compute_pub(br_ec_get_default(), nullptr, sample.key.data(), &private_key);

    const Input payload = bytes_of("a program, its libraries and their loader");
    const SignedHeader header{
        .kind = FileKind::firmware, .version = 3, .payload_size = payload.size(), .payload_digest = sha256(payload)};
    const auto head = header_bytes(header);
    const Digest digest = sha256(head);
    Signature signature{};
    br_ecdsa_i31_sign_raw(br_ec_get_default(), &br_sha256_vtable, digest.data(), &private_key, signature.data());

    sample.file.assign(head.begin(), head.end());
    sample.file.insert(sample.file.end(), signature.begin(), signature.end());
    sample.file.insert(sample.file.end(), payload.begin(), payload.end());
    return sample;
}

const Sample& sample() {
    static const Sample the_sample = make_sample();
    return the_sample;
}

}  // namespace

std::vector<Input> seeds() { return {sample().file}; }

}  // namespace basalt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const ByteView in{data, size};
    const auto verified = verify(in, {FileKind::firmware, Variant::production, any_device}, fuzz::sample().key);
    // Only what was signed is accepted, whatever stands in the signature's place.
    const ByteView signed_file = fuzz::sample().file;
    const bool same = in.size() == signed_file.size() &&
                      std::ranges::equal(in.first(SignedHeader::size), signed_file.first(SignedHeader::size)) &&
                      std::ranges::equal(in.subspan(SignedHeader::total), signed_file.subspan(SignedHeader::total));
    fuzz::require(!verified || same, "nothing but the signed bytes is accepted");
    fuzz::require(verified || !std::ranges::equal(in, signed_file), "the signed file is accepted");
    return 0;
}
