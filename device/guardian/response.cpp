// Alarms, the mode that follows from them, and what of it is written to the ring.
#include "device/guardian/core.h"

#include <algorithm>

namespace basalt::guardian {

hal::RingEntry entry_of(hal::RingKind kind, std::uint8_t code, const std::array<std::uint8_t, 12>& detail) noexcept {
    return {0, {}, kind, code, {}, {}, detail};
}

void Core::raise(Trigger trigger) noexcept {
    const AlarmRow& row = row_of(trigger);
    const bool news = (s.alarms & bit_of(trigger)) == 0;
    s.raised[std::to_underlying(trigger)] = now();
    s.alarms |= bit_of(trigger);
    if (!news) return;
    if (row.shown == Shown::latched) {
        header.latched |= bit_of(trigger);
        s.header_changed = true;
        s.to_be_anchored |=
            trigger != Trigger::motor_ahead;  // whatever copy is put back, the motor's count tells again
    }
    if (s.ticked)
        log(row);
    else
        s.unlogged |= bit_of(trigger);
    respond(row);
}

void Core::condition(Trigger trigger, bool holds) noexcept {
    if (holds)
        raise(trigger);
    else if (row_of(trigger).shown == Shown::while_true)
        s.alarms &= ~bit_of(trigger);
}

void Core::end_old_alarms() noexcept {
    for (const AlarmRow& row : alarm_rows)
        if (row.shown == Shown::an_hour && s.raised[std::to_underlying(row.trigger)] + an_hour_s <= now())
            s.alarms &= ~bit_of(row.trigger);
}

void Core::respond_to_all_shown() noexcept {
    for (const AlarmRow& row : alarm_rows)
        if ((s.alarms & bit_of(row.trigger)) != 0) respond(row);
}

void Core::respond(const AlarmRow& row) noexcept {
    // An isolated network follows from the latch: network_isolated().
    if (row.response == Response::failsafe) change_mode(ModeEvent::integrity);
    if (row.response == Response::stop) change_mode(ModeEvent::stop);
}

void Core::change_mode(ModeEvent event) noexcept {
    const hal::Mode next = next_mode(s.mode, event);
    if (next == s.mode) return;
    s.mode = next;
    if (next == hal::Mode::stopped) s.press_used = s.pressed;  // whatever stops, the press in hand resumes nothing
    if (!s.ticked) return;
    note_event(entry_of(hal::RingKind::mode, std::to_underlying(next), {}), events_a_day);
    if (next != hal::Mode::stopped) return;
    s.resume_until = {};
    if (s.kept.provisioned) correct();  // halts the motor where it stands
}

/// Light and sound. Nothing silences a pump that gives nothing.
void Core::show() noexcept {
    hal::Signals signals{.mode = s.mode, .network_isolated = network_isolated(s), .alarms = s.alarms};
    const std::uint64_t quiet = now() < s.quiet_until && s.mode != hal::Mode::stopped ? s.quiet : 0;
    for (const AlarmRow& row : alarm_rows) {
        if ((s.alarms & bit_of(row.trigger)) == 0) continue;
        signals.light = std::max(signals.light, row.priority);
        if (row.priority > hal::Priority::low && (quiet & bit_of(row.trigger)) == 0)
            signals.sound = std::max(signals.sound, row.priority);
    }
    if (s.ticked && signals == s.shown) return;
    s.shown = signals;
    out.add(signals);
}

void Core::log(const AlarmRow& row) noexcept {
    const bool always = row.shown == Shown::latched && row.trigger != Trigger::delivery_stopped;
    note_event(entry_of(hal::RingKind::trigger, std::to_underlying(row.trigger), {}),
               always ? latched_events_a_day : events_a_day);
}
bool Core::note_event(const hal::RingEntry& entry, std::uint32_t most_a_day) noexcept {
    const bool room = events_of_the_day(ring, now()) < most_a_day;
    if (room) append(entry);
    return room;
}
void Core::append(hal::RingEntry entry) noexcept {
    if (!s.kept.provisioned) return;
    entry.seq = ++ring.newest;
    entry.tick = now();
    ring.at(entry.seq) = entry;
    note(entry, header);
    header.ring_newest = entry.seq;
    out.add(WriteEntry{entry.seq});
}

void Core::write_header_if_changed() noexcept {
    if (!s.header_changed || !s.kept.provisioned) return;
    s.header_changed = false;
    ++header.write;
    out.add(WriteHeader{header});
}

}  // namespace basalt::guardian
