// device/link/handshake.h: how a session begins: two messages, after which both ends have keys that nobody else has,
// and the client knows which pump it speaks to. Page: docs/formats/session.md.
#pragma once
#include "device/link/crypto.h"
#include "device/link/drop.h"
#include "device/link/messages.h"

#include <expected>

namespace basalt::link {

inline constexpr std::uint8_t session_version = 1;

/// Client to device, in the clear. Nothing in it is secret, and nothing is believed.
struct HelloBody {
    static constexpr std::uint8_t number = 1;
    std::uint8_t version = session_version;
    Addresses addresses;  ///< source: the client; destination: the device that it wants
    Share share{};
    template <class C>
    void fields(C& c) {
        c(version);
        c(addresses);
        c(share);
    }
};

/// Device to client. `proof` signs everything else that was said, this frame's other fields included.
struct AnswerBody {
    static constexpr std::uint8_t number = 64;
    std::uint8_t version = session_version;
    Share share{};
    Tick now;                 ///< the device's time: from here on the client counts
    PublicKey key{};          ///< the session signing key's
    Signature certificate{};  ///< by the device identity key, over certificate_digest(device, key)
    Signature proof{};        ///< by the session signing key, over proof_digest()
    template <class C>
    void fields(C& c) {
        c(version);
        c(share);
        c(now);
        c(key);
        c(certificate);
        c(proof);
    }
};

/// Device to client, signed by nobody: a hint. `why` is one of Drop's reasons for a beginning.
struct HelloRefused {
    static constexpr std::uint8_t number = 65;
    Drop why = Drop::not_willing;
    template <class C>
    void fields(C& c) {
        c(why);
    }
};
constexpr bool is_known(Drop d) noexcept { return d >= Drop::no_room && d <= Drop::no_key; }

using HandshakeFrames = FrameSet<'E', HelloBody, AnswerBody, HelloRefused>;

/// Who signs for the device: on a device a TPM key that the device identity key certified.
class Signer {
  public:
    virtual ~Signer() = default;
    virtual const PublicKey& key() const noexcept = 0;
    /// All zeros when key() is the identity itself.
    virtual const Signature& certificate() const noexcept = 0;
    /// Nothing when the TPM does not answer.
    virtual std::optional<Signature> sign(const Digest& digest) noexcept = 0;

  protected:
    Signer() = default;
    Signer(const Signer&) = default;
    Signer& operator=(const Signer&) = default;
};

/// What the device identity key signs, once, for the session signing key.
Digest certificate_digest(const Identifier& device, const PublicKey& key) noexcept;

/// Everything that both ends said, as one number: salt of their keys, and what a badge's signature is bound to.
Digest transcript_of(std::uint32_t session, const HelloBody& hello, AnswerBody answer) noexcept;
/// What the session signing key signs.
Digest proof_digest(const Digest& transcript) noexcept;

/// The answer comes from the device whose identity key is `identity`: by that key itself, or by one that it certified.
bool proves(const AnswerBody& answer, const Digest& transcript, const Identifier& device,
            const PublicKey& identity) noexcept;

enum class Way : std::uint8_t { in, out };  ///< to the device, from the device

/// What seals and marks the messages of one direction.
struct WayKeys {
    Secret seal, identify;
    Nonce nonce{};            ///< the counter is added to its end
    std::uint64_t first = 0;  ///< sequence number of the first message, 1 to 2^62: nobody else can foretell it
};
std::optional<WayKeys> derive_keys(const Secret& shared, const Digest& transcript, Way way) noexcept;

}  // namespace basalt::link
