#include "device/guardian/step.h"

#include "device/guardian/dose_window.h"

#include <algorithm>

namespace basalt::guardian {
namespace {

constexpr std::uint64_t reset_hold_s = 5, crash_loop_hold_s = 300;
constexpr std::uint8_t most_boot_tries = 3, most_proofs = 3;
constexpr std::uint32_t frames_a_slot = 256, bad_frames_a_tick = 16;
constexpr std::int64_t motor_mu_per_s = 25;
constexpr std::uint64_t motor_slack_s = 2;  // the motor starts up to one tick late, and is asked up to one tick early
constexpr std::uint64_t too_late_s = 600;   // an interrupted dose is finished within ten minutes or not at all
constexpr std::uint64_t stop_hold_s = 3, resume_hold_s = 10, quiet_s = 120;

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

bool refused(ImageVerdict v) noexcept { return v != ImageVerdict::accepted && v != ImageVerdict::not_needed; }

class Core {
  public:
    Core(State& state, Effects& effects) noexcept
        : s(state), header(state.kept.header), ring(state.kept.ring), out(effects) {}

    void on(const Started&) noexcept {
        s.started = true;
        if (!s.kept.provisioned)
            raise(Trigger::not_provisioned);
        else if (!s.kept.header_whole)
            raise(Trigger::memory_lost);
        if (s.kept.provisioned && !s.kept.has_profile()) raise(Trigger::profile_refused);
        if (s.kept.damaged) raise(Trigger::memory_damaged);
        if (header.starts++ > 0) raise(Trigger::guardian_restarted);
        respond_to_latched();
        if (s.kept.provisioned) pull_reset(reset_hold_s);
        show();
    }

