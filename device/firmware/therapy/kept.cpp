#include "device/firmware/therapy/kept.h"

#include "device/firmware/hex.h"
#include "device/firmware/therapy/typed_number.h"

#include <utility>

namespace basalt::firmware {
namespace {

template <class T>
std::string spelled(const T& value) {
    const EncodedFrame frame = TherapyFrames::encode(value);
    return hex(frame.view());
}

template <class T>
std::optional<T> from_hex(std::string_view text) {
    if (text.size() > 2 * max_frame_size) return std::nullopt;
    const auto bytes = bytes_of_hex(text);
    if (!bytes) return std::nullopt;
    const auto decoded = TherapyFrames::decode(*bytes);
    if (!decoded || !std::holds_alternative<T>(*decoded)) return std::nullopt;
    return std::get<T>(*decoded);
}

/// 34 thousand years: what is later was not made here, and could wrap round when seconds are added.
bool is_tick(Tick tick) { return tick.seconds < std::uint64_t{1} << 40; }

bool none_or_name(const AccountName& name) { return name.size == 0 || is_account_name(name); }

bool is_one(const Bolus& b) {
    constexpr MilliUnits none{};
    if (b.state == BolusState::none) return to_text(b) == to_text(Bolus{});
    return b.amount >= bolus_step && b.amount <= most_bolus_typed && b.amount.count % bolus_step.count == 0 &&
           is_account_name(b.who) && none_or_name(b.ended_by) && b.accepted >= none && b.accepted <= b.amount &&
           b.asked >= none && b.asked <= b.amount - b.accepted && b.last >= none && b.last <= b.accepted &&
           b.last_short >= none && b.last_short <= b.last && b.portion >= none && b.portion <= b.amount &&
           (b.state != BolusState::running || b.portion > none) && b.last_end >= MotorCount{} &&
           is_tick(b.proposed_at) && is_tick(b.confirmed_at) && is_tick(b.ended_at);
}
}  // namespace

std::string to_text(const Bolus& bolus) { return spelled(bolus); }
std::string to_text(const TemporaryBasal& temporary) { return spelled(temporary); }

std::optional<Bolus> bolus_of(std::string_view text) {
    const auto bolus = from_hex<Bolus>(text);
    return bolus && is_one(*bolus) ? bolus : std::nullopt;
}

std::optional<TemporaryBasal> temporary_of(std::string_view text) {
    const auto t = from_hex<TemporaryBasal>(text);
    if (!t) return std::nullopt;
    const bool none = t->percent == 0 && none_or_name(t->who);
    const bool one = is_settable_percent(t->percent) && is_account_name(t->who) && t->from <= t->until &&
                     is_tick(t->until) && t->until.seconds - t->from.seconds <= longest_temporary_s;
    return none || one ? t : std::nullopt;
}

}  // namespace basalt::firmware
