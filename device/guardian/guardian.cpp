#include "device/guardian/guardian.h"

#include <algorithm>
#include <utility>

namespace basalt::guardian {
namespace {
template <class Frame>
constexpr bool is_input = requires(Frame frame) { Input{std::in_place_type<Frame>, frame}; };

/// What a channel's packet is to the core. A frame that only the guardian itself sends is bad like any other.
template <class Frames>
Input input_from(ByteView packet, hal::Side side) noexcept {
    const auto any = Frames::decode(packet);
    if (!any) return BadFrame{side};
    return std::visit(
        [side]<class Frame>(const Frame& frame) -> Input {
            if constexpr (is_input<Frame>)
                return frame;
            else
                return BadFrame{side};
        },
        *any);
}

// Everything but the frames of the board's channel (and what becomes one) is said to boot or to the firmware.
template <class What>
constexpr bool goes_to_board = std::is_same_v<What, WriteHeader> || std::is_same_v<What, WriteEntry> ||
                               requires(What what) { hal::BoardFrames::encode(what); };
}  // namespace

void Guardian::on_board(ByteView packet) noexcept {
    const auto any = hal::BoardFrames::decode(packet);
    if (!any) return;
    std::visit(
        [this]<class Frame>(const Frame& frame) {
            if constexpr (is_input<Frame>) take(frame);
            if constexpr (std::is_same_v<Frame, hal::MemoryData>) take_memory(frame);
            if constexpr (std::is_same_v<Frame, hal::MemorySynced>) perform_held();
        },
        *any);
}
void Guardian::on_boot(ByteView packet) noexcept { take(input_from<hal::BootFrames>(packet, hal::Side::boot)); }
void Guardian::on_firmware(ByteView packet) noexcept { take(input_from<hal::DoseFrames>(packet, hal::Side::firmware)); }

template <class Frame>
void Guardian::tell_board(const Frame& frame) noexcept {
    if (!board_.send(hal::BoardFrames::encode(frame).view())) board_lost_ = true;
}

void Guardian::ask_for_memory() noexcept { tell_board(hal::MemoryRead{read_, hal::memory_chunk}); }

void Guardian::take_memory(const hal::MemoryData& data) noexcept {
    if (read_ == memory_.size() || data.offset != read_ || data.data.size != hal::memory_chunk) return;
    std::ranges::copy(data.data.view(), memory_.begin() + read_);
    read_ += hal::memory_chunk;
    if (read_ < memory_.size()) return ask_for_memory();
    remember(memory_, rom_, state_.kept);
    take(Started{});
}

void Guardian::take(const Input& input) noexcept {
    if (board_lost_) return;
    Effects effects;
    step(state_, input, effects);
    perform(effects);
}

// Boot and the firmware are on channels of their own, so what they are told may be faster than a write that was sent
// before it. A firmware that heard of a dose would put it on record, and a guardian that died in between would have no
// trace of it. So they hear nothing that rests on an unfinished write; and what comes after it waits too.
void Guardian::perform(const Effects& effects) noexcept {
    for (const Effect& effect : effects) {
        const bool to_board = std::visit([]<class What>(const What&) { return goes_to_board<What>; }, effect);
        if (held_.size() > 0 || (unsynced_ && !to_board))
            hold(effect);
        else
            perform(effect);
        // What the board did not hear did not happen. A dose that is not written down must not be moved either, so
        // nothing more is said: main() ends, and the watchdog starts a guardian that reads what is really there.
        if (board_lost_) return;
    }
}

void Guardian::hold(const Effect& effect) noexcept {
    if (held_.size() == 0) tell_board(hal::MemorySync{});
    // A board that says so much else before it answers is as good as gone.
    if (held_.size() == Effects::most)
        board_lost_ = true;
    else
        held_.add(effect);
}

void Guardian::perform_held() noexcept {
    if (held_.size() == 0 || board_lost_) return;
    const Effects held = std::exchange(held_, {});
    unsynced_ = false;
    perform(held);
}

// A send to boot or firmware that fails is no event here: the channel's end is, and comes by itself.
void Guardian::perform(const Effect& effect) noexcept {
    std::visit(
        [this]<class What>(const What& what) {
            if constexpr (std::is_same_v<What, WriteHeader>)
                write(layout::header_at(what.header.write), sealed<layout::header_size>(what.header));
            else if constexpr (std::is_same_v<What, WriteEntry>)
                write(layout::entry_at(what.seq), sealed<layout::entry_size>(state_.kept.ring.at(what.seq)));
            else if constexpr (std::is_same_v<What, GiveRing>)
                firmware_.send(hal::DoseFrames::encode(entries_from(what.from, what.newest)).view());
            else if constexpr (requires { hal::BoardFrames::encode(what); })
                tell_board(what);
            else if constexpr (requires { hal::BootFrames::encode(what); })
                boot_.send(hal::BootFrames::encode(what).view());
            else
                firmware_.send(hal::DoseFrames::encode(what).view());
        },
        effect);
}

void Guardian::write(std::uint32_t offset, ByteView data) noexcept {
    hal::MemoryWrite frame;
    frame.offset = offset;
    frame.data.assign(data);
    unsynced_ = true;
    tell_board(frame);
}

hal::RingEntries Guardian::entries_from(std::uint32_t from, std::uint32_t newest) const noexcept {
    const Ring& ring = state_.kept.ring;
    hal::RingEntries out{.count = 0, .oldest = newest == 0 ? 0 : ring.oldest(), .newest = newest, .entries = {}};
    for (std::uint32_t seq = std::max(from, out.oldest);
         seq != 0 && seq <= newest && out.count < hal::ring_entries_a_frame; ++seq)
        out.entries[out.count++] = ring.at(seq);
    return out;
}

}  // namespace basalt::guardian
