// One tick, from its beginning to Done.
#include "device/guardian/step.h"

#include "device/guardian/core.h"

#include <algorithm>

namespace basalt::guardian {
namespace {
constexpr std::uint64_t stop_hold_s = 3, resume_hold_s = 10, quiet_s = 120, bolus_gesture_s = 10, answer_leaves_s = 3;

// R40. Raw values of the board's sensors; what they mean stands in the rows of alarms.h.
struct Watch {
    Trigger trigger;
    bool (*seen)(const hal::TickFrame&);
};
constexpr std::array watches{
    Watch{Trigger::case_opened, [](auto& t) { return t.sensors.case_open; }},
    Watch{Trigger::temperature_wrong,
          [](auto& t) { return t.sensors.temperature_dc < 0 || t.sensors.temperature_dc > 500; }},
    Watch{Trigger::supply_wrong, [](auto& t) { return t.sensors.supply_mv < 2500 || t.sensors.supply_mv > 5500; }},
    Watch{Trigger::light_in_case, [](auto& t) { return t.sensors.light_lux > 50; }},
    Watch{Trigger::clock_lost, [](auto& t) { return !t.clock_ok; }},
    Watch{Trigger::reservoir_low, [](auto& t) { return t.sensors.reservoir < 20_U; }},
    Watch{Trigger::reservoir_empty, [](auto& t) { return t.sensors.reservoir <= 0_U; }},
    Watch{Trigger::battery_low, [](auto& t) { return t.sensors.battery_percent < 20; }},
};

template <class T>
constexpr bool from_firmware =
    std::is_same_v<T, hal::Proof> || std::is_same_v<T, hal::ShareRequest> || std::is_same_v<T, hal::DoseRequest> ||
    std::is_same_v<T, hal::RingRequest> || std::is_same_v<T, hal::FindingReport> || std::is_same_v<T, hal::SlotEnd> ||
    std::is_same_v<T, hal::TakeBack> || std::is_same_v<T, hal::StopRequest> || std::is_same_v<T, hal::ResumeRequest>;
}  // namespace

void Core::on(const Started&) noexcept {
    s.started = true;
    if (!s.kept.provisioned)
        raise(Trigger::not_provisioned);
    else if (!s.kept.header_whole)
        raise(Trigger::memory_lost);
    if (s.kept.provisioned && !s.kept.has_profile()) raise(Trigger::profile_refused);
    if (s.kept.damaged) raise(Trigger::memory_damaged);
    if (header.starts++ > 0) raise(Trigger::guardian_restarted);
    s.alarms |= header.latched;
    respond_to_all_shown();
    if (s.kept.provisioned) pull_reset(reset_hold_s);
    show();
}

void Core::on(const hal::TickFrame& tick) noexcept {
    if (!s.started || s.ticking || (s.ticked && tick.tick <= s.tick.tick)) return;
    s.tick = tick;
    s.ticking = true;
    s.frames = s.bad_frames = s.releases = 0;
    if (!s.ticked) first_tick();
    end_old_alarms();
    for (const Watch& watch : watches) condition(watch.trigger, watch.seen(tick));
    look_at_button();
    if (s.kept.provisioned) look_at_motor();
    begin_slot();
    start_firmware_side();
    if (!s.boot_up) return ask_firmware();
    s.waiting = Waiting::boot;
    out.add(hal::BootTick{now(), network_isolated(s)});
}

void Core::on(const hal::BootDone& done) noexcept {
    if (s.waiting != Waiting::boot || done.tick != now()) return on(BadFrame{hal::Side::boot});
    s.gateway = done.gateway;
    ask_firmware();
}

void Core::on(const hal::SlotEnd& end) noexcept {
    if (s.waiting != Waiting::firmware || end.tick != now()) return on(BadFrame{hal::Side::firmware});
    s.firmware_wish = end.next;
    // One that says nothing of a proof has none: the TPM refused to sign, or its keys were damaged.
    condition(Trigger::firmware_not_proven, !s.accepted);
    // The word of a firmware that may be hostile: it lights a row or hides it, and no insulin follows from it.
    condition(Trigger::emergency_access, s.accepted && end.emergency_access);
    finish_tick();
}

void Core::on(const hal::SlotClosed& closed) noexcept {
    if (s.waiting == (closed.side == hal::Side::boot ? Waiting::boot : Waiting::firmware)) lose(closed.side);
}

void Core::ask_firmware() noexcept {
    if (!s.firmware_up) return finish_tick();
    s.waiting = Waiting::firmware;
    s.frames = 0;
    out.add(hal::FirmwareTick{now(), s.tick.second_of_day, s.tick.clock_ok, s.mode, s.gateway, s.slot_due, s.tick.motor,
                              header.target, ring.newest, s.alarms, s.presses, s.pressed, s.tick.sensors});
}

void Core::finish_tick() noexcept {
    if (s.slot_due) serve_from_profile();
    if (s.to_be_anchored && s.boot_reported && s.reset_not_before <= now()) pull_reset(reset_hold_s);
    show();
    write_header_if_changed();
    Tick next{(slot_now() + 1ULL) * hal::basal_slot_s};
    const auto no_later = [&](bool wanted, Tick when) {
        if (wanted) next = std::min(next, std::max(when, now() + 1));
    };
    no_later(s.firmware_up, s.firmware_wish);
    no_later(s.reset_pulled, s.hold_until);
    no_later(s.to_be_anchored && s.boot_reported, s.reset_not_before);
    no_later(s.pressed, now() + 1);
    no_later(s.quiet_until > now(), s.quiet_until);
    s.waiting = Waiting::board;
    s.ticking = false;
    out.add(hal::Done{now(), next});
}

void Core::first_tick() noexcept {
    s.ticked = true;
    if (s.kept.full_from_first_tick) s.kept.full_until = now() + a_day_s;
    s.hold_until = now() + reset_hold_s;
    for (const AlarmRow& row : alarm_rows)
        if ((s.unlogged & bit_of(row.trigger)) != 0) {
            s.raised[std::to_underlying(row.trigger)] = now();
            log(row);
        }
    if (s.kept.provisioned) take_up_motor();
}

void Core::look_at_button() noexcept {
    if (!s.tick.button_down) {
        if (s.pressed && !s.press_used) short_press();
        s.pressed = s.press_used = false;
        return;
    }
    if (!s.pressed) s.pressed_since = now();
    s.pressed = true;
    if (s.press_used) return;
    s.press_used = s.pressed_since + (stopped_by_person() ? resume_hold_s : stop_hold_s) <= now();
    if (!s.press_used) return;
    if (!stopped_by_person()) return raise(Trigger::delivery_stopped);
    resume();
}

// The sound pauses, and what is new breaks the pause. It is also a person's presence, for one ResumeRequest; and in
// failsafe three of them ask for the profile's bolus.
void Core::short_press() noexcept {
    ++s.presses;
    s.quiet = s.alarms;
    s.quiet_until = now() + quiet_s;
    s.resume_until = now() + hal::resume_press_s;
    s.short_presses = {now(), s.short_presses[0], s.short_presses[1]};
    if (s.mode == hal::Mode::failsafe && s.short_presses[2] > Tick{} && now() <= s.short_presses[2] + bolus_gesture_s)
        give_failsafe_bolus();
}

void Core::resume() noexcept {
    header.latched &= ~bit_of(Trigger::delivery_stopped);
    s.to_be_anchored = true;
    s.alarms &= ~bit_of(Trigger::delivery_stopped);
    s.header_changed = true;
    change_mode(ModeEvent::resume);
    respond_to_all_shown();
    if (s.accepted) change_mode(ModeEvent::accepted);
}

bool Core::may_carry_wishes() const noexcept {
    return s.waiting == Waiting::firmware && s.accepted && (header.latched & failsafe_alarms) == 0;
}

// What was wished is done at once. The reset that anchors it would take its answer from the person, so that one waits:
// once for each stop and each resume, whatever a hostile firmware repeats.
void Core::on(const hal::StopRequest&) noexcept {
    const bool may = may_carry_wishes();
    if (may && !stopped_by_person()) s.reset_not_before = now() + answer_leaves_s;
    if (may) raise(Trigger::delivery_stopped);
    out.add(hal::ModeAnswer{may, s.mode});
}

// A press from before the stop is none: change_mode() forgot it. So each resumes once, too.
void Core::on(const hal::ResumeRequest&) noexcept {
    const bool may = may_carry_wishes() && stopped_by_person() && now() < s.resume_until;
    if (may) s.reset_not_before = now() + answer_leaves_s;
    if (may) resume();
    out.add(hal::ModeAnswer{may, s.mode});
}

bool network_isolated(const State& state) noexcept {
    return state.mode == hal::Mode::failsafe || (state.kept.header.latched & bit_of(Trigger::network_isolated)) != 0;
}

void step(State& state, const Input& input, Effects& effects) noexcept {
    Core core{state, effects};
    std::visit(
        [&]<class T>(const T& what) {
            if constexpr (from_firmware<T>) {
                if (core.floods()) return;
            }
            core.on(what);
        },
        input);
    core.write_header_if_changed();
}

}  // namespace basalt::guardian
