// device/link/device_end.h: the firmware's end of one session.
#pragma once
#include "device/link/channel.h"

namespace basalt::link {

/// Use: begin() with a Hello, send its Answer; each SealedIn of that session to take(); each command that comes out
/// gets reply(), the last one with `last` set. Time is the device's.
class DeviceEnd {
  public:
    struct Begun;
    /// What makes it no Hello to this device, of whatever is looked at before a key is made.
    static std::optional<Drop> objection(const Hello& hello, const Identifier& device,
                                         std::uint32_t switched_off) noexcept;
    /// Agrees on keys and signs. Costs one signature of the TPM: whoever calls it bounds how often.
    /// Errors: what the client is told by refuse().
    static std::expected<Begun, Drop> begin(const Hello& hello, const Identifier& device, Signer& signer,
                                            Chance& chance, Tick now, std::uint32_t switched_off) noexcept;
    static Answer refuse(std::uint32_t session, Drop why) noexcept;

    /// A command, believed: complete, in order, once, fresh, from the client who began this session.
    struct Asked {
        std::uint64_t sequence = 0;
        Bytes<max_command_size> body;
    };
    struct Taken {
        std::optional<Asked> command;
        std::optional<SealedOut> answer;  ///< to be sent: the session's own
        std::optional<Drop> dropped;      ///< to be counted
    };
    Taken take(const SealedIn& frame, Tick now) noexcept;

    /// Nothing when the session is over: the client then finds out for itself that it does not know.
    /// `body` is at most max_reply_size long; a longer one is no reply.
    std::optional<SealedOut> reply(std::uint64_t sequence, Outcome outcome, ByteView body, bool last,
                                   Tick now) noexcept;

    /// Says Bye and is over.
    std::optional<SealedOut> end(Ending why, Tick now) noexcept;

    std::optional<Ending> over(Tick now) const noexcept;
    std::uint32_t session() const noexcept { return session_; }
    /// Who the client says it is: an address. Who the person is, the layer above finds out.
    const Identifier& client() const noexcept { return client_; }
    /// What a badge's signature of a command must cover, with the command's sequence number: it then fits nowhere else.
    const Digest& binding() const noexcept { return binding_; }
    /// The client has shown that it holds the keys.
    bool confirmed() const noexcept { return channel_.confirmed(); }

  private:
    DeviceEnd(Channel channel, std::uint32_t session, const Identifier& client, const Digest& binding) noexcept
        : channel_{std::move(channel)}, session_{session}, client_{client}, binding_{binding} {}
    template <class M>
    std::optional<SealedOut> sealed(M message, bool last, Tick now) noexcept;

    Channel channel_;
    std::uint32_t session_;
    Identifier client_;
    Digest binding_;
    std::optional<Ending> over_;
};

struct DeviceEnd::Begun {
    DeviceEnd end;
    Answer answer;
};

}  // namespace basalt::link
