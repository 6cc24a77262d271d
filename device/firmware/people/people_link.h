// device/firmware/people/people_link.h: the sealed sessions of people's clients, between the frame channel and the
// desk.
#pragma once
#include "device/firmware/chip.h"
#include "device/firmware/people/desk.h"
#include "device/hal/port.h"
#include "device/link/crypto.h"

#include <deque>

namespace basalt::firmware {

/// The device identity key as the sessions' signer. `chip` outlives it.
class ChipSigner final : public link::Signer {
  public:
    ChipSigner(Chip& chip, const PublicKey& identity) noexcept : chip_{chip}, key_{identity} {}
    const PublicKey& key() const noexcept override { return key_; }
    const Signature& certificate() const noexcept override { return none_; }
    std::optional<Signature> sign(const Digest& digest) noexcept override;

  private:
    Chip& chip_;
    PublicKey key_;
    Signature none_{};
};

/// Takes Hello and SealedIn between ticks, hands believed commands to the desk within one, and sends the answers when
/// what they rest on is durable. The order in a tick: serve(), the desk's wishes to the guardian and Desk::finish(),
/// the journal's commit(), send_answers().
///
/// Bounds:   frames_room frames a tick; answers_room frames that the gateway does not take, for patience_ticks.
/// Rely on:  an answer that says "done" leaves only when `on_record`; otherwise the person hears that it is not known.
/// Source:   R22, R25, R26.
class PeopleLink final : private link::DeviceSessions::Keeper {
  public:
    static constexpr std::size_t frames_room = static_cast<std::size_t>(link::frames_a_tick), answers_room = 256;
    static constexpr int patience_ticks = 60;

    /// All outlive this.
    PeopleLink(hal::Port& gateway, Desk& desk, const link::DeviceSessions::Settings& settings, link::Signer& signer,
               link::Chance& chance) noexcept
        : gateway_(gateway), desk_(desk), sessions_(settings, signer, chance) {}

    bool take(const link::Hello& hello) { return take(Waiting{hello}); }
    bool take(const link::SealedIn& sealed) { return take(Waiting{sealed}); }
    void gateway_gone() noexcept;

    void serve(const Desk::At& at);
    /// More that the desk says in this tick.
    void add(std::vector<DeskAnswer> said);
    void send_answers(bool on_record, Tick now);

    /// There is work for the next tick.
    bool waiting() const noexcept { return !waiting_.empty() || !out_.empty() || desk_.waiting(); }
    const link::DropCounts& dropped() const noexcept { return sessions_.counts(); }

  private:
    using Waiting = std::variant<link::Hello, link::SealedIn>;
    bool take(Waiting frame);
    bool keeps(const Digest& binding, Tick now) const noexcept override { return desk_.keeps(binding, now); }
    template <class Frame>
    void put(const Frame& frame);

    hal::Port& gateway_;
    Desk& desk_;
    link::DeviceSessions sessions_;
    std::deque<Waiting> waiting_;
    std::vector<DeskAnswer> said_;
    std::deque<std::vector<std::uint8_t>> out_;
    int ticks_not_taken_ = 0;
};

}  // namespace basalt::firmware
