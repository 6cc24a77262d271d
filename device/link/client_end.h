// device/link/client_end.h: the person's end of one session: what was sent, and what can be known of it.
#pragma once
#include "device/link/channel.h"
#include "device/link/command_state.h"
#include "device/link/device_clock.h"

#include <vector>

namespace basalt::link {

/// A command without an answer after so many seconds is `unknown`. By then the device would no longer accept it, were
/// it still under way: what is unknown is in the past.
inline constexpr std::uint64_t answer_s = 30;
/// The device's Answer must be there within so many seconds of the Hello.
inline constexpr std::uint64_t handshake_s = 5;
/// After so many quiet seconds the client says that it is there.
inline constexpr std::uint64_t alive_s = 10;
/// Messages that wait for their answer: as many as the gateway lets wait.
inline constexpr std::size_t most_waiting = 4;
/// Commands whose end is remembered.
inline constexpr std::size_t most_remembered = 64;

/// One session: a new one is a new object. `now_s` is the client's own clock: seconds from anywhere, never going back.
class ClientEnd {
  public:
    struct Who {
        Identifier self{}, device{};
        PublicKey identity{};  ///< the device identity key, as it was enrolled
        std::uint32_t switched_off = 0;
    };
    explicit ClientEnd(const Who& who) : who_{who} { sent_.reserve(most_remembered); }

    /// Once, first. Nothing when there are no random bytes.
    std::optional<Hello> hello(Chance& chance, std::uint64_t now_s) noexcept;
    /// Nothing: the session stands, and commands may go.
    std::optional<Drop> on_answer(const Answer& answer, std::uint64_t now_s) noexcept;

    struct Sent {
        SealedIn frame;
        std::uint64_t sequence;
    };
    /// Seals a command of at most max_command_size bytes. Nothing, and nothing will be done, when there is no session,
    /// or most_waiting messages wait for their answer.
    std::optional<Sent> command(ByteView body, std::uint64_t now_s) noexcept;
    /// The frame of this command could not be handed on: it is not done, and the session is over.
    void not_sent(std::uint64_t sequence) noexcept;

    struct Heard {
        std::uint64_t answers = 0;
        Outcome outcome = Outcome::unknown;
        bool last = true;
        Bytes<max_reply_size> body;
    };
    struct Taken {
        std::optional<Heard> reply;
        std::optional<Drop> dropped;
    };
    Taken take(const SealedOut& frame, std::uint64_t now_s) noexcept;

    /// To be called every second or so: ends what waited for too long. The frame, if any, is to be sent.
    std::optional<SealedIn> on_time(std::uint64_t now_s) noexcept;
    /// A last message for the device. Whatever waits is then unknown until its Bye says more.
    std::optional<SealedIn> close(std::uint64_t now_s) noexcept;
    /// The connection is gone.
    void lost() noexcept { end(Ending::closed); }

    /// `unknown` for a number that is not remembered.
    CommandState state(std::uint64_t sequence) const noexcept;
    bool stands() const noexcept { return channel_.has_value() && !over_; }
    std::optional<Ending> over() const noexcept { return over_; }
    /// The device's time. Only when the session stands.
    Tick device_now(std::uint64_t now_s) const noexcept { return clock_.at(now_s).least; }
    /// What a badge signs beside the command itself. Only when the session stands.
    const Digest& binding() const noexcept { return binding_; }
    /// The number that the next command() gets, if nothing else is sent before it. Only when the session stands.
    std::uint64_t next_sequence() const noexcept { return channel_->last_sent() + 1; }

  private:
    struct Waiting {
        std::uint64_t sequence = 0, sent_s = 0;
        bool alive = false;  ///< an Alive: nobody asks for its state
        CommandState state = CommandState::waiting;
    };
    std::optional<Drop> believe(const AnswerBody& body, std::uint64_t now_s) noexcept;
    template <class M>
    std::optional<Sent> sealed(M message, bool alive, std::uint64_t now_s) noexcept;
    std::size_t waiting() const noexcept;
    Waiting* waiting_for(std::uint64_t sequence) noexcept;
    bool answer_alive(std::uint64_t now_s) noexcept;
    void end(Ending why) noexcept;
    void on_bye(const Bye& bye) noexcept;

    Who who_;
    Secret own_;
    HelloBody hello_;
    std::uint32_t session_ = 0;
    std::uint64_t asked_s_ = 0, spoke_s_ = 0;
    std::optional<Channel> channel_;
    DeviceClock clock_;
    Digest binding_{};
    std::vector<Waiting> sent_;  ///< in order of their numbers; grows to most_remembered, its reserve
    std::optional<Ending> over_;
    bool closing_ = false;
};

}  // namespace basalt::link
