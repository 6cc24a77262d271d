#include "device/link/handshake.h"

namespace basalt::link {
namespace {

ByteView bytes_of(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Digest certificate_digest(const Identifier& device, const PublicKey& key) noexcept {
    std::array<std::uint8_t, sizeof(Identifier) + sizeof(PublicKey)> both{};
    std::ranges::copy(key, std::ranges::copy(device, both.begin()).out);
    return sha256(bytes_of("basalt session key 1"), both);
}

Digest transcript_of(std::uint32_t session, const HelloBody& hello, AnswerBody answer) noexcept {
    answer.proof = {};
    const EncodedFrame asked = HandshakeFrames::encode(hello), answered = HandshakeFrames::encode(answer);
    // Each has one length alone, so no two conversations are one string of bytes.
    std::array<std::uint8_t, 512> all{};
    codec::Writer writer{all};
    writer(session);
    for (const EncodedFrame* frame : {&asked, &answered})
        for (const std::uint8_t byte : frame->view()) writer(byte);
    return sha256(bytes_of("basalt session 1"), ByteView{all}.first(writer.size()));
}

Digest proof_digest(const Digest& transcript) noexcept {
    return sha256(bytes_of("basalt session proof 1"), transcript);
}

bool proves(const AnswerBody& answer, const Digest& transcript, const Identifier& device,
            const PublicKey& identity) noexcept {
    const bool known =
        answer.key == identity || signature_fits(certificate_digest(device, answer.key), answer.certificate, identity);
    return known && signature_fits(proof_digest(transcript), answer.proof, answer.key);
}

std::optional<WayKeys> derive_keys(const Secret& shared, const Digest& transcript, Way way) noexcept {
    std::array<std::uint8_t, 2 * Secret::size + sizeof(Nonce) + sizeof(std::uint64_t)> all{};
    const std::string_view label = way == Way::in ? "basalt session 1 in" : "basalt session 1 out";
    if (!derive(shared, transcript, label, all)) return std::nullopt;
    WayKeys keys;
    codec::Reader reader{all};
    for (Secret* secret : {&keys.seal, &keys.identify})
        for (std::uint8_t& byte : secret->bytes()) reader(byte);
    reader(keys.nonce);
    reader(keys.first);
    keys.first = (keys.first >> 2) + 1;
    explicit_bzero(all.data(), all.size());
    return keys;
}

}  // namespace basalt::link