    void on(const hal::TickFrame& tick) noexcept {
        if (!s.started || s.ticking || (s.ticked && tick.tick <= s.tick.tick)) return;
        s.tick = tick;
        s.ticking = true;
        s.frames = s.bad_frames = 0;
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

    void on(const hal::BootDone& done) noexcept {
        if (s.waiting != Waiting::boot || done.tick != now()) return on(BadFrame{hal::Side::boot});
        s.gateway = done.gateway;
        ask_firmware();
    }

    void on(const hal::SlotEnd& end) noexcept {
        if (s.waiting != Waiting::firmware || end.tick != now()) return on(BadFrame{hal::Side::firmware});
        s.firmware_wish = end.next;
        finish_tick();
    }

    void on(const hal::SlotClosed& closed) noexcept {
        if (s.waiting == (closed.side == hal::Side::boot ? Waiting::boot : Waiting::firmware)) lose(closed.side);
    }
    void on(const Ended& ended) noexcept { lose(ended.side); }
    void on(const BadFrame& bad) noexcept {
        raise(Trigger::bad_frames);
        if (++s.bad_frames > bad_frames_a_tick) lose(bad.side);
    }
    void on(const hal::ResetDone&) noexcept { s.reset_done = s.reset_pulled; }

    void on(const hal::BootReport& report) noexcept {
        if (!s.boot_up || s.boot_reported) return on(BadFrame{hal::Side::boot});
        s.boot_reported = true;
        s.firmware_up = report.launched;
        header.boot_tries = 0;
        header_changed();
        note_event(entry_of(hal::RingKind::boot, 0, as_detail(report)), events_a_day);

        const bool trusted = report.tpm_ok && report.anchor == hal::Anchor::fresh;
        const bool none_genuine = refused(report.firmware_a) && refused(report.firmware_b);
        if (!report.tpm_ok || report.anchor == hal::Anchor::unknown) raise(Trigger::tpm_gone);
        if (report.anchor == hal::Anchor::stale) {
            raise(Trigger::memory_rolled_back);
            s.kept.full_until = now() + a_day_s;
        }
        if (!report.launched && trusted) raise(none_genuine ? Trigger::both_slots_refused : Trigger::boot_failed);
        condition(Trigger::slot_a_refused, report.slot == hal::Slot::b && refused(report.firmware_a));
        condition(Trigger::slot_b_refused, report.slot == hal::Slot::a && refused(report.firmware_b));
        condition(Trigger::gateway_refused, trusted && refused(report.gateway));
        if (trusted && refused(report.configuration)) raise(Trigger::configuration_refused);
    }

    void on(const hal::ShareRequest&) noexcept {
        hal::Share share{.given = s.firmware_up && !s.share_given};
        if (share.given) share.share = s.kept.identity.share;
        s.share_given = s.share_given || share.given;
        out.add(share);
    }

    // The same program under another measured state holds no key that fits; a recorded answer fits no other nonce.
    void on(const hal::Proof& proof) noexcept {
        if (s.firmware_up && !s.accepted && s.proofs < most_proofs) {
            ++s.proofs;
            constexpr std::string_view domain = "basalt channel 1";
            const auto digest =
                sha256(ByteView{reinterpret_cast<const std::uint8_t*>(domain.data()), domain.size()}, s.nonce);
            s.accepted = signature_fits(digest, proof.signature, s.kept.identity.channel_key);
            condition(Trigger::firmware_not_proven, !s.accepted);
            if (s.accepted) change_mode(ModeEvent::accepted);
        }
        out.add(hal::Welcome{s.accepted, s.mode});
    }

    void on(const hal::DoseRequest& ask) noexcept {
        hal::DoseAnswer answer{.request_id = ask.request_id, .verdict = judge(ask)};
        if (breaks_hard_limit(answer.verdict)) raise(Trigger::dose_over_limit);
        if (answer.verdict == hal::DoseVerdict::over_cap) raise(Trigger::dose_over_cap);
        // An entry of the last day could not be read: it may have been a dose, so none is accepted; and nobody is to
        // blame.
        if (answer.verdict == hal::DoseVerdict::accepted && ask.amount > 0_mU && now() < s.kept.full_until)
            answer.verdict = hal::DoseVerdict::over_day;
        if (answer.verdict == hal::DoseVerdict::accepted) {
            const bool basal = ask.kind == hal::DoseKind::basal;
            give(ask.amount, basal ? hal::DoseSource::firmware_basal : hal::DoseSource::firmware_bolus);
            answer.ring_seq = ring.newest;
        }
        out.add(answer);
    }

    void on(const hal::RingRequest& ask) noexcept { out.add(GiveRing{ask.from}); }

    void on(const hal::FindingReport& report) noexcept {
        switch (report.finding) {
            case hal::Finding::tpm_gone:
                return raise(Trigger::tpm_gone);
            case hal::Finding::storage_damaged:
                return raise(Trigger::storage_damaged);
            case hal::Finding::log_broken:
                return raise(Trigger::log_broken);
            case hal::Finding::ring_rolled_back:
                return raise(Trigger::ring_rolled_back);
        }
    }

    /// Counts what the firmware says in its slot; one that floods its channel is a firmware that has crashed.
    bool floods() noexcept {
        if (++s.frames <= frames_a_slot) return false;
        lose(hal::Side::firmware);
        return true;
    }

    void write_header_if_changed() noexcept {
        if (!s.header_changed || !s.kept.provisioned) return;
        s.header_changed = false;
        ++header.write;
        out.add(WriteHeader{});
    }

  private:
    Tick now() const noexcept { return s.tick.tick; }
    void header_changed() noexcept { s.header_changed = true; }

    // ---- the tick, from its beginning to Done ----

    void first_tick() noexcept {
        s.ticked = true;
        if (s.kept.full_from_first_tick) s.kept.full_until = now() + a_day_s;
        s.hold_until = now() + reset_hold_s;
        for (const AlarmRow& row : alarm_rows)
            if ((s.unlogged & bit_of(row.trigger)) != 0) {
                s.raised[std::to_underlying(row.trigger)] = now();
                log(row);
            }
        if (!s.kept.provisioned) return;
        if (header.next_slot == 0)
            header.target = s.tick.motor;  // nothing was ever given: it starts where the motor stands
        const auto slot = slot_now();
        if (header.next_slot > slot + 1) {  // the board's time is older than our own record
            raise(Trigger::memory_rolled_back);
            header.next_slot = slot + 1;
        }
        s.moving_since = now();
        s.moving_from = s.tick.motor;
        if (s.tick.motor >= header.target) return;
        const bool late = oldest_unfinished(ring, s.tick.motor, now()) + too_late_s <= now();
        if (late) raise(Trigger::slot_missed);
        if (late || s.mode == hal::Mode::stopped)
            correct();
        else
            move_motor();
    }

    void look_at_button() noexcept {
        if (!s.tick.button_down) {
            if (s.pressed && !s.press_used) {  // a short press: the sound pauses; what is new breaks the pause
                s.quiet = s.alarms;
                s.quiet_until = now() + quiet_s;
            }
            s.pressed = s.press_used = false;
            return;
        }
        if (!s.pressed) s.pressed_since = now();
        s.pressed = true;
        if (s.press_used) return;
        const bool stopped_by_person = (header.latched & bit_of(Trigger::delivery_stopped)) != 0;
        s.press_used = s.pressed_since + (stopped_by_person ? resume_hold_s : stop_hold_s) <= now();
        if (!s.press_used) return;
        if (!stopped_by_person) return raise(Trigger::delivery_stopped);
        header.latched &= ~bit_of(Trigger::delivery_stopped);
        s.alarms &= ~bit_of(Trigger::delivery_stopped);
        header_changed();
        change_mode(ModeEvent::resume);
        respond_to_latched();
        if (s.accepted) change_mode(ModeEvent::accepted);
    }

    void look_at_motor() noexcept {
        const auto motor = s.tick.motor.milli_units, target = header.target.milli_units;
        if (motor > target) {
            correct();
            if (motor > target + motor_mu_per_s) raise(Trigger::motor_ahead);
        } else if (motor < target) {
            const auto seconds = static_cast<std::int64_t>(now().seconds - s.moving_since.seconds);
            const auto reached =
                s.moving_from.milli_units + std::max<std::int64_t>(0, seconds - motor_slack_s) * motor_mu_per_s;
            if (motor < std::min(target, reached)) {
                raise(Trigger::motor_stalled);
                correct();
            }
        }
        s.motor_behind = s.tick.motor < header.target;
    }

    std::uint32_t slot_now() const noexcept { return static_cast<std::uint32_t>(now().seconds / hal::basal_slot_s); }

    void begin_slot() noexcept {
        s.slot_due = s.kept.has_profile() && slot_now() >= header.next_slot;
        if (!s.slot_due) return;
        if (header.next_slot != 0 && slot_now() > header.next_slot) raise(Trigger::slot_missed);
        s.slot_dose = slot_dose(rate_at(s.kept.profile, s.tick.second_of_day, s.tick.clock_ok), header.remainder);
    }

    void start_firmware_side() noexcept {
        if (!s.reset_pulled || !s.reset_done || now() < s.hold_until) return;
        s.reset_pulled = s.reset_done = false;
        s.boot_up = true;
        std::array<std::uint8_t, 8> generation{};
        codec::Writer{generation}(header.generation);
        s.nonce = sha256(s.kept.identity.nonce_secret, generation);
        write_header_if_changed();
        out.add(hal::Challenge{s.nonce});
        out.add(hal::BootStart{header.generation, s.kept.profile_digest, s.kept.identity.device, network_isolated(s)});
    }

    void ask_firmware() noexcept {
        if (!s.firmware_up) return finish_tick();
        s.waiting = Waiting::firmware;
        s.frames = 0;
        out.add(hal::FirmwareTick{now(), s.tick.second_of_day, s.tick.clock_ok, s.mode, s.gateway, s.slot_due,
                                  s.tick.motor, header.target, ring.newest, s.alarms, s.tick.sensors});
    }

    void finish_tick() noexcept {
        if (s.slot_due) serve_from_profile();
        show();
        write_header_if_changed();
        Tick next{(slot_now() + 1ULL) * hal::basal_slot_s};
        const auto no_later = [&](bool wanted, Tick when) {
            if (wanted) next = std::min(next, std::max(when, now() + 1));
        };
        no_later(s.firmware_up, s.firmware_wish);
        no_later(s.reset_pulled, s.hold_until);
        no_later(s.pressed, now() + 1);
        no_later(s.quiet_until > now(), s.quiet_until);
        s.waiting = Waiting::board;
        s.ticking = false;
        out.add(hal::Done{now(), next});
    }

    // ---- insulin ----

    hal::DoseVerdict judge(const hal::DoseRequest& ask) const noexcept {
        const bool basal = ask.kind == hal::DoseKind::basal;
        if (s.mode != hal::Mode::normal) return hal::DoseVerdict::wrong_mode;
        if (s.waiting != Waiting::firmware) return hal::DoseVerdict::not_due;
        if (basal && !s.slot_due)
            return now().seconds % hal::basal_slot_s == 0 ? hal::DoseVerdict::twice_in_slot : hal::DoseVerdict::not_due;
        if (basal && ask.amount == 0_mU) return hal::DoseVerdict::accepted;
        const auto verdict = allow({ask.amount, basal ? s.slot_dose.amount : 0_mU, !basal}, s.kept.profile.limits,
                                   delivered(ring, now()));
        return verdict == hal::DoseVerdict::accepted && s.motor_behind ? hal::DoseVerdict::motor_behind : verdict;
    }

    // The profile is held against the limits too: after much insulin even the programmed rate waits.
    void serve_from_profile() noexcept {
        MilliUnits amount = s.mode == hal::Mode::stopped ? 0_mU : s.slot_dose.amount;
        const bool held_back = amount > 0_mU && allow({amount, amount, false}, s.kept.profile.limits,
                                                      delivered(ring, now())) != hal::DoseVerdict::accepted;
        condition(Trigger::delivery_limited, held_back);
        give(held_back ? 0_mU : amount, hal::DoseSource::profile);
    }

    /// Writes a dose down, then moves the motor: cut between the two, the restart sends the same target again.
    void give(MilliUnits amount, hal::DoseSource source) noexcept {
        SlotDetail detail;
        if (source != hal::DoseSource::firmware_bolus) {
            detail = {slot_now(), s.slot_dose.amount, s.slot_dose.remainder, 0};
            s.slot_due = false;
        }
        if (s.tick.motor >= header.target) {
            s.moving_since = now();
            s.moving_from = s.tick.motor;
        }
        hal::RingEntry entry = entry_of(hal::RingKind::dose, std::to_underlying(source), as_detail(detail));
        entry.amount = amount;
        entry.target = header.target + amount;
        append(entry);
        if (amount > 0_mU) move_motor();
    }

    /// The motor is not where it was sent, and will not go there: what it did is what counts from now on.
    void correct() noexcept {
        const auto off =
            std::clamp<std::int64_t>(s.tick.motor.milli_units - header.target.milli_units, INT32_MIN, INT32_MAX);
        const CorrectionDetail detail{oldest_unfinished(ring, s.tick.motor, now()), 0};
        hal::RingEntry entry = entry_of(hal::RingKind::correction, 0, as_detail(detail));
        entry.amount = {static_cast<std::int32_t>(off)};
        entry.target = s.tick.motor;
        if (off != 0) note_event(entry, corrections_a_day);
        header.target = s.tick.motor;
        move_motor();
    }

    void move_motor() noexcept { out.add(hal::MotorMove{header.target}); }

    // ---- the firmware side ----

    void lose(hal::Side side) noexcept {
        const bool up = side == hal::Side::boot ? s.boot_up : s.firmware_up;
        if (!up) return;
        raise(Trigger::firmware_lost);
        header.lost = {now(), header.lost[0], header.lost[1]};
        const bool third_in_an_hour = header.lost[2] > Tick{} && header.lost[2] + an_hour_s > now();
        if (side == hal::Side::boot && !s.boot_reported && ++header.boot_tries >= most_boot_tries)
            raise(Trigger::boot_failed);
        if (third_in_an_hour) raise(Trigger::network_isolated);
        pull_reset(third_in_an_hour ? crash_loop_hold_s : reset_hold_s);
        if (s.ticking) finish_tick();
    }

    void pull_reset(std::uint64_t hold_s) noexcept {
        s.reset_pulled = true;
        s.reset_done = s.boot_up = s.boot_reported = s.firmware_up = s.accepted = s.share_given = false;
        s.proofs = 0;
        s.gateway = hal::GatewayState::down;
        s.hold_until = now() + hold_s;
        ++header.generation;
        header_changed();
        change_mode(ModeEvent::reset);
        write_header_if_changed();
        out.add(hal::PullReset{});
    }

    // ---- alarms and mode ----

    void raise(Trigger trigger) noexcept {
        const AlarmRow& row = row_of(trigger);
        const bool news = (s.alarms & bit_of(trigger)) == 0;
        s.raised[std::to_underlying(trigger)] = now();
        s.alarms |= bit_of(trigger);
        if (!news) return;
        if (row.shown == Shown::latched) {
            header.latched |= bit_of(trigger);
            header_changed();
        }
        if (s.ticked)
            log(row);
        else
            s.unlogged |= bit_of(trigger);
        respond(row);
    }

    void condition(Trigger trigger, bool holds) noexcept {
        if (holds)
            raise(trigger);
        else if (row_of(trigger).shown == Shown::while_true)
            s.alarms &= ~bit_of(trigger);
    }

    void end_old_alarms() noexcept {
        for (const AlarmRow& row : alarm_rows)
            if (row.shown == Shown::an_hour && s.raised[std::to_underlying(row.trigger)] + an_hour_s <= now())
                s.alarms &= ~bit_of(row.trigger);
    }

    void respond_to_latched() noexcept {
        s.alarms |= header.latched;
        for (const AlarmRow& row : alarm_rows)
            if ((s.alarms & bit_of(row.trigger)) != 0) respond(row);
    }

    void respond(const AlarmRow& row) noexcept {
        switch (row.response) {
            case Response::alert:
            case Response::isolate_network:
                return;  // the line follows from the latch: network_isolated()
            case Response::failsafe:
                return change_mode(ModeEvent::integrity);
            case Response::stop:
                return change_mode(ModeEvent::stop);
        }
    }

    void change_mode(ModeEvent event) noexcept {
        const hal::Mode next = next_mode(s.mode, event);
        if (next == s.mode) return;
        s.mode = next;
        if (!s.ticked) return;
        note_event(entry_of(hal::RingKind::mode, std::to_underlying(next), {}), events_a_day);
        if (next == hal::Mode::stopped && s.kept.provisioned) correct();  // halts the motor where it stands
    }

    /// Light and sound. Nothing silences a pump that gives nothing.
    void show() noexcept {
        hal::Signals signals{.mode = s.mode, .network_isolated = network_isolated(s), .alarms = s.alarms};
        const std::uint64_t quiet = now() < s.quiet_until && s.mode != hal::Mode::stopped ? s.quiet : 0;
        for (const AlarmRow& row : alarm_rows) {
            if ((s.alarms & bit_of(row.trigger)) == 0) continue;
            signals.light = std::max(signals.light, row.priority);
            if (row.priority > hal::Priority::low && (quiet & bit_of(row.trigger)) == 0)
                signals.sound = std::max(signals.sound, row.priority);
        }
        if (s.ticked && same(signals, s.shown)) return;
        s.shown = signals;
        out.add(signals);
    }
    static bool same(const hal::Signals& a, const hal::Signals& b) noexcept {
        return a.mode == b.mode && a.light == b.light && a.sound == b.sound &&
               a.network_isolated == b.network_isolated && a.alarms == b.alarms;
    }

    // ---- the ring ----

    static hal::RingEntry entry_of(hal::RingKind kind, std::uint8_t code,
                                   const std::array<std::uint8_t, 12>& detail) noexcept {
        hal::RingEntry entry;
        entry.kind = kind;
        entry.code = code;
        entry.detail = detail;
        return entry;
    }

    void log(const AlarmRow& row) noexcept {
        const bool always = row.shown == Shown::latched && row.trigger != Trigger::delivery_stopped;
        note_event(entry_of(hal::RingKind::trigger, std::to_underlying(row.trigger), {}),
                   always ? latched_events_a_day : events_a_day);
    }
    void note_event(const hal::RingEntry& entry, std::uint32_t most_a_day) noexcept {
        if (events_of_the_day(ring, now()) < most_a_day) append(entry);
    }
    void append(hal::RingEntry entry) noexcept {
        if (!s.kept.provisioned) return;
        entry.seq = ++ring.newest;
        entry.tick = now();
        ring.at(entry.seq) = entry;
        note(entry, header);
        header.ring_newest = entry.seq;
        out.add(WriteEntry{entry.seq});
    }

    State& s;
    Header& header;
    Ring& ring;
    Effects& out;
};

template <class T>
constexpr bool from_firmware =
    std::is_same_v<T, hal::Proof> || std::is_same_v<T, hal::ShareRequest> || std::is_same_v<T, hal::DoseRequest> ||
    std::is_same_v<T, hal::RingRequest> || std::is_same_v<T, hal::FindingReport> || std::is_same_v<T, hal::SlotEnd>;
}  // namespace

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
