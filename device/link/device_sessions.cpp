#include "device/link/device_sessions.h"

#include <algorithm>

namespace basalt::link {

std::optional<Answer> DeviceSessions::take(const Hello& hello, Tick now, const Keeper* keeper) noexcept {
    Slot* slot = find(hello.session);
    if (slot != nullptr && slot->end->confirmed() && !slot->end->over(now)) {
        counts_.add(Drop::out_of_place);
        return std::nullopt;
    }
    // What could never begin a session costs nobody a place or a token.
    if (const auto fault = DeviceEnd::objection(hello, settings_.device, settings_.switched_off))
        return refuse(hello.session, *fault);
    if (slot == nullptr) slot = room(now, keeper);
    if (slot == nullptr) return refuse(hello.session, Drop::no_room);
    if (!take_token(now)) return refuse(hello.session, Drop::not_willing);
    auto begun = DeviceEnd::begin(hello, settings_.device, signer_, chance_, now, settings_.switched_off);
    if (!begun) return refuse(hello.session, begun.error());
    slot->end.emplace(std::move(begun->end));
    slot->begun = ++begun_last_;
    return begun->answer;
}

DeviceSessions::Taken DeviceSessions::take(const SealedIn& frame, Tick now) noexcept {
    Slot* const slot = find(frame.session);
    if (slot == nullptr) {
        counts_.add(Drop::no_session);
        return {};
    }
    DeviceEnd* const session = &*slot->end;
    auto taken = session->take(frame, now);
    if (taken.dropped) counts_.add(*taken.dropped);
    if (!taken.command) return {.command = {}, .answer = taken.answer};
    return {.command = Asked{frame.session, *taken.command, session->client(), session->binding()},
            .answer = taken.answer};
}

std::optional<SealedOut> DeviceSessions::reply(const Asked& asked, Outcome outcome, ByteView body, bool last,
                                               Tick now) noexcept {
    Slot* const slot = find(asked.session);
    // The number alone is not enough: another session may bear it by now.
    if (slot == nullptr || slot->end->binding() != asked.binding) return std::nullopt;
    return slot->end->reply(asked.command.sequence, outcome, body, last, now);
}

void DeviceSessions::forget_all() noexcept {
    for (Slot& slot : slots_) slot.end.reset();
}

std::size_t DeviceSessions::open(Tick now) const noexcept {
    return static_cast<std::size_t>(
        std::ranges::count_if(slots_, [now](const Slot& slot) { return slot.end && !slot.end->over(now); }));
}

DeviceSessions::Slot* DeviceSessions::find(std::uint32_t session) noexcept {
    const auto found =
        std::ranges::find_if(slots_, [session](const Slot& s) { return s.end && s.end->session() == session; });
    return found == slots_.end() ? nullptr : &*found;
}

DeviceSessions::Slot* DeviceSessions::room(Tick now, const Keeper* keeper) noexcept {
    Slot *silent = nullptr, *unknown = nullptr;
    const auto older = [](const Slot& slot, const Slot* than) { return than == nullptr || slot.begun < than->begun; };
    for (Slot& slot : slots_) {
        if (!slot.end || slot.end->over(now)) return &slot;
        if (!slot.end->confirmed()) {
            if (older(slot, silent)) silent = &slot;
        } else if (keeper != nullptr && older(slot, unknown) && !keeper->keeps(slot.end->binding(), now)) {
            unknown = &slot;
        }
    }
    return silent != nullptr ? silent : unknown;
}

bool DeviceSessions::take_token(Tick now) noexcept {
    const std::uint64_t passed = now > refilled_ ? now.seconds - refilled_.seconds : 0;
    const std::uint64_t fresh = std::min(passed / hello_every_s, hello_burst - tokens_);
    tokens_ += fresh;
    refilled_ = tokens_ == hello_burst ? now : refilled_ + fresh * hello_every_s;
    if (tokens_ == 0) return false;
    --tokens_;
    return true;
}

std::optional<Answer> DeviceSessions::refuse(std::uint32_t session, Drop why) noexcept {
    counts_.add(why);
    return DeviceEnd::refuse(session, why);
}

}  // namespace basalt::link
