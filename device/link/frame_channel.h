// device/link/frame_channel.h: what the gateway may say to the firmware and hear from it. Everything that the
// firmware reads here may come from an attacker, and everything that it says here he may read: nothing of the pump's
// state, log or doses has a frame here but the sealed ones. The screen's own frames: device/hal/screen_frames.h.
// The page is docs/formats/frame-channel.md.
#pragma once
#include "device/common/codec.h"

namespace basalt::link {

// ---- the end-to-end session (docs/formats/session.md): nobody between its two ends reads what stands in `body` ---------

/// How long every sealed message is, in bytes: always the same, so that its length tells the gateway nothing.
inline constexpr std::size_t sealed_in_size = 668, sealed_out_size = 1'692;

/// Begins a session. The client draws `session`: where answers go, and no secret.
struct Hello {
    static constexpr std::uint8_t number = 2;
    std::uint32_t session = 0;
    Bytes<128> body;
    template <class C> void fields(C& c) { c(session); c(body); }
};

struct SealedIn {
    static constexpr std::uint8_t number = 3;
    std::uint32_t session = 0;
    std::array<std::uint8_t, sealed_in_size> body{};
    template <class C> void fields(C& c) { c(session); c(body); }
};

/// What became of the Hello.
struct Answer {
    static constexpr std::uint8_t number = 65;
    std::uint32_t session = 0;
    Bytes<320> body;
    template <class C> void fields(C& c) { c(session); c(body); }
};

/// One or more for each SealedIn; the last has `last` set. It is the gateway's only hint, and nothing rests on it.
struct SealedOut {
    static constexpr std::uint8_t number = 66;
    std::uint32_t session = 0;
    bool last = true;
    std::array<std::uint8_t, sealed_out_size> body{};
    template <class C> void fields(C& c) { c(session); c(last); c(body); }
};

// ---- between gateway and firmware alone; from a client they are the wrong way --------------------------------------------

/// The gateway asks for a certificate of the TLS key that it made for this boot.
struct Certify {
    static constexpr std::uint8_t number = 4;
    std::array<std::uint8_t, 65> key{};  ///< an uncompressed P-256 point
    template <class C> void fields(C& c) { c(key); }
};

/// So many connections of the network were ended for this reason since it was last told.
struct NetworkRefusal {
    static constexpr std::uint8_t number = 5;
    std::uint8_t reason = 0;  ///< of TlsRefusal (tls_refusal.h); one that nobody knows is no fault of the frame
    std::uint32_t count = 0;
    template <class C> void fields(C& c) { c(reason); c(count); }
};

/// What the gateway shows to clients, and whom it lets in; or why not. Certificates are X.509, DER.
struct Certified {
    static constexpr std::uint8_t number = 67;
    std::int64_t now_unix_s = 0;   ///< the device's date
    Bytes<600> leaf;               ///< for the key of Certify
    Bytes<600> identity;           ///< of the device identity key, which signed the leaf
    Bytes<600> client_authority;   ///< who signs clients
    Bytes<200> refusal;            ///< not empty: a sentence, and the others are empty
    template <class C> void fields(C& c) { c(now_unix_s); c(leaf); c(identity); c(client_authority); c(refusal); }
};

using LinkFrames = FrameSet<'F', Hello, SealedIn, Certify, NetworkRefusal, Answer, SealedOut, Certified>;

/// The firmware reads at most this many frames in one tick; what is more waits, and counts as a flood.
inline constexpr int frames_a_tick = 32;
/// One command gets at most this many sealed answers, the last one included; what it asks for beyond that is asked for again.
inline constexpr int max_replies = 32;

}  // namespace basalt::link
