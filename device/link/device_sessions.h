// device/link/device_sessions.h: all sessions of the firmware, few and bounded, whatever arrives.
#pragma once
#include "device/link/device_end.h"

namespace basalt::link {

/// Sorts what arrives by its session, and begins new ones.
///
/// Bounds:   at most max_sessions. A Hello costs a signature of the TPM, so hello_burst at once and one in
/// hello_every_s
///           after that are answered. A new session takes the place of one that is over, else of the oldest that has
///           said nothing yet, else of the oldest that speaks and that its Keeper lets go: one that nobody is logged in
///           over. So eight that hold on to their places keep nobody out, and whoever knocks often cannot end the
///           conversation of somebody who is known.
/// Rely on:  uses no heap of its own. A command comes out of take() once, in order, whole. Every drop is in counts().
/// Source:   R25, R26, R22.
class DeviceSessions {
  public:
    static constexpr std::size_t max_sessions = 8;
    static constexpr std::uint64_t hello_burst = 8, hello_every_s = 5;

    struct Settings {
        Identifier device{};
        std::uint32_t switched_off = 0;  ///< Authority::switched_off; production ignores it
    };
    /// Both outlive this.
    DeviceSessions(const Settings& settings, Signer& signer, Chance& chance) noexcept
        : settings_{settings}, signer_{signer}, chance_{chance} {}

    /// Knows whose conversation is not to be ended for a newcomer's sake.
    class Keeper {
      public:
        virtual bool keeps(const Digest& binding, Tick now) const noexcept = 0;

      protected:
        ~Keeper() = default;
    };
    /// What the client is to be told. Nothing for a Hello under the number of a session that speaks. `keeper` nullptr:
    /// each that speaks is kept.
    std::optional<Answer> take(const Hello& hello, Tick now, const Keeper* keeper = nullptr) noexcept;

    struct Asked {
        std::uint32_t session = 0;
        DeviceEnd::Asked command;
        Identifier client{};  ///< an address, not a person
        Digest binding{};     ///< see DeviceEnd::binding()
    };
    struct Taken {
        std::optional<Asked> command;
        std::optional<SealedOut> answer;
    };
    Taken take(const SealedIn& frame, Tick now) noexcept;

    /// As DeviceEnd::reply(). Nothing when that session is gone: nobody would believe the reply.
    std::optional<SealedOut> reply(const Asked& asked, Outcome outcome, ByteView body, bool last, Tick now) noexcept;

    /// The gateway ended or was replaced: nobody there knows the old sessions.
    void forget_all() noexcept;
    const DropCounts& counts() const noexcept { return counts_; }
    /// Sessions that are not over.
    std::size_t open(Tick now) const noexcept;

  private:
    struct Slot {
        std::optional<DeviceEnd> end;
        std::uint64_t begun = 0;  ///< in which order
    };
    Slot* find(std::uint32_t session) noexcept;
    Slot* room(Tick now, const Keeper* keeper) noexcept;
    bool take_token(Tick now) noexcept;
    std::optional<Answer> refuse(std::uint32_t session, Drop why) noexcept;

    Settings settings_;
    Signer& signer_;
    Chance& chance_;
    std::array<Slot, max_sessions> slots_;
    std::uint64_t begun_last_ = 0;
    std::uint64_t tokens_ = hello_burst;
    Tick refilled_;
    DropCounts counts_;
};

}  // namespace basalt::link
