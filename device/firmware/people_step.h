// device/firmware/people_step.h: the place of people's commands in the firmware's slot, and what they can wish of the
// guardian.
#pragma once
#include "device/firmware/link_answers.h"
#include "device/firmware/therapy_slot.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace basalt::firmware {

/// What only the guardian can do. In the order in which they are sent: what withholds insulin first.
enum class Wish : std::uint8_t { stop, take_back, resume };
inline constexpr std::size_t wish_count = std::to_underlying(Wish::resume) + 1;
/// True: a ModeAnswer comes. False: a TakenBack.
constexpr bool changes_the_mode(Wish wish) noexcept {
    switch (wish) {
        case Wish::stop:
        case Wish::resume:
            return true;
        case Wish::take_back:
            return false;
    }
    std::unreachable();
}

/// At most one of each is sent in a slot. A stop drops a resume of the same slot: whoever stops is obeyed.
class Wishes {
  public:
    void add(Wish wish) noexcept { wanted_[std::to_underlying(wish)] = true; }
    bool holds(Wish wish) const noexcept { return wanted_[std::to_underlying(wish)]; }
    /// The next to send; nullopt: none is left.
    std::optional<Wish> take() noexcept {
        const auto first = std::ranges::find(wanted_, true);
        if (first == wanted_.end()) return std::nullopt;
        *first = false;
        return static_cast<Wish>(first - wanted_.begin());
    }
    bool drop(Wish wish) noexcept { return std::exchange(wanted_[std::to_underlying(wish)], false); }

  private:
    std::array<bool, wish_count> wanted_{};
};

struct WishAnswer {
    Wish wish = Wish::stop;
    bool answered = false;  ///< false: the answer was lost, or another wish of the slot went before it
    bool accepted = false;
    hal::Mode mode = hal::Mode::start_up;  ///< that follows a stop or resume
    MilliUnits amount{};                   ///< that was taken back
    bool in_ring = true;                   ///< the ring's correction says so too
};

/// What a turn of people may touch. It ends with the slot.
struct PeoplesTurn {
    const hal::FirmwareTick& tick;
    TherapySlot& therapy;
    Wishes& wishes;
    Journal* journal;  ///< nullptr: there are no records; then a stop and a cancel are all that should be taken
    const SeenState& seen;
};

/// What became of a frame that came between ticks.
enum class FrameTaken : std::uint8_t { no_business_of_mine, taken, no_room };

/// Implemented by the command layer. The order in a slot: serve(), the wishes and their answers, the journal's commit,
/// done(). All calls come within the slot.
class PeopleStep {
  public:
    /// A frame of the frame channel, between slots.
    virtual FrameTaken take(ByteView) { return FrameTaken::no_business_of_mine; }
    /// The gateway ended or was replaced.
    virtual void gateway_gone() {}
    virtual void serve(const PeoplesTurn& turn) = 0;
    /// Once for each wish that was added, in the same slot; or, where the slot was closed over the firmware's head, at
    /// the begin of the next.
    virtual void on_wish_answer(const WishAnswer& answer) = 0;
    /// `on_record`: everything that serve() did is durable. Answers leave now; if it is not, none says that it was
    /// done.
    virtual void done(bool on_record) = 0;
    /// There is work for the next tick.
    virtual bool waiting() const = 0;
    /// What of it stands on the pump's screen.
    virtual std::optional<PeopleSeen> seen(Tick) const { return std::nullopt; }

  protected:
    PeopleStep() = default;
    ~PeopleStep() = default;
    PeopleStep(const PeopleStep&) = default;
    PeopleStep& operator=(const PeopleStep&) = default;
};

}  // namespace basalt::firmware
